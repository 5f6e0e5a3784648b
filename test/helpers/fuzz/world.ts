import { randomUUID } from 'node:crypto'
import { decodeJwt } from 'jose'
import { PASSWORD, type TestService } from '../app.js'
import { claims, sign } from '../tokens.js'

/**
 * An account with an object of each kind. Requests are generated before it exists, so they refer to its objects by
 * placeholders; a counterexample then reads the same for every account.
 */
export interface World {
  /** Values by placeholder. */
  readonly values: ReadonlyMap<string, string>
}

const IDS = ['user', 'run', 'step', 'answer', 'agent type', 'key', 'session', 'webhook', 'delivery'] as const

export const ID_PLACEHOLDERS = IDS.map((name) => placeholder(name))

/** Credentials, valid and invalid, as values of `Authorization`; undefined for none. */
export const CREDENTIALS = {
  person: `Bearer ${placeholder('access token')}`,
  agent: `Bearer ${placeholder('api key')}`,
  writer: `Bearer ${placeholder('agent-only key')}`,
  expired: `Bearer ${placeholder('expired token')}`,
  unsigned: `Bearer ${placeholder('unsigned token')}`,
  ghost: `Bearer ${placeholder('token of nobody')}`,
  odd: `Bearer ${placeholder('token with an odd subject')}`,
} as const

export const COOKIE_PLACEHOLDER = placeholder('refresh cookie')

/** The objects of the account that requests refer to, by the name of the field. */
const FIELDS: Readonly<Record<string, string>> = {
  email: placeholder('email'),
  password: placeholder('password'),
  current_password: placeholder('password'),
  agent_instance_id: placeholder('run'),
  agent_type_id: placeholder('agent type'),
  message_id: placeholder('step'),
  before_message_id: placeholder('answer'),
  last_read_message_id: placeholder('step'),
  delivery_id: placeholder('delivery'),
  url: placeholder('url'),
}

/** The value of a field that refers to the account. An `id` refers to the object of the path. */
export function placeholderFor(field: string, path: string): string | undefined {
  if (field !== 'id') return FIELDS[field]
  if (path.includes('instances/{id}')) return placeholder('run')
  if (path.includes('api-keys')) return placeholder('key')
  if (path.includes('/sessions/{id}')) return placeholder('session')
  if (path.includes('/webhooks/')) return placeholder('webhook')
  return placeholder(path.includes('user-agents') || path.includes('agent-types') ? 'agent type' : 'user')
}

function placeholder(name: string): string {
  return `{{${name}}}`
}

/** Replaces placeholders in a request by the account's values. */
export function fill(world: World, text: string): string {
  return text.replaceAll(/\{\{[a-z -]+\}\}/g, (name) => world.values.get(name) ?? name)
}

export async function newWorld({ request }: TestService): Promise<World> {
  const email = `${randomUUID()}@example.com`
  const registered = await request('POST', '/api/v1/auth/register', { body: { email, password: PASSWORD } })
  const { access_token: token, user } = registered.body
  const call = (path: string, body: object, as = token) =>
    request('POST', `/api/v1${path}`, { token: as, body }).then((answer) => answer.body)
  const key = await call('/auth/api-keys', { name: 'acting', scopes: ['agent', 'read'] })
  const writer = await call('/auth/api-keys', { name: 'writing' })
  const spare = await call('/auth/api-keys', { name: 'to be revoked' })
  const run = randomUUID()
  const step = await call(
    '/messages/agent',
    { agent_instance_id: run, agent_type: 'fuzzed', content: 'a step' },
    key.api_key,
  )
  const answer = await call(`/agent-instances/${run}/messages`, { content: 'an answer' })
  const types = await request('GET', '/api/v1/agent-types', { token })
  const webhook = await call('/webhooks', { url: 'https://receiver.example/', events: ['ping'] })
  const delivery = await call(`/webhooks/${webhook.id}/test`, {})
  const cookie = registered.raw.cookies[0]
  const holder = { id: user.id, sessionId: String(decodeJwt(token)['sid']) }
  const values = {
    user: user.id,
    run,
    step: step.message_id,
    answer: answer.id,
    'agent type': types.body[0].id,
    key: spare.id,
    session: holder.sessionId,
    webhook: webhook.id,
    delivery: delivery.id,
    url: 'https://receiver.example/',
    email,
    password: PASSWORD,
    'access token': token,
    'api key': key.api_key,
    'agent-only key': writer.api_key,
    'expired token': sign(claims(holder, { exp: 1 })),
    'unsigned token': sign(claims(holder), { alg: 'none' }),
    'token of nobody': sign(claims(randomUUID())),
    'token with an odd subject': sign(claims('not an id')),
    'refresh cookie': `${cookie?.name}=${cookie?.value}`,
  }
  return { values: new Map(Object.entries(values).map(([name, value]) => [placeholder(name), value])) }
}
