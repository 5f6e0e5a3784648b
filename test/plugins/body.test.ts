import { randomUUID } from 'node:crypto'
import { connect } from 'node:net'
import t, { type Test } from 'tap'
import { startService } from '../helpers/app.js'
import { listen } from '../helpers/network.js'
import { until } from '../helpers/wait-timeout.js'

const MIB = 1024 * 1024
const json = { 'content-type': 'application/json' }

/** A list of so many zeros. */
const zeros = (count: number) => `[${'0,'.repeat(count - 1)}0]`
const fields = (count: number) => `{${Array.from({ length: count }, (_, i) => `"${i}":0`).join()}}`
const objects = (count: number) => `[${'{},'.repeat(count - 1)}{}]`

t.test('what is expensive to parse is refused before it is parsed', async (t) => {
  const { newUser, request } = await startService(t)
  const user = await newUser()
  const key = await user.newKey()
  const parsed = t.capture(JSON, 'parse', JSON.parse)
  const cases: [name: string, path: string, token: string, body: string, detail: RegExp][] = [
    ['16 MiB of numbers', '/messages/agent', key, `{"a":${zeros(8 * MIB - 8)}}`, /100000 elements and fields/],
    ['1 MiB of numbers', '/messages/user', key, `{"a":${zeros(MIB / 2 - 8)}}`, /100000 elements and fields/],
    ['numbers beside a diff', '/messages/agent', key, `{"git_diff":"x","a":${zeros(100_001)}}`, /100000 elements/],
    ['many empty objects', '/user-agents', user.token, `{"a":${objects(100_001)}}`, /100000 elements/],
    ['many fields', '/messages/agent', key, `{"a":${fields(20_001)}}`, /more than 20000 fields/],
    ['a list of numbers for a diff', '/messages/agent', key, `{"git_diff":${zeros(MIB)}}`, /elements/],
    ['two diffs', '/messages/agent', key, `{"git_diff":"${'x'.repeat(2 * MIB)}","git_diff":"x"}`, /git_diff aside/],
    ['a text', '/messages/agent', key, `{"content":"${'x'.repeat(MIB)}","git_diff":"x"}`, /git_diff aside/],
  ]
  for (const [name, path, token, body, detail] of cases) {
    const answer = await request('POST', `/api/v1${path}`, { token, body, headers: json })
    t.match(answer, { status: 413, body: { code: 'body_too_large', detail } }, name)
  }
  const texts = parsed.args().map(([text]) => String(text))
  t.strictSame(
    texts.filter((text) => text.length > 100_000),
    [],
    'none of them was parsed',
  )
})

t.test('what is large and harmless is taken', async (t) => {
  const { newUser } = await startService(t)
  const agent = await (await newUser()).newAgent()
  const step = { agent_instance_id: randomUUID(), agent_type: 'x', content: 'x' }
  const post = (body: object) => agent('POST', '/messages/agent', body)
  t.equal((await post({ ...step, ignored: Array.from({ length: 90_000 }, () => 0) })).status, 200, '90,000 elements')
  const many = Object.fromEntries(Array.from({ length: 19_000 }, (_, i) => [`f${i}`, 0]))
  t.equal((await post({ ...step, ignored: many })).status, 200, '19,000 fields')
  const text = '{"a":[0,0,0]},'.repeat(20_000)
  t.equal((await post({ ...step, ignored: text })).status, 200, 'structure inside of a text is text')
})

t.test('numbers in a field that nobody reads cost nothing, and the first that is read is refused', async (t) => {
  const { newUser, request } = await startService(t)
  const token = await (await newUser()).newKey()
  const deep = `${'['.repeat(60)}${'1e400,'.repeat(90_000)}0${']'.repeat(60)}`
  const post = (fields: string) => {
    const body = `{"agent_instance_id":"${randomUUID()}","agent_type":"x","content":"x",${fields}}`
    return request('POST', '/api/v1/messages/agent', { token, body, headers: json })
  }
  const looked = t.capture(Object, 'hasOwn', Object.hasOwn)
  t.equal((await post(`"x":${deep}`)).status, 200)
  const refused = await post(`"message_metadata":{"x":${deep}}`)
  t.match(refused, { status: 400, body: { errors: [{ path: `body.message_metadata.x${'.0'.repeat(60)}` }] } })
  const count = looked().length
  t.ok(count > 0 && count < 1_000, `${count} fields were looked up`)
})

