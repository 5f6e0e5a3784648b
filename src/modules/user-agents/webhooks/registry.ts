import type { LaunchSettings, WebhookDefinition, WebhookField, WebhookType } from './webhook-type.js'

/** The ways to launch agents on this server. */
export class WebhookTypes {
  readonly #types: ReadonlyMap<string, WebhookType>

  /** @param settings what the definitions are built with */
  constructor(definitions: readonly WebhookDefinition[], settings: LaunchSettings) {
    this.#types = new Map(
      definitions.map(({ build, ...description }) => [
        description.id,
        { ...description, call: build(settings) } satisfies WebhookType,
      ]),
    )
  }

  /** Their ids, in the order in which they are offered. */
  get ids(): string[] {
    return [...this.#types.keys()]
  }

  /** @returns the type with this id; undefined when there is none */
  find(id: string): WebhookType | undefined {
    return this.#types.get(id)
  }

  /** @returns the types as forms are made from them */
  describe() {
    return [...this.#types.values()].map(({ build_fields, runtime_fields, call: _, ...type }) => ({
      ...type,
      build_fields: build_fields.map(describeField),
      runtime_fields: runtime_fields.map(describeField),
    }))
  }
}

function describeField({ check: _, mayHoldSecrets: __, options, ...field }: WebhookField) {
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
