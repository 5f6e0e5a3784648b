import { customHeaders } from './headers.js'

/** A field of a form, and the rules for its value. Values are text. */
export interface WebhookField {
  readonly name: string
  readonly label: string
  readonly type: 'string' | 'text' | 'url' | 'password' | 'select' | 'json'
  readonly description: string
  readonly required?: boolean
  readonly placeholder?: string
  readonly default?: string
  readonly options?: readonly string[]
  readonly validation_regex?: string
  /** Encrypted at rest, and shown masked. */
  readonly is_secret?: boolean
  /** Encrypted at rest, but shown: it may hold secrets. */
  readonly isSealed?: boolean
  /** Finds fault with a value beyond the pattern. @returns what is wrong with it, to be read after its name */
  readonly check?: (value: string) => string | undefined
}

/** What a run is launched with. */
export interface LaunchRequest {
  readonly instanceId: string
  readonly agentType: string
  /** The key that the agent reports with. */
  readonly apiKey: string
  /** The fields of `webhook_config`, secrets included. */
  readonly config: Readonly<Record<string, string>>
  /** The runtime fields of the type. */
  readonly fields: Readonly<Record<string, string>>
  /** Whatever else the launch was given. */
  readonly others: Readonly<Record<string, unknown>>
  readonly githubApiUrl: string
}

/** What is posted, as JSON. */
export interface WebhookCall {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
}

export interface WebhookType {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly icon: string
  readonly build_fields: readonly WebhookField[]
  readonly runtime_fields: readonly WebhookField[]
  call(launch: LaunchRequest): WebhookCall
}

/** What HTTP lets a bearer token be without quoting. */
const TOKEN = '^[!-~]+$'

const url: WebhookField = {
  name: 'url',
  label: 'URL',
  type: 'url',
  required: true,
  description: 'Where to call. It must be reachable from the server, and lie on the internet.',
  placeholder: 'https://agents.example.com/launch',
  validation_regex: '^[hH][tT][tT][pP][sS]?://',
  isSealed: true,
}

const apiKey: WebhookField = {
  name: 'api_key',
  label: 'API key',
  type: 'password',
  description: 'Sent as `Authorization: Bearer …`.',
  validation_regex: TOKEN,
  is_secret: true,
}

const prompt: WebhookField = {
  name: 'prompt',
  label: 'Prompt',
  type: 'text',
  required: true,
  description: 'What the agent is to do.',
  placeholder: 'Find out why the nightly build fails',
}

const title: WebhookField = {
  name: 'name',
  label: 'Name',
  type: 'string',
  description: 'The title of the run.',
  placeholder: 'Nightly build',
}

const DEFAULT: WebhookType = {
  id: 'DEFAULT',
  name: 'Webhook',
  description: 'Posts to any URL. What listens there starts the agent.',
  icon: 'webhook',
  build_fields: [
    url,
    apiKey,
    {
      name: 'custom_headers',
      label: 'Custom headers',
      type: 'json',
      description: 'A JSON object of further headers.',
      placeholder: '{"X-Team": "platform"}',
      isSealed: true,
      check: (value) => {
        const headers = customHeaders(value)
        return typeof headers === 'string' ? headers : undefined
      },
    },
  ],
  runtime_fields: [prompt, title],
  call: ({ config, fields, others, instanceId, agentType, apiKey }) => {
    const headers = customHeaders(config['custom_headers'] ?? '{}')
    return {
      url: config['url'] ?? '',
      headers: { ...(typeof headers === 'string' ? {} : headers), ...bearer(config['api_key']) },
      body: { ...others, ...fields, agent_instance_id: instanceId, agent_type: agentType, omnara_api_key: apiKey },
    }
  },
}

/** What `omnara serve` takes: names of branches and folders, and nothing that it does not know. */
const BRANCH = '^[a-zA-Z0-9-]{1,50}$'