t.test('who shows no credentials may send 4 KiB', async (t) => {
  const { newUser, request } = await startService(t)
  const routes = ['/auth/register', '/auth/login', '/auth/refresh', '/auth/logout']
  const body = (length: number) => `{"a":"${'x'.repeat(length - 8)}"}`
  for (const path of routes) {
    const over = await request('POST', `/api/v1${path}`, { body: body(4_097), headers: json })
    t.match(over, { status: 413, body: { code: 'body_too_large', detail: /4096 bytes/ } }, path)
    t.not((await request('POST', `/api/v1${path}`, { body: body(4_096), headers: json })).status, 413, path)
  }
  const { token } = await newUser()
  const link = (length: number) =>
    request('PUT', '/api/v1/auth/external-identity', {
      token,
      body: `{"token":"${'x'.repeat(length - 12)}"}`,
      headers: json,
    })
  t.equal((await link(20_481)).status, 413, 'who links an identity may send 20 KiB')
  t.not((await link(20_480)).status, 413)
})

t.test('what cannot be stored is named, wherever it stands', async (t) => {
  const { newUser, request } = await startService(t)
  const token = await (await newUser()).newKey()
  const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`
  const cases: [body: string, path: string, message: RegExp][] = [
    [String.raw`{"a":[[],{"b":["x","\u0000"]}]}`, 'body.a.1.b.1', /NUL/],
    [String.raw`{"a":{"b":1,"\ud800":1}}`, 'body.a', /surrogates/],
    [String.raw`{"a":{"\u0000":{"b":1}}}`, 'body.a', /NUL/],
    [String.raw`"\u0000"`, 'body', /NUL/],
    [`{"a":${deep(64)}}`, 'body', /64 levels/],
    [`{"a":${deep(50_000)}}`, 'body', /64 levels/],
    [`{"a":${deep(40_000)}}`, 'body', /64 levels/],
  ]
  for (const [body, path, message] of cases) {
    const answer = await request('POST', '/api/v1/messages/agent', { token, body, headers: json })
    t.match(answer, { status: 400, body: { errors: [{ path, message }] } }, body.slice(0, 40))
  }
  const fine = `{"agent_instance_id":"${randomUUID()}","agent_type":"x","content":"x","a":${deep(63)}}`
  t.equal((await request('POST', '/api/v1/messages/agent', { token, body: fine, headers: json })).status, 200)
})

/** Sends a body in chunks of one byte each, which cost six on the wire. @returns the status line, if there is one */
async function sendBytewise(t: Test, base: string, key: string, json: string): Promise<string> {
  const { port, hostname } = new URL(base)
  const socket = connect(Number(port), hostname)
  t.teardown(() => socket.destroy())
  socket.on('error', () => {})
  let received = ''
  socket.setEncoding('utf8').on('data', (data: string) => {
    received += data
  })
  const head = `POST /api/v1/messages/agent HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\n`
  socket.write(`${head}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`)
  const chunks = Array.from(json, (byte) => `1\r\n${byte}\r\n`)
  socket.write(`${chunks.join('')}0\r\n\r\n`)
  await until('an answer', () => received.includes('\r\n') || socket.destroyed)
  return received.split('\r\n', 1)[0] ?? ''
}

t.test('a body that comes byte by byte is taken as long as it is small', async (t) => {
  const service = await startService(t)
  const base = await listen(service)
  const key = await (await service.newUser()).newKey()
  const body = (length: number) =>
    JSON.stringify({ agent_instance_id: randomUUID(), agent_type: 'x', content: 'x'.repeat(length) })
  t.match(await sendBytewise(t, base, key, body(1_500)), '200 OK')
  t.match(await sendBytewise(t, base, key, body(100_000)), '400 Bad Request')
  const concat = t.capture(Buffer, 'concat', Buffer.concat)
  t.match(await sendBytewise(t, base, key, body(1_900)), '200 OK')
  const most = Math.max(...concat.args().map(([pieces]) => pieces.length))
  t.ok(most > 1 && most <= 512, `${most} pieces are kept apart`)
})
