import { existsSync } from 'node:fs'
import { readdir, readFile, readlink } from 'node:fs/promises'
import { connect } from 'node:net'
import t from 'tap'
import { startService } from '../helpers/app.js'
import { listen } from '../helpers/network.js'
import { until } from '../helpers/wait-timeout.js'

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

t.test('the files of Swagger UI are in memory, as they are on the disk', async (t) => {
  const { request } = await startService(t)
  const folder = new URL('static/', import.meta.resolve('@fastify/swagger-ui'))
  for (const [name, type] of [
    ['swagger-ui.css', /^text\/css/],
    ['index.css', /^text\/css/],
    ['swagger-ui-bundle.js', /^application\/javascript/],
    ['swagger-ui-standalone-preset.js', /^application\/javascript/],
    ['oauth2-redirect.html', /^text\/html/],
    ['oauth2-redirect.js', /^application\/javascript/],
    ['favicon-16x16.png', /^image\/png$/],
    ['favicon-32x32.png', /^image\/png$/],
  ] as const) {
    const path = `/docs/static/${name}`
    const { status, headers, raw } = await request('GET', path)
    t.equal(status, 200, name)
    t.match(headers['content-type'], type)
    t.ok(raw.rawPayload.equals(await readFile(new URL(name, folder))), name)
    const known = { 'if-none-match': String(headers['etag']) }
    t.equal((await request('GET', path, { headers: known })).status, 304)
    t.match(await request('HEAD', path), { status: 200, headers: { 'content-length': `${raw.rawPayload.length}` } })
  }
  for (const name of ['', 'nothing', '../package.json', '..%2fpackage.json', 'csp.json', 'swagger-ui-bundle.js/x'])
    t.match(await request('GET', `/docs/static/${name}`), { status: 404, body: { code: 'not_found' } }, name)
})

t.test('answers with a file that nobody reads hold no file open', { skip: !existsSync('/proc/self/fd') }, async (t) => {
  const { app } = await startService(t)
  const url = await listen({ app })
  const files = async () => {
    const targets = (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => ''))
    return (await Promise.all(targets)).filter((target) => target.includes('swagger-ui')).length
  }
  let asked = 0
  app.server.on('request', () => asked++)
  for (let i = 0; i < 8; i++) {
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    t.teardown(() => socket.destroy())
    socket.write('GET /docs/static/swagger-ui-bundle.js HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(16))
  }
  await until('all to be asked for', () => asked === 8 * 16)
  t.equal((await fetch(`${url}/docs/static/swagger-ui-bundle.js`)).status, 200, 'by then those before are being sent')
  t.equal(await files(), 0)
})
