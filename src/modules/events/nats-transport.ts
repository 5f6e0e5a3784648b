import { connect, type NatsConnection } from '@nats-io/transport-node'
import type { Log } from '../../logging/log.js'
import type { HintTransport } from './hints.js'

const SUBJECT = 'signalbox.hints'

/** Hints in one message: 87 bytes each at most, far under the megabyte that NATS servers take. */
const HINTS_PER_MESSAGE = 1_000

/** Milliseconds that the server has to confirm hints. With a hanging server, the client would wait for minutes. */
const FLUSH_TIMEOUT = 1_000

/** Milliseconds between attempts to get the connection back. */
const RECONNECT_DELAY = 500

/**
 * Hints through a NATS server: PostgreSQL is spared the notifications, which pays with many writes a second over
 * several processes. As with notifications, delivery is at most once, and the reconcile pass makes up for lost hints.
 */
export class NatsTransport implements HintTransport {
  readonly #url: string
  readonly #log: Log
  #connection: NatsConnection | undefined
  #connecting: Promise<void> | undefined
  readonly #stop = new AbortController()

  constructor(url: string, log: Log) {
    this.#url = url
    this.#log = log
  }

  async send(hints: readonly string[]): Promise<void> {
    const connection = this.#connection
    if (!connection) throw new Error('there is no connection to the NATS server')
    for (let start = 0; start < hints.length; start += HINTS_PER_MESSAGE) {
      connection.publish(SUBJECT, hints.slice(start, start + HINTS_PER_MESSAGE).join(','))
    }
    await withinTime(connection.flush())
  }

  /** Connects in the background, so that the service starts without the NATS server; goes on trying until `close`. */
  async start(receive: (hints: readonly string[]) => void): Promise<void> {
    this.#connecting = this.#connect(receive)
  }

  async #connect(receive: (hints: readonly string[]) => void): Promise<void> {
    while (!this.#stop.signal.aborted) {
      try {
        const connection = await connect({
          ...serverOf(this.#url),
          name: 'signalbox',
          maxReconnectAttempts: -1,
          reconnectTimeWait: RECONNECT_DELAY,
          ignoreAuthErrorAbort: true,
        })
        if (this.#stop.signal.aborted) return await connection.close()
        connection.subscribe(SUBJECT, {
          callback: (error, message) => {
            if (!error) receive(message.string().split(','))
          },
        })
        this.#connection = connection
        this.#report(connection).catch(() => {})
        return
      } catch (error) {
        this.#log.warn({ err: error }, 'cannot connect to the NATS server; trying again')
        await new Promise((resolve) => setTimeout(resolve, RECONNECT_DELAY).unref())
      }
    }
  }

  async #report(connection: NatsConnection): Promise<void> {
    for await (const { type } of connection.status()) {
      if (type === 'disconnect') this.#log.warn({}, 'the connection to the NATS server broke')
    }
  }

  async close(): Promise<void> {
    this.#stop.abort()
    await Promise.race([this.#connecting, new Promise((resolve) => setTimeout(resolve, RECONNECT_DELAY).unref())])
    await this.#connection?.close()
  }
}

async function withinTime(flushed: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('the NATS server does not answer')), FLUSH_TIMEOUT)
  })
  await Promise.race([flushed, late]).finally(() => clearTimeout(timer))
}

/** Credentials are part of the URL; the client takes them separately. */
function serverOf(text: string) {
  const { host, username, password, protocol } = new URL(text)
  const tls = protocol === 'tls:' ? { tls: {} } : {}
  if (!username) return { servers: host, ...tls }
  const credentials = password
    ? { user: decodeURIComponent(username), pass: decodeURIComponent(password) }
    : { token: decodeURIComponent(username) }
  return { servers: host, ...credentials, ...tls }
}
