import { request as httpRequest, type IncomingMessage } from 'node:http'
import type { InjectOptions } from 'fastify'
import type { App } from '../app.js'
import type { Contract, Response } from './contract.js'
import type { FuzzedRequest } from './requests.js'
import { fill, type World } from './world.js'

/** A request with its placeholders filled in. */
export interface FilledRequest {
  readonly method: string
  readonly path: string
  readonly query: string
  readonly headers: Record<string, string>
  readonly body: Buffer | undefined
}

export function fillRequest(world: World, { method, path, query, headers, body, bytes }: FuzzedRequest): FilledRequest {
  const filled = Object.entries(headers).map(([name, value]) => [name, fill(world, value)])
  return {
    method,
    path: fill(world, path),
    query: fill(world, query),
    headers: Object.fromEntries(filled),
    body: body === undefined ? undefined : Buffer.from(fill(world, body), bytes),
  }
}

/** Requests that may stream are sent over a connection, which can be ended; all others are injected. */
export function isStream(contract: Contract, { method, path }: FilledRequest): boolean {
  const operation = contract.operationAt(method, path)
  return Object.values(operation?.spec.responses ?? {}).some(({ content }) => content?.['text/event-stream'])
}

export async function inject(app: App, { method, path, query, headers, body }: FilledRequest): Promise<Response> {
  // The type lists only the usual methods; the router gets all that Node.js can parse.
  const options = { method, url: `${path}${query}`, headers, ...(body ? { payload: body } : {}) } as InjectOptions
  const answer = await app.inject(options)
  return {
    status: answer.statusCode,
    contentType: headerText(answer.headers['content-type']),
    requestId: headerText(answer.headers['x-request-id']),
    text: answer.body,
  }
}

/** Sends it over HTTP, and reads only the beginning of a stream. */
export function sendTo(port: number, { method, path, query, headers }: FilledRequest): Promise<Response> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest({ host: '127.0.0.1', port, method, path: `${path}${query}`, headers, agent: false })
    sent.once('error', reject)
    sent.once('response', (message: IncomingMessage) => {
      const chunks: Buffer[] = []
      const done = () => {
        sent.destroy()
        resolve({
          status: message.statusCode ?? 0,
          contentType: message.headers['content-type'],
          requestId: headerText(message.headers['x-request-id']),
          text: Buffer.concat(chunks).toString(),
        })
      }
      message.on('data', (chunk: Buffer) => {
        chunks.push(chunk)
        if (message.headers['content-type']?.startsWith('text/event-stream')) done()
      })
      message.once('end', done)
      message.once('error', reject)
    })
    sent.end()
  })
}

function headerText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
