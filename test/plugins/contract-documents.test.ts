import t from 'tap'
import { startService } from '../helpers/app.js'

const DOCUMENTS = [
  { path: '/openapi.json', type: /^application\/json/ },
  { path: '/openapi.yaml', type: /^application\/yaml/ },
] as const

t.test('the contract is made once in each form, also for Swagger UI', async (t) => {
  const { app, request } = await startService(t)
  const made = t.capture(app, 'swagger', app.swagger)
  for (const [path, twin] of [
    ['/openapi.json', '/docs/json'],
    ['/openapi.yaml', '/docs/yaml'],
  ] as const) {
    const first = await request('GET', path)
    for (const again of [path, twin]) t.equal((await request('GET', again)).raw.body, first.raw.body, again)
  }
  t.equal(made().length, 2)
})

t.test('who has the document already gets a 304, and HEAD its length', async (t) => {
  const { request } = await startService(t)
  for (const { path, type } of DOCUMENTS) {
    const full = await request('GET', path)
    const etag = String(full.headers['etag'])
    t.match(full.headers['content-type'], type)
    t.match(etag, /^"[\w-]{43}"$/)
    t.equal(full.headers['content-length'], String(full.raw.rawPayload.length))

    const head = await request('HEAD', path)
    t.match(head, { status: 200, headers: { etag, 'content-length': full.headers['content-length'] } })
    t.equal(head.raw.rawPayload.length, 0)

    for (const known of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
      const answer = await request('GET', path, { headers: { 'if-none-match': known } })
      t.match(answer, { status: 304, headers: { etag } }, known)
      t.equal(answer.raw.rawPayload.length, 0)
      t.equal((await request('HEAD', path, { headers: { 'if-none-match': known } })).status, 304)
    }
    for (const other of ['"x"', etag.replaceAll('"', ''), `${etag.slice(0, -1)}x"`]) {
      t.equal((await request('GET', path, { headers: { 'if-none-match': other } })).status, 200, other)
    }
  }
  const [json, yaml] = [await request('GET', '/openapi.json'), await request('GET', '/openapi.yaml')]
  t.not(json.headers['etag'], yaml.headers['etag'])
})
