import t, { type Test } from 'tap'
import { type Answer, cookieOf, PASSWORD, startService } from '../helpers/app.js'
import { claims, sign } from '../helpers/tokens.js'

const MAX = 3

async function start(t: Test, settings: Parameters<typeof startService>[1] = {}) {
  const service = await startService(t, { TRUST_PROXY: '1', RATE_LIMIT_ANONYMOUS_MAX: MAX, ...settings })
  let addresses = 0
  return {
    ...service,
    /** What requests from an address of their own are answered with, one more than are allowed. */
    fromAnew: async (send: (headers: Record<string, string>) => Promise<Answer>): Promise<Answer[]> => {
      const headers = { 'x-forwarded-for': `192.0.2.${++addresses}` }
      const answers: Answer[] = []
      for (let i = 0; i <= MAX; i++) answers.push(await send(headers))
      return answers
    },
  }
}

t.test('requests of nobody are limited by address, wherever they go', async (t) => {
  const { request, newUser, fromAnew } = await start(t, { CORS_ORIGINS: 'https://app.example.com' })
  const expired = sign(claims((await newUser()).id, { exp: 1 }))
  const body = { email: 'ada@example.com', password: PASSWORD }
  const preflight = { origin: 'https://app.example.com', 'access-control-request-method': 'GET' }
  const cases: [name: string, status: number, send: (headers: Record<string, string>) => Promise<Answer>][] = [
    ['a route without credentials', 200, (headers) => request('GET', '/', { headers })],
    ['HEAD', 200, (headers) => request('HEAD', '/', { headers })],
    ['the contract', 200, (headers) => request('GET', '/openapi.json', { headers })],
    ['the contract, known', 304, (h) => request('GET', '/openapi.yaml', { headers: { ...h, 'if-none-match': '*' } })],
    ['the contract for Swagger UI', 200, (headers) => request('GET', '/docs/json', { headers })],
    ['no file of Swagger UI', 404, (headers) => request('GET', '/docs/static/nothing', { headers })],
    ['a path where nothing is', 404, (headers) => request('GET', '/api/v1/nothing', { headers })],
    ['a body for nothing', 404, (headers) => request('POST', '/nothing', { headers, body })],
    ['another method', 405, (headers) => request('DELETE', '/health', { headers })],
    ['a URL that is too long', 414, (headers) => request('GET', `/health2?${'x'.repeat(9_000)}`, { headers })],
    ['no credentials', 401, (headers) => request('GET', '/api/v1/auth/me', { headers })],
    ['no credentials, with a body', 401, (headers) => request('POST', '/api/v1/messages/agent', { headers, body })],
    ['another scheme', 401, (h) => request('GET', '/api/v1/auth/me', { headers: { ...h, authorization: 'Basic x' } })],
    ['an expired token', 401, (headers) => request('GET', '/api/v1/auth/me', { headers, token: expired })],
    ['a made-up token', 401, (headers) => request('GET', '/api/v1/auth/me', { headers, token: 'x' })],
    ['MCP without a key', 401, (headers) => request('POST', '/mcp', { headers, body })],
    ['a refresh of nothing', 401, (headers) => request('POST', '/api/v1/auth/refresh', { headers })],
    ['a login', 401, (headers) => request('POST', '/api/v1/auth/login', { headers, body })],
    ['a logout', 200, (headers) => request('POST', '/api/v1/auth/logout', { headers })],
    ['a preflight', 204, (h) => request('OPTIONS', '/api/v1/auth/me', { headers: { ...h, ...preflight } })],
  ]
  for (const [name, status, send] of cases) {
    const answers = await fromAnew(send)
    t.strictSame(
      answers.map((answer) => answer.status),
      [status, status, status, 429],
      name,
    )
    const last = answers.at(-1)
    t.match(last?.headers, { 'retry-after': /^\d+$/, 'ratelimit-limit': String(MAX), 'ratelimit-remaining': '0' }, name)
  }
})

t.test('what fails before it is known whose it is, is counted, whatever is wrong with it', async (t) => {
  const { request, fromAnew } = await start(t, { LEGACY_SIGN_IN: 'on' })
  const [refresh, token] = ['/api/v1/auth/refresh', '/auth/v1/token?grant_type=refresh_token']
  const json = { 'content-type': 'application/json' }
  const gzip = { ...json, 'content-encoding': 'gzip' }
  const post = (path: string, body: string, headers: Record<string, string>) => (from: Record<string, string>) =>
    request('POST', path, { body, headers: { ...headers, ...from } })
  const cases: [name: string, status: number, send: (headers: Record<string, string>) => Promise<Answer>][] = [
    ...[refresh, token].flatMap((path): typeof cases => [
      [`${path}: broken JSON`, 400, post(path, '{', json)],
      [`${path}: broken gzip`, 400, post(path, '{}', gzip)],
      [`${path}: too large`, 413, post(path, JSON.stringify('x'.repeat(1024 * 1024)), json)],
      [`${path}: another type`, 415, post(path, 'x', { 'content-type': 'text/csv' })],
    ]),
    [`${token}: no token`, 400, post(token, '{}', json)],
    [
      'a long URL of a route with credentials',
      414,
      (h) => request('GET', `/api/v1/auth/me?${'x'.repeat(9_000)}`, { headers: h }),
    ],
  ]
  for (const [name, status, send] of cases) {
    const answers = await fromAnew(send)
    t.strictSame(
      answers.map((answer) => answer.status),
      [status, status, status, 429],
      name,
    )
  }
})

