import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import type { Test } from 'tap'
import { portOf } from './network.js'

/** The subset of a NATS server for publishing and subscribing: the product uses the real protocol. */
export interface NatsServer {
  readonly url: string
  /** Every published payload. */
  readonly published: string[]
  /** Connections with a subscription. */
  subscribers(): number
  stop(): Promise<void>
  /** Listens again, at the same address. */
  start(): Promise<void>
  /** Accepts data, and answers nothing. */
  hang(): void
}

interface Session {
  readonly socket: Socket
  readonly subscriptions: Map<string, string>
}

/** Source: NATS documentation, "Client Protocol". */
export async function natsServer(t: Test): Promise<NatsServer> {
  const sessions = new Set<Session>()
  const published: string[] = []
  let hangs = false
  let port = 0
  const server = createServer((socket) => {
    const session: Session = { socket, subscriptions: new Map() }
    let rest = ''
    socket.on('error', () => {})
    socket.on('close', () => sessions.delete(session))
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      if (!hangs) rest = readCommands(rest + chunk, session)
    })
    sessions.add(session)
    socket.write(
      `INFO ${JSON.stringify({ server_id: 'test', version: '2.10.0', proto: 1, max_payload: 1024 * 1024 })}\r\n`,
    )
  })

  /** @returns the incomplete rest */
  function readCommands(text: string, session: Session): string {
    for (;;) {
      const end = text.indexOf('\r\n')
      if (end < 0) return text
      const [name = '', ...words] = text.slice(0, end).split(' ')
      const length = name.toUpperCase() === 'PUB' ? Number(words.at(-1)) + 2 : 0
      if (text.length < end + 2 + length) return text
      obey(name.toUpperCase(), words, text.slice(end + 2, end + length), session)
      text = text.slice(end + 2 + length)
    }
  }

  function obey(name: string, words: string[], payload: string, { socket, subscriptions }: Session): void {
    if (name === 'PING') socket.write('PONG\r\n')
    if (name === 'SUB') subscriptions.set(words.at(-1) ?? '', words[0] ?? '')
    if (name === 'UNSUB') subscriptions.delete(words[0] ?? '')
    if (name === 'PUB') deliver(words[0] ?? '', payload)
  }

  function deliver(subject: string, payload: string): void {
    published.push(payload)
    for (const { socket, subscriptions } of sessions) {
      for (const [id, subscribed] of subscriptions) {
        if (subscribed === subject) socket.write(`MSG ${subject} ${id} ${payload.length}\r\n${payload}\r\n`, 'latin1')
      }
    }
  }

  const start = async () => {
    await new Promise<void>((done) => server.listen(port, '127.0.0.1', done))
    port = portOf(server)
  }
  const stop = async () => {
    const closed = new Promise((done) => server.close(done))
    const gone = [...sessions].map(({ socket }) => once(socket.destroy(), 'close'))
    await Promise.all([closed, ...gone])
  }
  const subscribers = () => [...sessions].filter(({ subscriptions }) => subscriptions.size > 0).length
  const hang = () => {
    hangs = true
  }
  t.teardown(stop)
  await start()
  return { url: `nats://127.0.0.1:${port}`, published, subscribers, stop, start, hang }
}
