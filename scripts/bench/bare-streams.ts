import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

/**
 * A minimal server that streams messages to readers: Node.js alone, one process, no database, no authentication. A posted
 * message goes to the readers of its run, in an event like that of the service, before the post is answered.
 */
const readers = new Map<string, ServerResponse>()

const server = createServer((request, response) => {
  const id = request.url?.slice(1) ?? ''
  if (request.method === 'GET') watch(id, response)
  else post(request, response)
})

function watch(id: string, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' })
  response.write(`event: connected\ndata: ${JSON.stringify({ instance_id: id })}\n\n`)
  readers.set(id, response)
  response.once('close', () => readers.delete(id))
}

let count = 0

function post(request: IncomingMessage, response: ServerResponse): void {
  let body = ''
  request.setEncoding('utf8').on('data', (chunk: string) => {
    body += chunk
  })
  request.once('end', () => {
    const { agent_instance_id, content }: { agent_instance_id: string; content: string } = JSON.parse(body)
    const message = {
      event_type: 'message_insert',
      agent_instance_id,
      id: randomUUID(),
      content,
      sender_type: 'AGENT',
      sender_user_id: null,
      sender_user_email: null,
      sender_user_display_name: null,
      created_at: new Date().toISOString(),
      requires_user_input: false,
      message_metadata: null,
    }
    count++
    readers.get(agent_instance_id)?.write(`id: ${count}\nevent: message\ndata: ${JSON.stringify(message)}\n\n`)
    const answer = JSON.stringify({
      success: true,
      agent_instance_id,
      message_id: message.id,
      queued_user_messages: [],
    })
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(answer) })
    response.end(answer)
  })
}

// No process outlives the benchmark.
process.once('disconnect', () => process.exit())

server.listen(0, '127.0.0.1', () => process.once('message', () => process.send?.({ port: portOf(server.address()) })))

function portOf(address: ReturnType<typeof server.address>): number {
  return typeof address === 'object' && address ? address.port : 0
}
