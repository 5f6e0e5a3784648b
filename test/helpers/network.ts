import { createServer, type RequestListener } from 'node:http'
import { connect, createServer as createTcpServer, type Server, type Socket } from 'node:net'
import type { Test } from 'tap'
import type { App } from './app.js'

/** Lets a service listen on a free port, or on a given one. @returns its base URL */
export async function listen({ app }: { readonly app: App }, port = 0): Promise<string> {
  return app.listen({ port, host: '127.0.0.1' })
}

/** A server with answers of the test. It is closed when the test ends. @returns its base URL */
export async function serve(t: Test, listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  t.teardown(() => close(server, () => server.closeAllConnections()))
  return `http://127.0.0.1:${await listenAnywhere(server)}`
}

export interface Cable {
  readonly url: string
  /** Breaks every connection, as a pulled cable or a killed process does. New ones can be made. */
  cut(): void
  /** Each following connection breaks after a number of bytes to the client; later ones are left alone. */
  cutAfter(...bytes: number[]): void
}

/** A breakable link between a client and a server. */
export async function cableTo(t: Test, url: string): Promise<Cable> {
  const { port } = new URL(url)
  const sockets = new Set<Socket>()
  let budgets: number[] = []
  const server = createTcpServer((client) => {
    const upstream = connect(Number(port), '127.0.0.1')
    let budget = budgets.shift() ?? Number.POSITIVE_INFINITY
    const breakBoth = () => {
      client.destroy()
      upstream.destroy()
    }
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', breakBoth)
      socket.on('close', () => {
        sockets.delete(socket)
        breakBoth()
      })
    }
    client.on('data', (chunk) => upstream.write(chunk))
    upstream.on('data', (chunk) => {
      const part = chunk.subarray(0, budget)
      budget -= part.length
      client.write(part, () => {
        if (budget === 0) breakBoth()
      })
    })
  })
  const cut = () => {
    for (const socket of sockets) socket.destroy()
  }
  t.teardown(() => close(server, cut))
  const cutAfter = (...bytes: number[]) => {
    budgets = bytes
  }
  return { url: `http://127.0.0.1:${await listenAnywhere(server)}`, cut, cutAfter }
}

/**
 * A load balancer for TCP: each connection goes to the next of several servers, skipping servers that do not answer.
 *
 * @returns its base URL
 */
export async function roundRobin(t: Test, urls: readonly string[]): Promise<string> {
  const ports = urls.map((url) => Number(new URL(url).port))
  const clients = new Set<Socket>()
  let next = 0
  const forward = (client: Socket, attempts: number) => {
    const upstream = connect(ports[next++ % ports.length] ?? 0, '127.0.0.1')
    const onRefused = () => (attempts > 1 ? forward(client, attempts - 1) : client.destroy())
    upstream.once('error', onRefused)
    upstream.once('connect', () => {
      upstream.off('error', onRefused).on('error', () => client.destroy())
      upstream.once('close', () => client.destroy())
      client.pipe(upstream).pipe(client)
    })
    client.once('close', () => upstream.destroy())
  }
  const server = createTcpServer((client) => {
    clients.add(client)
    client.on('error', () => client.destroy())
    client.once('close', () => clients.delete(client))
    forward(client, ports.length)
  })
  t.teardown(() =>
    close(server, () => {
      for (const client of clients) client.destroy()
    }),
  )
  return `http://127.0.0.1:${await listenAnywhere(server)}`
}

async function listenAnywhere(server: Server): Promise<number> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return portOf(server)
}

export function portOf(server: Server): number {
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('the server does not listen on TCP')
  return address.port
}

async function close(server: Server, dropConnections: () => void): Promise<void> {
  const closed = new Promise((done) => server.close(done))
  dropConnections()
  await closed
}
