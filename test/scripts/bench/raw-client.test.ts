import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import t from 'tap'
import { parseAnswer, RawConnection, rawRequest } from '../../../scripts/bench/raw-client.js'

const ANSWER = 'HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\nContent-Length: 5\r\n\r\nhello'

t.test('the load generator counts an answer when all of it is there, wherever it was cut', async (t) => {
  const whole = Buffer.from(ANSWER)
  for (let length = 0; length < whole.length; length++) {
    t.equal(parseAnswer(whole.subarray(0, length)), undefined, `${length} bytes are no answer`)
  }
  const answer = parseAnswer(whole)
  t.equal(answer?.status, 200)
  t.equal(answer?.body.toString(), 'hello')
})

t.test('an answer that it cannot count, it refuses', async (t) => {
  t.throws(() => parseAnswer(Buffer.from('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n')), /Content-Length/)
  t.throws(() => parseAnswer(Buffer.from(`${ANSWER}${ANSWER}`)), /more than one answer/)
})

t.test('any status but 200 fails, and so does a connection that is closed', async (t) => {
  const port = await serve(t, ['HTTP/1.1 503 No\r\ncontent-length: 4\r\n\r\nbusy', undefined])
  const connection = await RawConnection.open(port)
  t.teardown(() => connection.close())
  const request = rawRequest('POST', '/path', 'key', { some: 'thing' })
  await t.rejects(connection.expect(request), /^POST \/path HTTP\/1\.1 was answered with 503: busy/)
  await t.rejects(connection.expect(request), /closed the connection/)
  await t.rejects(connection.expect(request), /the connection is closed/)
})

t.test('a request says how long it is in bytes', async (t) => {
  const text = rawRequest('POST', '/path', 'key', { content: 'grün' }).toString()
  t.match(text, /^POST \/path HTTP\/1\.1\r\n/)
  t.match(text, /\r\nAuthorization: Bearer key\r\n/)
  t.match(text, /\r\nContent-Length: 19\r\n/)
  t.ok(text.endsWith('\r\n\r\n{"content":"grün"}'))
})

/** Gives these answers, one a request; without one it hangs up. */
async function serve(t: { teardown(end: () => void): void }, answers: (string | undefined)[]): Promise<number> {
  const server: Server = createServer((socket) => {
    socket.on('data', () => {
      const answer = answers.shift()
      if (answer === undefined) socket.destroy()
      else socket.write(answer)
    })
  }).listen(0, '127.0.0.1')
  t.teardown(() => server.close())
  await once(server, 'listening')
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}