const OMNARA_SERVE: WebhookType = {
  id: 'OMNARA_SERVE',
  name: 'omnara serve',
  description: 'Posts to `omnara serve`, which starts Claude Code in a worktree of the repository that it runs in.',
  icon: 'terminal',
  build_fields: [url, { ...apiKey, description: 'The secret that `omnara serve` printed when it started.' }],
  runtime_fields: [
    prompt,
    {
      name: 'worktree_name',
      label: 'Worktree',
      type: 'string',
      description: 'The worktree to run in, made if it is new; `main` is the checkout itself. Left out: a new one.',
      placeholder: 'fix-login',
      validation_regex: '^[a-zA-Z0-9-]{1,100}$',
    },
    {
      name: 'branch_name',
      label: 'Branch',
      type: 'string',
      description: 'The branch to work on, made if it is new.',
      placeholder: 'fix-login',
      validation_regex: BRANCH,
    },
  ],
  // Published versions read the branch from `name`, and take there what the field takes.
  call: ({ config, fields, instanceId, agentType, apiKey }) => ({
    url: config['url'] ?? '',
    headers: { ...bearer(config['api_key']), 'x-omnara-api-key': apiKey },
    body: {
      agent_instance_id: instanceId,
      agent_type: agentType,
      ...fields,
      ...(fields['branch_name'] ? { name: fields['branch_name'] } : {}),
    },
  }),
}

const GITHUB: WebhookType = {
  id: 'GITHUB',
  name: 'GitHub Actions',
  description: 'Sends a `repository_dispatch` event, on which a workflow of the repository starts the agent.',
  icon: 'github',
  build_fields: [
    {
      name: 'repository',
      label: 'Repository',
      type: 'string',
      required: true,
      description: 'Owner and name.',
      placeholder: 'octo-org/octo-repo',
      validation_regex: '^[A-Za-z0-9_-]+/(?!\\.{1,2}$)[A-Za-z0-9_.-]+$',
    },
    {
      name: 'github_token',
      label: 'GitHub token',
      type: 'password',
      required: true,
      description: 'A token that may write the contents of the repository.',
      placeholder: 'github_pat_…',
      validation_regex: TOKEN,
      is_secret: true,
    },
    {
      name: 'event_type',
      label: 'Event type',
      type: 'string',
      description: 'What the workflow listens for.',
      default: 'omnara-trigger',
      validation_regex: '^[^\\s]{1,100}$',
    },
  ],
  runtime_fields: [prompt, title],
  call: ({ config, fields, instanceId, agentType, apiKey, githubApiUrl }) => ({
    url: `${githubApiUrl.replace(/\/+$/, '')}/repos/${config['repository']}/dispatches`,
    headers: {
      ...bearer(config['github_token']),
      accept: 'application/vnd.github+json',
      'x-github-api-version': '2022-11-28',
    },
    body: {
      event_type: config['event_type'],
      client_payload: {
        ...fields,
        agent_instance_id: instanceId,
        agent_type: agentType,
        omnara_api_key: apiKey,
      },
    },
  }),
}

/** Every way to launch agents. A new one is a new entry. */
export const webhookTypes: readonly WebhookType[] = [DEFAULT, OMNARA_SERVE, GITHUB]

export function findWebhookType(id: string): WebhookType | undefined {
  return webhookTypes.find((type) => type.id === id)
}

/** @returns the types as forms are made from them */
export function describeWebhookTypes() {
  return webhookTypes.map(({ build_fields, runtime_fields, call: _, ...type }) => ({
    ...type,
    build_fields: build_fields.map(describeField),
    runtime_fields: runtime_fields.map(describeField),
  }))
}

function describeField({ check: _, isSealed: __, options, ...field }: WebhookField) {
  return {
    required: false,
    placeholder: null,
    default: null,
    options: options ? [...options] : null,
    validation_regex: null,
    is_secret: false,
    ...field,
  }
}

function bearer(token: string | undefined): Record<string, string> {
  return token ? { authorization: `Bearer ${token}` } : {}
}
