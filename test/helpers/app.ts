import type { InjectOptions, LightMyRequestResponse } from 'fastify'
import { decodeJwt } from 'jose'
import { pino } from 'pino'
import type { Test } from 'tap'
import { Database } from '../../db/client.js'
import { buildApp, type Dependencies } from '../../src/app.js'
import type { PressureLimits } from '../../src/plugins/load-shedding.js'
import type { Services } from '../../src/services.js'
import { cloneDatabase, type TestDatabase } from './database.js'
import { SecretWatch } from './secret-watch.js'

export const JWT_SECRET = 'a secret that only the tests sign with, long enough'

export const SECRETS_KEY = Buffer.from('a key that only the tests sealed with'.slice(0, 32))

export type App = Awaited<ReturnType<typeof buildApp>>['app']

export interface TestService {
  readonly app: App
  /** The services behind its routes. */
  readonly services: Services
  readonly database: Database
  readonly testDatabase: TestDatabase
  /** Every line that the service logged. */
  readonly logged: string[]
  /** Secrets that the log must not contain; tests that send requests of their own add theirs. */
  readonly secrets: SecretWatch
  /** Sends a request without credentials. */
  request(method: Method, path: string, options?: RequestOptions): Promise<Answer>
  /** Registers a new account and returns a client for it. */
  newUser(email?: string): Promise<TestUser>
}

type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS'

export interface RequestOptions {
  readonly body?: unknown
  readonly query?: Record<string, string>
  readonly headers?: Record<string, string>
  readonly token?: string
}

/** A response, with its body parsed. */
export interface Answer {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: what a body holds is what the tests assert
  readonly body: any
  readonly headers: LightMyRequestResponse['headers']
  readonly raw: LightMyRequestResponse
}

export type Call = (method: Method, path: string, body?: unknown, options?: RequestOptions) => Promise<Answer>

export interface TestUser {
  readonly id: string
  readonly email: string
  readonly password: string
  readonly token: string
  /** The session that the token belongs to. */
  readonly sessionId: string
  /** Calls with the access token. Paths are below /api/v1. */
  readonly call: Call
  /** Mints an API key. */
  newKey(scopes?: string[]): Promise<string>
  /** Mints a key and returns a client with it. */
  newAgent(scopes?: string[]): Promise<Call>
}

interface Build extends Pick<Dependencies, 'timeouts' | 'pressure' | 'budgets' | 'events' | 'outgoing' | 'webhooks'> {
  readonly poolMax?: number
  readonly secretsKeys?: readonly Buffer[]
}

/** No request may be refused because the machine is busy, with other tests too. */
const noPressure: PressureLimits = {
  eventLoopDelay: Number.POSITIVE_INFINITY,
  heapUsed: Number.MAX_SAFE_INTEGER,
  rss: Number.MAX_SAFE_INTEGER,
}

/** Tests send more requests than users do. */
const usual = {
  REGISTRATION: 'open',
  LOCAL_ACCOUNTS: 'on',
  LEGACY_SIGN_IN: 'off',
  RATE_LIMIT_MAX: 0,
  RATE_LIMIT_ANONYMOUS_MAX: 0,
  RATE_LIMIT_AUTH_MAX: 0,
  RATE_LIMIT_STORE: 'memory',
  ACCOUNT_QUOTA_BYTES: 20 * 1024 ** 3,
  HEARTBEAT_TIMEOUT: 120,
  SILENCE_TIMEOUT: 86_400,
  WEBHOOK_TIMEOUT_MS: 30_000,
  GITHUB_API_URL: 'https://api.github.com',
} as const

export const PASSWORD = 'correct horse battery staple'

/**
 * The service on a database of its own. Everything is closed when the test ends; the test fails if the log contains one of the
 * secrets that it used through `request`.
 */
export async function startService(
  t: Test,
  overrides: Partial<Dependencies['config']> = {},
  build: Build = {},
): Promise<TestService> {
  const testDatabase = await cloneDatabase()
  // Teardowns run last to first: this one runs once the service is closed.
  t.teardown(() => testDatabase.drop())
  return startOn(t, testDatabase, overrides, build)
}

/** Another process of the service on the same database. */
export async function startOn(
  t: Test,
  testDatabase: TestDatabase,
  overrides: Partial<Dependencies['config']> = {},
  { poolMax = 8, secretsKeys = [SECRETS_KEY], pressure = noPressure, ...constants }: Build = {},
): Promise<TestService> {
  const logged: string[] = []
  const secrets = new SecretWatch([JWT_SECRET, new URL(testDatabase.serviceUrl).searchParams.get('password') ?? ''])
  const database = new Database({ url: testDatabase.serviceUrl, poolMax })
  const { app, services } = await buildApp({
    config: { ...usual, ...overrides },
    database,
    jwtSecret: JWT_SECRET,
    secretsKeys,
    // Without the service's redaction: the test is that there is nothing to redact.
    logger: pino({ level: 'trace' }, { write: (line) => logged.push(line) }),
    pressure,
    ...constants,
  })
  await app.ready()
  t.teardown(async () => {
    await app.close()
    await database.close()
    secrets.mustNotBeIn(logged)
  })
  const service = { app, services, database, testDatabase, logged, secrets, request, newUser }
  return service

  async function request(method: Method, path: string, options: RequestOptions = {}): Promise<Answer> {
    const { body, query, headers = {}, token } = options
    const inject: InjectOptions = {
      method,
      url: path,
      headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...headers },
      ...(query ? { query } : {}),
      ...(body === undefined ? {} : { payload: body as NonNullable<InjectOptions['payload']> }),
    }
    const answer = asAnswer(await app.inject(inject))
    secrets.note({ body, token, headers, query }, answer)
    return answer
  }

  async function newUser(email = `user-${Math.random().toString(36).slice(2)}@example.com`): Promise<TestUser> {
    const registered = await request('POST', '/api/v1/auth/register', { body: { email, password: PASSWORD } })
    if (registered.status !== 201) throw new Error(`cannot register: ${JSON.stringify(registered.body)}`)
    const { access_token: token, user } = registered.body
    const call = caller(token)
    const newKey = async (scopes?: string[]): Promise<string> => {
      const created = await call('POST', '/auth/api-keys', { name: 'test', ...(scopes ? { scopes } : {}) })
      return created.body.api_key
    }
    const newAgent = async (scopes?: string[]) => caller(await newKey(scopes))
    const sessionId = String(decodeJwt(token)['sid'])
    return { id: user.id, email, password: PASSWORD, token, sessionId, call, newKey, newAgent }
  }

  function caller(token: string): Call {
    return (method, path, body, options = {}) => request(method, `/api/v1${path}`, { ...options, body, token })
  }
}

function asAnswer(raw: LightMyRequestResponse): Answer {
  // Answers to HEAD have the content type of the body that they omit.
  const isJson = raw.body !== '' && /json/.test(String(raw.headers['content-type']))
  return { status: raw.statusCode, body: isJson ? raw.json() : raw.body, headers: raw.headers, raw }
}

/** The cookie that an answer sets, for a request; empty if there is none. */
export function cookieOf({ headers }: Pick<Answer, 'headers'>): string {
  return String(headers['set-cookie']).split(';', 1)[0] ?? ''
}
