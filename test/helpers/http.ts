import { randomUUID } from 'node:crypto'
import type { Test } from 'tap'
import { PASSWORD } from './app.js'
import { eventually } from './wait-timeout.js'

/** A response, with its body parsed. */
export interface HttpAnswer {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: what a body holds is what the tests assert
  readonly body: any
  readonly headers: Headers
}

/** An account of a listening service, with a key for one agent. */
export interface Account {
  readonly token: string
  readonly key: string
  /** Calls as the person. Paths are below /api/v1. */
  readonly person: HttpCall
  readonly agent: HttpCall
  /** The same account, through another process of the service. */
  at(url: string): Account
}

export type HttpCall = (method: string, path: string, body?: unknown) => Promise<HttpAnswer>

export async function http(url: string, method: string, token?: string, body?: unknown): Promise<HttpAnswer> {
  const response = await fetch(url, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const isJson = /json/.test(response.headers.get('content-type') ?? '')
  return {
    status: response.status,
    body: isJson ? await response.json() : await response.text(),
    headers: response.headers,
  }
}

export async function newAccount(url: string): Promise<Account> {
  const credentials = { email: `${randomUUID()}@example.com`, password: PASSWORD }
  const { access_token: token } = (await http(`${url}/api/v1/auth/register`, 'POST', undefined, credentials)).body
  const { api_key: key } = (await http(`${url}/api/v1/auth/api-keys`, 'POST', token, { name: 'test' })).body
  return accountAt(url, token, key)
}

function accountAt(url: string, token: string, key: string): Account {
  const as =
    (credential: string): HttpCall =>
    (method, path, body) =>
      http(`${url}/api/v1${path}`, method, credential, body)
  return { token, key, person: as(token), agent: as(key), at: (other) => accountAt(other, token, key) }
}

/** The body of an agent's post. */
export function step(agent_instance_id: string, content = 'a step') {
  return { agent_instance_id, agent_type: 'tester', content }
}

/** A live view that is being read. */
export interface LiveView {
  readonly text: () => string
  readonly isOpen: () => boolean
  /** Waits until this was received. */
  received(pattern: RegExp): Promise<boolean>
  ended(): Promise<boolean>
}

export async function openLiveView(t: Test, url: string, { token }: Account, instanceId: string): Promise<LiveView> {
  const abort = new AbortController()
  t.teardown(() => abort.abort())
  const response = await fetch(`${url}/api/v1/agent-instances/${instanceId}/messages/stream`, {
    headers: { authorization: `Bearer ${token}` },
    signal: abort.signal,
  })
  if (response.status !== 200 || !response.body) throw new Error(`no live view: ${response.status}`)
  const chunks = response.body.pipeThrough(new TextDecoderStream())
  let text = ''
  let open = true
  const read = async () => {
    for await (const chunk of chunks) text += chunk
  }
  read()
    .catch(() => {})
    .finally(() => {
      open = false
    })
  return {
    text: () => text,
    isOpen: () => open,
    received: (pattern) => eventually(async () => pattern.test(text)),
    ended: () => eventually(async () => !open),
  }
}
