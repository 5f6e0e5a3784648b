import t from 'tap'
import { startService } from '../helpers/app.js'

const FRONTEND = 'https://app.example.com'
const OTHER = 'http://localhost:3000'
const ORIGINS = { CORS_ORIGINS: `${FRONTEND}, ${OTHER}` }
const FOREIGN = [
  'https://evil.example.com',
  'http://app.example.com',
  'https://app.example.com:8443',
  'https://app.example.com.evil.example.com',
  'https://APP.example.com',
  'null',
  '*',
]

/** The items of a list header, in lower case. */
function list(value: unknown): string[] {
  return String(value)
    .toLowerCase()
    .split(',')
    .map((item) => item.trim())
    .sort()
}

t.test('a preflight tells a known origin what it may send', async (t) => {
  const { request } = await startService(t, ORIGINS)
  for (const origin of [FRONTEND, OTHER]) {
    const { status, body, headers } = await request('OPTIONS', '/api/v1/messages/agent', {
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type,x-anything',
      },
    })
    t.equal(status, 204)
    t.equal(body, '')
    t.match(headers, {
      'access-control-allow-origin': origin,
      'access-control-allow-credentials': 'true',
      'access-control-max-age': '600',
    })
    t.ok(list(headers['vary']).includes('origin'))
    t.strictSame(list(headers['access-control-allow-methods']), ['delete', 'get', 'head', 'patch', 'post', 'put'])
    t.strictSame(
      list(headers['access-control-allow-headers']),
      [
        'authorization',
        'content-type',
        'idempotency-key',
        'last-event-id',
        'mcp-protocol-version',
        'mcp-session-id',
        'x-client-type',
        'x-request-id',
      ],
      'not whatever it asks for',
    )
  }
})

t.test('a preflight of another origin, or of one that is null, allows nothing', async (t) => {
  const { request } = await startService(t, ORIGINS)
  for (const origin of FOREIGN) {
    const { headers } = await request('OPTIONS', '/api/v1/auth/login', {
      headers: { origin, 'access-control-request-method': 'POST' },
    })
    t.equal(headers['access-control-allow-origin'], undefined, origin)
    t.ok(list(headers['vary']).includes('origin'), 'a cache keeps it apart from what others get')
  }
})

t.test('a page of a known origin reads answers, refusals included, and the headers that it needs', async (t) => {
  const service = await startService(t, { ...ORIGINS, RATE_LIMIT_MAX: 3 })
  const { token } = await service.newUser()
  const me = (headers: Record<string, string>, path = '/api/v1/auth/me') =>
    service.request('GET', path, { token, headers: { origin: FRONTEND, ...headers } })
  const answers = [
    await me({}),
    await me({ authorization: 'Bearer nonsense' }),
    await me({}, '/api/v1/nothing'),
    await me({}, `/api/v1/auth/me?${'x'.repeat(9_000)}`),
    await me({}),
    await me({}),
    await me({}),
  ]
  t.strictSame(
    answers.map(({ status }) => status),
    [200, 401, 404, 414, 200, 200, 429],
  )
  for (const { status, headers } of answers) {
    t.match(
      headers,
      { 'access-control-allow-origin': FRONTEND, 'access-control-allow-credentials': 'true' },
      `${status}`,
    )
    t.ok(list(headers['vary']).includes('origin'))
    t.strictSame(list(headers['access-control-expose-headers']), [
      'idempotency-replayed',
      'link',
      'mcp-session-id',
      'ratelimit-limit',
      'ratelimit-remaining',
      'ratelimit-reset',
      'retry-after',
      'x-request-id',
    ])
  }
})

t.test('a page of another origin reads nothing', async (t) => {
  const service = await startService(t, ORIGINS)
  const { token } = await service.newUser()
  for (const origin of FOREIGN) {
    const { headers } = await service.request('GET', '/api/v1/auth/me', { token, headers: { origin } })
    t.equal(headers['access-control-allow-origin'], undefined, origin)
    t.ok(list(headers['vary']).includes('origin'))
  }
  const { status, headers } = await service.request('GET', '/api/v1/auth/me', { token })
  t.equal(status, 200, 'who sends no origin is no page')
  t.ok(list(headers['vary']).includes('origin'), 'and what it gets is not kept for pages')
})

t.test('without the setting no page of another origin may call', async (t) => {
  const { request } = await startService(t)
  const preflight = await request('OPTIONS', '/api/v1/auth/me', {
    headers: { origin: FRONTEND, 'access-control-request-method': 'GET' },
  })
  t.match(preflight, { status: 405, headers: { allow: /GET/ } })
  for (const { headers } of [preflight, await request('GET', '/health', { headers: { origin: FRONTEND } })]) {
    t.strictSame(
      Object.keys(headers).filter((name) => name.startsWith('access-control-')),
      [],
    )
  }
})
