import type { WebhookField } from '../webhook-type.js'

/** The characters of a bearer token that HTTP allows unquoted, as a regular expression. */
export const TOKEN = '^[!-~]+$'

/** The URL that is called. */
export const url: WebhookField = {
  name: 'url',
  label: 'URL',
  type: 'url',
  required: true,
  description: 'Where to call. It must be reachable from the server, and lie on the internet.',
  placeholder: 'https://agents.example.com/launch',
  validation_regex: '^[hH][tT][tT][pP][sS]?://',
}

/** The credential that the receiver asks for. */
export const apiKey: WebhookField = {
  name: 'api_key',
  label: 'API key',
  type: 'password',
  description: 'Sent as `Authorization: Bearer …`.',
  validation_regex: TOKEN,
  is_secret: true,
}

/** The first message of the run. Every type has it. */
export const prompt: WebhookField = {
  name: 'prompt',
  label: 'Prompt',
  type: 'text',
  required: true,
  description: 'What the agent is to do.',
  placeholder: 'Find out why the nightly build fails',
}

/** The title of the run. */
export const title: WebhookField = {
  name: 'name',
  label: 'Name',
  type: 'string',
  description: 'The title of the run.',
  placeholder: 'Nightly build',
}

/** @returns the header that carries a token; none without one */
export function bearer(token: string | undefined): Record<string, string> {
  return token ? { authorization: `Bearer ${token}` } : {}
}