t.test('what somebody does wrong is not counted as nobody’s', async (t) => {
  const { newUser, fromAnew, request } = await start(t)
  const user = await newUser()
  const key = await user.newKey()
  const body = { current_password: 1 }
  for (const [status, send] of [
    [400, (h) => request('PUT', '/api/v1/auth/password', { headers: h, token: user.token, body })],
    [403, (h) => request('GET', '/api/v1/auth/me', { headers: h, token: key })],
  ] as [number, (headers: Record<string, string>) => Promise<Answer>][]) {
    const answers = await fromAnew(send)
    t.strictSame(
      answers.map((answer) => answer.status),
      [status, status, status, status],
    )
  }
})

t.test('what the router cannot read is limited by the address of the connection', async (t) => {
  const { app } = await start(t)
  for (const [remoteAddress, url, status] of [
    ['203.0.113.1', '/%ff', 400],
    ['203.0.113.2', `/api/v1/agent-instances/${'x'.repeat(101)}`, 414],
  ] as const) {
    const statuses: number[] = []
    for (let i = 0; i <= MAX; i++) statuses.push((await app.inject({ url, remoteAddress })).statusCode)
    t.strictSame(statuses, [status, status, status, 429], url)
  }
})

t.test('somebody is not nobody, and goes on at an address where nobody may', async (t) => {
  const { request, newUser, fromAnew } = await start(t, { CORS_ORIGINS: 'https://app.example.com' })
  const user = await newUser()
  const key = await user.newKey()
  const headers = { 'x-forwarded-for': '198.51.100.1' }
  const login = await request('POST', '/api/v1/auth/login', {
    headers: { 'x-forwarded-for': '198.51.100.9' },
    body: { email: user.email, password: user.password },
  })
  let cookie = cookieOf(login)
  const known = async () => {
    const refreshed = await request('POST', '/api/v1/auth/refresh', { headers: { ...headers, cookie } })
    cookie = cookieOf(refreshed)
    const me = await request('GET', '/api/v1/auth/me', { headers, token: user.token })
    const verified = await request('GET', '/api/v1/auth/verify', { headers, token: key })
    return [refreshed, me, verified].map(({ status }) => status)
  }
  for (let i = 0; i <= MAX; i++) t.strictSame(await known(), [200, 200, 200], 'they cost their address nothing')
  t.equal((await request('GET', '/', { headers })).headers['ratelimit-remaining'], String(MAX - 1))
  for (let i = 0; i < MAX; i++) await request('GET', '/', { headers })
  t.equal((await request('GET', '/', { headers })).status, 429)
  t.strictSame(await known(), [200, 200, 200])

  const readable = await fromAnew((h) => request('GET', '/', { headers: { ...h, origin: 'https://app.example.com' } }))
  const allowed = readable.at(-1)?.headers['access-control-allow-origin']
  t.equal(allowed, 'https://app.example.com', 'a frontend can read that it was limited')
})

t.test('probes and files of Swagger UI are not counted', async (t) => {
  const { request, fromAnew } = await start(t)
  for (const path of ['/health', '/ready', '/docs/static/swagger-ui.css', '/docs/static/swagger-initializer.js']) {
    const answers = await fromAnew((headers) => request('GET', path, { headers }))
    for (const { status, headers } of answers) {
      t.equal(status, 200, path)
      t.notOk(headers['ratelimit-limit'])
    }
  }
})

t.test('an IPv6 network is one address, and another address is another caller', async (t) => {
  const { request } = await start(t)
  const ask = async (address: string) => (await request('GET', '/', { headers: { 'x-forwarded-for': address } })).status
  for (const host of ['1', 'ffff:ffff:ffff:ffff', '3'])
    t.equal(await ask(`2001:db8:1:2::${host}`.replace('::ffff', ':ffff')), 200)
  t.equal(await ask('2001:db8:1:2::4'), 429)
  t.equal(await ask('2001:db8:1:3::1'), 200)
  for (const address of ['192.0.2.7', '::ffff:192.0.2.7', '192.0.2.7']) t.equal(await ask(address), 200)
  t.equal(await ask('192.0.2.7'), 429)
})

t.test('0 turns it off', async (t) => {
  const { request, fromAnew } = await start(t, { RATE_LIMIT_ANONYMOUS_MAX: 0 })
  const answers = await fromAnew((headers) => request('GET', '/', { headers }))
  for (const { status, headers } of answers) {
    t.equal(status, 200)
    t.notOk(headers['ratelimit-limit'])
  }
})

t.test('it holds without the database, and with the limits of others in it', async (t) => {
  const { request, fromAnew, database } = await start(t, { RATE_LIMIT_STORE: 'postgres' })
  database.withClient = () => Promise.reject(new Error('the database was asked'))
  const answers = await fromAnew((headers) => request('GET', '/openapi.json', { headers }))
  t.strictSame(
    answers.map(({ status }) => status),
    [200, 200, 200, 429],
  )
})
