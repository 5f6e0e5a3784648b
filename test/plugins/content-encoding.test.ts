import { randomUUID } from 'node:crypto'
import { promisify } from 'node:util'
import * as zlib from 'node:zlib'
import t from 'tap'
import { startService, type TestService } from '../helpers/app.js'

const gzip = promisify(zlib.gzip)
const deflate = promisify(zlib.deflate)

t.test('what is sent encoded is read like what is not', async (t) => {
  const { post, messages } = await startRun(t)
  await post('gzip', await gzip(JSON.stringify(step('by gzip'))))
  await post('X-GZIP', await gzip(JSON.stringify(step('by its other name'))))
  await post('deflate', await deflate(JSON.stringify(step('by deflate'))))
  await post('identity', Buffer.from(JSON.stringify(step('as it is'))))
  t.strictSame(await messages(), ['by gzip', 'by its other name', 'by deflate', 'as it is'])
})

t.test('other encodings get a 415 that lists what is taken', async (t) => {
  const { post } = await startRun(t)
  for (const encoding of ['br', 'zstd', 'gzip, gzip', 'constructor', '__proto__']) {
    const answer = await post(encoding, await gzip(JSON.stringify(step('x'))))
    t.match(answer, { status: 415, body: { code: 'unsupported_media_type', detail: /gzip, deflate/ } }, encoding)
    t.equal(answer.headers['accept-encoding'], 'gzip, deflate')
  }
})

t.test('a body that is not what it says is a clear 400', async (t) => {
  const { post } = await startRun(t)
  const packed = await gzip(JSON.stringify(step('x')))
  for (const [name, body] of [
    ['plain text', Buffer.from(JSON.stringify(step('x')))],
    ['cut off', packed.subarray(0, -9)],
    ['the other format', await deflate(JSON.stringify(step('x')))],
  ] as const) {
    t.match(await post('gzip', body), { status: 400, body: { detail: /Content-Encoding/ } }, name)
  }
  t.match(await post('gzip', await gzip('{')), { status: 400, body: { code: 'invalid_json' } })
  t.match(await post('gzip', await gzip('')), { status: 400, body: { errors: [{ path: 'body' }] } })
})

t.test('an encoding without a body changes nothing', async (t) => {
  const service = await startService(t)
  t.equal((await service.request('GET', '/health', { headers: { 'content-encoding': 'br' } })).status, 200)
})

t.test('the limits are those of the decoded body', async (t) => {
  const { post } = await startRun(t)
  const over = await gzip(JSON.stringify(step('x'.repeat(1024 * 1024))))
  t.match(await post('gzip', over), { status: 413, body: { code: 'body_too_large' } })
  const diff = `diff --git a/a b/a\n--- a/a\n+++ b/a\n@@ -1 +1 @@\n-a\n+${'b'.repeat(3 * 1024 * 1024)}\n`
  t.match(await post('gzip', await gzip(JSON.stringify({ ...step('with a diff'), git_diff: diff }))), { status: 200 })
})

t.test('a bomb is not unpacked beyond the limit', async (t) => {
  const { url, key } = await startRun(t)
  // 2 MiB that unpack to 2 GiB, many times what any route takes.
  const piece = await gzip(Buffer.alloc(32 * 1024 * 1024))
  const bomb = Buffer.concat(Array.from({ length: 64 }, () => piece))
  const before = process.cpuUsage()
  const response = await fetch(`${url}/api/v1/messages/agent`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'content-encoding': 'gzip' },
    body: new Uint8Array(bomb),
  })
  t.equal(response.status, 413)
  t.match(await response.json(), { code: 'body_too_large' })
  // Unpacking all of it takes several seconds of a processor; up to the limit, a small part of one.
  const used = process.cpuUsage(before)
  t.ok(used.user + used.system < 2_000_000, 'it was not unpacked to its end')
})

t.test('an encoded body that is refused unread does no harm', async (t) => {
  const { url } = await startRun(t)
  const bomb = await gzip(Buffer.alloc(8 * 1024 * 1024))
  const send = async (type: string, body: Buffer) => {
    const headers = { 'content-type': type, 'content-encoding': 'gzip' }
    const answer = await fetch(`${url}/api/v1/auth/logout`, { method: 'POST', headers, body: new Uint8Array(body) })
    await answer.text()
    return answer.status
  }
  t.ok(bomb.length > 4096, 'its length says that it is too large')
  t.equal(await send('application/json', bomb), 413)
  t.equal(await send('text/plain', bomb), 415)
  t.equal(await send('text/plain', Buffer.from('x'.repeat(100))), 415, 'nor does one that cannot be decoded')
  t.equal((await fetch(`${url}/health`)).status, 200)
})

t.test('the tools of MCP take it as well', async (t) => {
  const { service, key } = await startRun(t)
  const call = { jsonrpc: '2.0', id: 1, method: 'tools/list' }
  const answer = await service.request('POST', '/mcp', {
    token: key,
    body: await gzip(JSON.stringify(call)),
    headers: {
      'content-type': 'application/json',
      'content-encoding': 'gzip',
      accept: 'application/json, text/event-stream',
    },
  })
  t.equal(answer.status, 200)
})

const run = randomUUID()

function step(content: string) {
  return { agent_instance_id: run, agent_type: 'tester', content }
}

async function startRun(t: Parameters<typeof startService>[0]) {
  const service: TestService = await startService(t)
  const url = await service.app.listen({ port: 0, host: '127.0.0.1' })
  const user = await service.newUser()
  const key = await user.newKey()
  const post = (encoding: string, body: Buffer) =>
    service.request('POST', '/api/v1/messages/agent', {
      token: key,
      body,
      headers: { 'content-type': 'application/json', 'content-encoding': encoding },
    })
  const messages = async (): Promise<string[]> => {
    const { body } = await user.call('GET', `/agent-instances/${run}/messages`)
    return body.map(({ content }: { content: string }) => content)
  }
  return { service, url, key, post, messages }
}
