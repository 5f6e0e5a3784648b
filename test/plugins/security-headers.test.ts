import t from 'tap'
import { startService } from '../helpers/app.js'

const API_POLICY = ["default-src 'none'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"]

const DOCS_POLICY = [
  ...API_POLICY,
  "connect-src 'self'",
  "font-src 'none'",
  "img-src 'self' data:",
  "script-src 'self'",
  "style-src 'self'",
]

function policyOf(headers: Record<string, unknown>): string[] {
  return String(headers['content-security-policy'])
    .split(';')
    .map((directive) => directive.trim())
    .sort()
}

t.test('a browser may do nothing with an answer of the API, whatever its status', async (t) => {
  const service = await startService(t)
  const { token } = await service.newUser()
  for (const [path, status] of [
    ['/', 200],
    ['/health', 200],
    ['/openapi.json', 200],
    ['/api/v1/auth/me', 200],
    ['/api/v1/agent-instances/x', 400],
    ['/api/v1/nothing', 404],
    [`/?${'x'.repeat(9_000)}`, 414],
  ] as const) {
    const { status: got, headers } = await service.request('GET', path, { token })
    t.equal(got, status)
    t.strictSame(policyOf(headers), [...API_POLICY].sort(), `${status}`)
    t.match(headers, {
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
    })
  }
})

t.test('the docs have what Swagger UI needs, nothing inline, and nothing from elsewhere', async (t) => {
  const { request } = await startService(t)
  for (const path of ['/docs', '/docs/', '/docs/static/swagger-ui.css']) {
    const { status, headers } = await request('GET', path)
    t.equal(status, 200)
    t.strictSame(policyOf(headers), [...DOCS_POLICY].sort(), path)
  }
  const page = String((await request('GET', '/docs')).body)
  t.notMatch(page, /<style|style=|\son\w+=|javascript:/i, 'the page has no inline style or handler')
  const scripts = [...page.matchAll(/<script([^>]*)>([^<]*)<\/script>/g)]
  t.ok(scripts.length >= 3)
  for (const [, attributes = '', content = ''] of scripts) {
    t.match(attributes, / src="/)
    t.equal(content.trim(), '', 'the page has no inline script')
  }
  for (const [, path = ''] of page.matchAll(/(?:src|href)="([^"]+)"/g)) {
    t.ok(path.startsWith('/docs/static/'), `${path} is from here`)
    t.equal((await request('GET', path)).status, 200)
  }
})

t.test('browsers are told to keep to https only where the operator says that there is https', async (t) => {
  const header = 'strict-transport-security'
  const plain = await startService(t)
  t.notOk((await plain.request('GET', '/health')).headers[header])
  const http = await startService(t, { PUBLIC_URL: 'http://signalbox.example.com' })
  t.notOk((await http.request('GET', '/health')).headers[header])
  const https = await startService(t, { PUBLIC_URL: 'https://signalbox.example.com' })
  t.equal((await https.request('GET', '/health')).headers[header], 'max-age=63072000')
})
