/** A field of a form, and the rules for its value. Values are text. */
export interface WebhookField {
  readonly name: string
  readonly label: string
  /** The kind of input. A `url` may be called: the policy for outgoing calls checks it, and it is encrypted at rest. */
  readonly type: 'string' | 'text' | 'url' | 'password' | 'select' | 'json'
  readonly description: string
  readonly required?: boolean
  readonly placeholder?: string
  readonly default?: string
  readonly options?: readonly string[]
  readonly validation_regex?: string
  /** Encrypted at rest, shown masked, and cut out of logs. */
  readonly is_secret?: boolean
  /** Encrypted at rest and cut out of logs, but shown to its user. */
  readonly mayHoldSecrets?: boolean
  /** Validates a value beyond the pattern. @returns the error, to be read after the field's name */
  readonly check?: (value: string) => string | undefined
}

/** The input of a launch. */
export interface LaunchRequest {
  readonly instanceId: string
  readonly agentType: string
  /** The key that the agent reports with. */
  readonly apiKey: string
  /** The fields of `webhook_config`, secrets included. */
  readonly config: Readonly<Record<string, string>>
  /** The runtime fields of the type. */
  readonly fields: Readonly<Record<string, string>>
  /** Other values given to the launch. */
  readonly others: Readonly<Record<string, unknown>>
}

/** The webhook call, posted as JSON. */
export interface WebhookCall {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
}

/** A way to launch agents, as forms are made from it. */
interface WebhookDescription {
  /** The value of `webhook_type`. */
  readonly id: string
  readonly name: string
  readonly description: string
  /** The name of an icon. */
  readonly icon: string
  /** What `webhook_config` holds. */
  readonly build_fields: readonly WebhookField[]
  /** What a launch is given. */
  readonly runtime_fields: readonly WebhookField[]
}

/** A way to launch agents that is ready for use. */
export interface WebhookType extends WebhookDescription {
  /** Makes the call that launches a run. */
  call(launch: LaunchRequest): WebhookCall
}

/** Settings of the service that webhook types are built with. */
export interface LaunchSettings {
  /** Base URL of GitHub's API. */
  readonly githubApiUrl: string
}

/** A way to launch agents, before it is built with the settings. */
export interface WebhookDefinition extends WebhookDescription {
  /** Takes the settings that the type needs. @returns what makes its calls */
  build(settings: LaunchSettings): WebhookType['call']
}

/** Whether a field is encrypted at rest. */
export function isSealed({ type, is_secret, mayHoldSecrets }: WebhookField): boolean {
  return is_secret === true || mayHoldSecrets === true || type === 'url'
}
