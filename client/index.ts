import createClient, { type Client } from 'openapi-fetch'
import { authorizing, type Fetch, type TokenSource } from './credentials.js'
import type { paths } from './generated/openapi.js'
import type { Methods } from './methods.js'
import { withProblem } from './problem.js'
import { defaultFetch } from './session.js'

export { type AskOptions, ask, type Question, type Reply } from './ask.js'
export type { Fetch, TokenSource } from './credentials.js'
export type { components, operations, paths } from './generated/openapi.js'
export { items, nextPage, type PageStart, pages } from './pages.js'
export { type Answer, SignalboxError, unwrap } from './problem.js'
export { type CookieSession, type CookieSessionOptions, cookieSession } from './session.js'
export {
  type AccountEvent,
  type InstanceEvent,
  type StreamOptions,
  type StreamState,
  streamEvents,
  streamMessages,
} from './stream.js'
export type * from './types.js'

/** Where the service is, and what to call it with. */
export interface SignalboxClientOptions {
  /** Where the service is, without `/api/v1`. In a browser, an empty string means the origin of the page. */
  readonly baseUrl: string
  /** An API key, or where to get a person's access token. Requests go without credentials if it is left out. */
  readonly token?: string | TokenSource | undefined
  /** Sends the requests, instead of the global `fetch`. */
  readonly fetch?: Fetch | undefined
  /** Whether cookies go along. By default they do, also to another origin: signing in sets the refresh cookie. */
  readonly credentials?: RequestCredentials | undefined
}

/** Calls the service. Paths, parameters, bodies and answers are those of its OpenAPI contract. */
export interface SignalboxClient extends Methods, Pick<Client<paths>, 'use' | 'eject'> {}

/**
 * Makes a client. Its methods resolve to `{ data, error, response }`: `data` on success, otherwise `error`, a `Problem`. They
 * reject when there is no answer at all. `unwrap` turns errors into exceptions.
 */
export function createSignalboxClient(options: SignalboxClientOptions): SignalboxClient
// The runtime object is openapi-fetch's client; its methods have the types above beside their own.
export function createSignalboxClient(options: SignalboxClientOptions): Client<paths> {
  const { baseUrl, token, fetch = defaultFetch, credentials = 'include' } = options
  const send = token === undefined ? fetch : authorizing(fetch, token)
  const client = createClient<paths>({ baseUrl, credentials, fetch: send })
  client.use({ onResponse: ({ response }) => withProblem(response) })
  return client
}
