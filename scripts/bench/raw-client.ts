import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { atEnd } from './benchmark.js'

/** The parts of an HTTP response that matter here. */
export interface Answer {
  readonly status: number
  readonly body: Buffer
}

/**
 * A keep-alive HTTP/1.1 connection with one request in flight. It shares the cores with the measured process, so it does next
 * to nothing: requests are buffers made beforehand, and of a response it reads the status and the length.
 */
export class RawConnection {
  readonly #socket: Socket
  #received: Buffer | undefined
  #waiting: { resolve(answer: Answer): void; reject(error: Error): void } | undefined

  static async open(port: number): Promise<RawConnection> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    await once(socket, 'connect')
    return new RawConnection(socket)
  }

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', (chunk: Buffer) => this.#onData(chunk))
    socket.on('error', (error) => this.#fail(error))
    socket.on('close', () => this.#fail(new Error('the service has closed the connection')))
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed
  }

  /** @throws Error when the connection breaks, or the answer is not one with a length */
  exchange(request: Buffer): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject }
      if (this.#socket.destroyed) this.#fail(new Error('the connection is closed'))
      else this.#socket.write(request)
    })
  }

  /** @returns the body @throws Error for any status other than 200: no request may be refused */
  async expect(request: Buffer): Promise<Buffer> {
    const { status, body } = await this.exchange(request)
    if (status !== 200) throw new Error(`${firstLine(request)} was answered with ${status}: ${body.toString()}`)
    return body
  }

  close(): void {
    this.#socket.destroy()
  }

  #onData(chunk: Buffer): void {
    const data = this.#received ? Buffer.concat([this.#received, chunk]) : chunk
    this.#received = undefined
    try {
      const answer = parseAnswer(data)
      if (answer) this.#settle(answer)
      else this.#received = data
    } catch (error) {
      this.#socket.destroy(error instanceof Error ? error : undefined)
    }
  }

  #settle(answer: Answer): void {
    const waiting = this.#waiting
    if (!waiting) throw new Error(`an answer that nobody has asked for: ${answer.body.toString()}`)
    this.#waiting = undefined
    waiting.resolve(answer)
  }

  #fail(error: Error): void {
    this.#waiting?.reject(error)
    this.#waiting = undefined
  }
}

const HEAD_END = Buffer.from('\r\n\r\n')

/**
 * @returns the answer; undefined while it is incomplete
 * @throws Error for one without a length, or with bytes behind it
 */
export function parseAnswer(data: Buffer): Answer | undefined {
  const headEnd = data.indexOf(HEAD_END)
  if (headEnd < 0) return undefined
  const head = data.toString('latin1', 0, headEnd)
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1]
  if (length === undefined) throw new Error(`an answer without Content-Length: ${head}`)
  const start = headEnd + HEAD_END.length
  const end = start + Number(length)
  if (data.length > end) throw new Error('more than one answer to one request')
  if (data.length < end) return undefined
  return { status: Number(head.slice(9, 12)), body: data.subarray(start, end) }
}

/** Opens connections, which are closed with the benchmark. */
export async function openConnections(port: number, count: number): Promise<RawConnection[]> {
  const connections: RawConnection[] = []
  atEnd(async () => {
    for (const connection of connections) connection.close()
  })
  while (connections.length < count) connections.push(await RawConnection.open(port))
  return connections
}

/**
 * A request as bytes on the wire.
 *
 * @param path from the root, such as `/api/v1/agent-instances`
 */
export function rawRequest(method: string, path: string, credential?: string, body?: object): Buffer {
  const content = body ? Buffer.from(JSON.stringify(body)) : Buffer.alloc(0)
  const head = [
    `${method} ${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    ...(credential ? [`Authorization: Bearer ${credential}`] : []),
    ...(body ? ['Content-Type: application/json', `Content-Length: ${content.length}`] : []),
  ]
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), content])
}

function firstLine(request: Buffer): string {
  return request.toString('latin1', 0, request.indexOf('\r\n'))
}
