import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'
import Provider, { type AccountClaims, type Configuration } from 'oidc-provider'
import type { Test } from 'tap'

/** The audience of the service under test. */
export const AUDIENCE = 'https://signalbox.test'

export const CLIENT = {
  client_id: 'web',
  client_secret: 'a secret of the client',
  redirect_uri: 'https://web.test/callback',
}

export interface SigningKey {
  readonly kid: string
  readonly alg: string
  readonly privateJwk: JWK
  readonly publicJwk: JWK
}

export interface TokenParts {
  readonly claims?: Record<string, unknown>
  readonly header?: Record<string, unknown>
}

interface CannedAnswer {
  readonly status?: number
  readonly location?: string
  readonly body?: string
}

/** A real OpenID provider on loopback. Tests can set its claims about a person, and replace its keys. */
export interface TestProvider {
  readonly issuer: string
  readonly rsa: SigningKey
  readonly ec: SigningKey
  readonly ed: SigningKey
  /** Paths requested. */
  readonly requests: string[]
  /** Replaces all keys. */
  rotate(...keys: SigningKey[]): void
  /** Answers every request with this until reset, except on paths that end in a question mark. */
  answerWith(answer: CannedAnswer | undefined): void
  stop(): Promise<void>
  start(): Promise<void>
  /** Creates a token like the provider's own, with one of its keys. Valid unless something is changed. */
  sign(key: SigningKey, subject: string, parts?: TokenParts): Promise<string>
  /** Signs in as a person does, through the provider's pages. */
  signIn(login: string): Promise<{ idToken: string; accessToken: string }>
}

export async function newKey(kid: string, alg: string): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  const named = { kid, alg, use: 'sig' }
  return {
    kid,
    alg,
    privateJwk: { ...(await exportJWK(privateKey)), ...named },
    publicJwk: { ...(await exportJWK(publicKey)), ...named },
  }
}

/**
 * @param people claims about people, by login
 * @returns the provider, listening; it is closed when the test ends
 */
export async function startProvider(
  t: Test,
  people: Record<string, Partial<AccountClaims>> = {},
): Promise<TestProvider> {
  const [rsa, ec, ed] = await Promise.all([newKey('rsa', 'RS256'), newKey('ec', 'ES256'), newKey('ed', 'EdDSA')])
  const requests: string[] = []
  let canned: CannedAnswer | undefined
  let handle: ReturnType<Provider['callback']>
  let server: Server | undefined
  let port = 0

  await start()
  t.teardown(stop)
  const issuer = `http://127.0.0.1:${port}`
  rotate(rsa, ec, ed)
  return {
    issuer,
    rsa,
    ec,
    ed,
    requests,
    rotate,
    answerWith: (answer) => {
      canned = answer
    },
    stop,
    start,
    sign,
    signIn: (login) => signIn(issuer, login),
  }

  function rotate(...keys: SigningKey[]): void {
    handle = new Provider(issuer, configuration(keys, people)).callback()
  }

  async function start(): Promise<void> {
    const listening = createServer((request, response) => {
      requests.push(request.url ?? '')
      if (!canned || request.url?.endsWith('?')) return void handle(request, response)
      const { status = 200, location = '', body = '' } = canned
      response.writeHead(status, { 'content-type': 'application/json', location }).end(body)
    })
    server = listening.listen(port, '127.0.0.1')
    await once(listening, 'listening')
    const address = listening.address()
    if (typeof address === 'object' && address) port = address.port
  }

  async function stop(): Promise<void> {
    const stopping = server
    server = undefined
    if (!stopping) return
    stopping.close()
    stopping.closeAllConnections()
    await once(stopping, 'close')
  }

  async function sign(
    key: SigningKey,
    subject: string,
    { claims = {}, header = {} }: TokenParts = {},
  ): Promise<string> {
    const now = Math.floor(Date.now() / 1000)
    const payload = { iss: issuer, aud: AUDIENCE, sub: subject, iat: now, exp: now + 300, ...claims }
    return new SignJWT(payload).setProtectedHeader({ alg: key.alg, kid: key.kid, ...header }).sign(key.privateJwk)
  }
}

function configuration(keys: SigningKey[], people: Record<string, Partial<AccountClaims>>): Configuration {
  return {
    jwks: { keys: keys.map(({ privateJwk }) => privateJwk) },
    clients: [
      {
        client_id: CLIENT.client_id,
        client_secret: CLIENT.client_secret,
        redirect_uris: [CLIENT.redirect_uri],
        grant_types: ['authorization_code'],
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    cookies: { keys: ['only for tests'] },
    pkce: { required: () => false },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    conformIdTokenClaims: false,
    findAccount: async (_context, id) => ({ accountId: id, claims: async () => ({ sub: id, ...people[id] }) }),
    extraTokenClaims: async (_context, token) => ('accountId' in token ? people[token.accountId] : undefined),
    features: {
      devInteractions: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => AUDIENCE,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: 'use',
          audience: AUDIENCE,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'ES256' } },
        }),
      },
    },
    ttl: { AccessToken: 300, IdToken: 300, Interaction: 300, Session: 300, Grant: 300 },
  }
}

/** The authorization code flow, with a cookie jar for a browser. */
async function signIn(issuer: string, login: string): Promise<{ idToken: string; accessToken: string }> {
  const cookies = new Map<string, string>()
  const visit = async (url: URL | string, form?: Record<string, string>): Promise<URL | undefined> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const body = form ? new URLSearchParams(form) : null
    const response = await fetch(url, { method: body ? 'POST' : 'GET', body, redirect: 'manual', headers: { cookie } })
    for (const line of response.headers.getSetCookie()) {
      const [name, value] = line.split(';', 1)[0]?.split('=') ?? []
      if (name && value) cookies.set(name, value)
    }
    await response.text()
    const location = response.headers.get('location')
    return location ? new URL(location, url) : undefined
  }

  const start = new URL(`${issuer}/auth`)
  start.search = String(
    new URLSearchParams({
      client_id: CLIENT.client_id,
      redirect_uri: CLIENT.redirect_uri,
      response_type: 'code',
      scope: 'openid email profile use',
      resource: AUDIENCE,
    }),
  )
  const loginPage = await visit(start)
  const afterLogin = await visit(must(loginPage), { prompt: 'login', login, password: 'any' })
  const consentPage = await visit(must(afterLogin))
  const afterConsent = await visit(must(consentPage), { prompt: 'consent' })
  const callback = await visit(must(afterConsent))

  const answer = await fetch(`${issuer}/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code: must(callback).searchParams.get('code') ?? '',
      redirect_uri: CLIENT.redirect_uri,
      client_id: CLIENT.client_id,
      client_secret: CLIENT.client_secret,
    }),
  })
  const tokens: unknown = await answer.json()
  if (typeof tokens !== 'object' || !tokens || !('id_token' in tokens) || !('access_token' in tokens)) {
    throw new Error(`the provider gave no tokens: ${JSON.stringify(tokens)}`)
  }
  return { idToken: String(tokens.id_token), accessToken: String(tokens.access_token) }
}

function must(url: URL | undefined): URL {
  if (!url) throw new Error('the provider did not lead on')
  return url
}
