import type { WebhookDefinition } from '../webhook-type.js'
import { DEFAULT } from './default.js'
import { GITHUB } from './github.js'
import { OMNARA_SERVE } from './omnara-serve.js'

/** Every way to launch agents, in the order in which they are offered. A new one is a file in this folder and an entry here. */
export const definitions: readonly WebhookDefinition[] = [DEFAULT, OMNARA_SERVE, GITHUB]

/** Names of the fields, of all types, whose values must not be logged. URLs are recognized by their form. */
export const secretFieldNames: readonly string[] = definitions
  .flatMap(({ build_fields, runtime_fields }) => [...build_fields, ...runtime_fields])
  .filter(({ is_secret, mayHoldSecrets }) => is_secret || mayHoldSecrets)
  .map(({ name }) => name)
