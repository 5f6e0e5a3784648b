import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import t, { type Test } from 'tap'
import { isFragmented, watchPieces } from '../../src/plugins/body-pieces.js'
import { startService } from '../helpers/app.js'
import { listen } from '../helpers/network.js'

const HEAD = 'POST /api/v1/messages/agent HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n'
const CHUNKED = 'Transfer-Encoding: chunked\r\n'

/** A body of spaces, each in a chunk of its own. */
const bytewise = (count: number) => '1\r\n \r\n'.repeat(count)

async function send(t: Test, port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  t.teardown(() => socket.destroy())
  socket.on('error', () => {})
  let received = ''
  socket.setEncoding('latin1').on('data', (text: string) => {
    received += text
  })
  socket.write(bytes)
  await once(socket, 'close')
  return received
}

/** Watches the bodies of a bare server. @returns its port, and how many chunks of each request Node.js has handed out */
async function watched(t: Test) {
  const handedOut: number[] = []
  const server = createServer(async (request, response) => {
    watchPieces(request)
    const index = handedOut.push(0) - 1
    const push = request.push.bind(request)
    request.push = (piece, encoding) => {
      if (piece !== null) handedOut[index] = (handedOut[index] ?? 0) + 1
      return push(piece, encoding)
    }
    const body = await bodyOf(request)
    response.setHeader('connection', 'close').end(isFragmented(request) ? 'fragmented' : `read ${body.length}`)
  })
  t.teardown(() => server.close().closeAllConnections())
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  return { port: typeof address === 'object' && address ? address.port : 0, handedOut }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = ''
  request.on('data', (piece) => {
    text += piece
  })
  await Promise.race([once(request, 'end'), once(request, 'error')]).catch(() => {})
  return text
}

t.test('of chunks of a byte some are handed out, and the parser reads the bodies of others', async (t) => {
  const { port, handedOut } = await watched(t)
  for (let i = 0; i < 3; i++) {
    t.match(await send(t, port, `${HEAD}${CHUNKED}\r\n${bytewise(10_000)}`), 'fragmented')
    t.match(await send(t, port, `${HEAD}${CHUNKED}\r\n${bytewise(1_500)}0\r\n\r\n`), 'read 1500')
  }
  // One more for each read of the connection, which may be several.
  const most = Math.max(...handedOut)
  t.ok(most > 2_048 && most < 2_200, `${most} of 10,000`)
})

t.test('large chunks are as many as they like, and so are bodies with a length', async (t) => {
  const { port } = await watched(t)
  const chunk = `80\r\n${'x'.repeat(128)}\r\n`
  t.match(await send(t, port, `${HEAD}${CHUNKED}\r\n${chunk.repeat(5_000)}0\r\n\r\n`), 'read 640000')
  t.match(await send(t, port, `${HEAD}Content-Length: 5000\r\n\r\n${'x'.repeat(5_000)}`), 'read 5000')
})

t.test('bodies in chunks of a byte are refused, later and later, with their connections', async (t) => {
  const service = await startService(t)
  const { port } = new URL(await listen(service))
  const key = await (await service.newUser()).newKey()
  service.secrets.add(key)
  const head = (encoding = '') => `${HEAD}${CHUNKED}${encoding}Authorization: Bearer ${key}\r\n\r\n`
  const attempt = (encoding?: string) => send(t, Number(port), head(encoding) + bytewise(20_000))
  const since = performance.now()
  const answers = await Promise.all(Array.from({ length: 6 }, () => attempt()))
  for (const answer of answers) t.match(answer, /^HTTP\/1.1 400 [\s\S]*too many small pieces/)
  t.ok(performance.now() - since > 500, 'the last one was kept waiting')
  t.match(await attempt('Content-Encoding: gzip\r\n'), /^HTTP\/1.1 400 /, 'encoded ones as well')
})
