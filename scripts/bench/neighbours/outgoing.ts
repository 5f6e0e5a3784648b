import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { stat } from 'node:fs/promises'
import { createServer as createHttpServer } from 'node:http'
import { createServer, type Server, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { type Abuser, textIn } from './abuser.js'
import { KIB, type Scenario, step } from './scenario.js'

/** Abuse of outgoing calls, and the user agents that call out. */

const webhooks: Scenario = {
  name: 'webhooks',
  title: '50 event webhooks and 120 messages of 64 KiB of quotes',
  async run(abuser) {
    const receiver = createHttpServer((request, response) => {
      abuser.count('delivered')
      request.resume().once('end', () => response.end())
    })
    await withServer(receiver, async (port) => {
      const url = `http://127.0.0.1:${port}`
      const [webhooks, messages] = [abuser.size(50, 5), abuser.size(120, 10)]
      await abuser.times(webhooks, 4, () => abuser.asPerson('POST', '/webhooks', { url, events: ['message.created'] }))
      const message = step(randomUUID(), { content: '"'.repeat(64 * KIB) })
      await abuser.times(messages, 8, () => abuser.asAgent('POST', '/messages/agent', message))
      await abuser.linger(() => abuser.tally.get('delivered') === webhooks * messages)
    })
  },
}

const hangingLaunches: Scenario = {
  name: 'hanging-launches',
  title: 'Launches to a host that never answers, 32 at a time',
  async run(abuser) {
    await withServer(createServer(), async (port) => {
      const id = await newUserAgent(abuser, `http://127.0.0.1:${port}`)
      const launch = { prompt: 'Start' }
      await abuser.repeat(abuser.size(32, 4), () =>
        abuser.asPerson('POST', `/user-agents/${id}/instances`, launch, { signal: answerTimeout(abuser) }),
      )
    })
  },
}

function answerTimeout(abuser: Abuser): AbortSignal {
  return AbortSignal.timeout(abuser.size(60_000, 1000))
}

const boundKeys: Scenario = {
  name: 'bound-keys',
  title: 'A key that is bound to a run registers that run by a field that is not its id, 16 at a time',
  async run(abuser) {
    let key = ''
    const receiver = createHttpServer(async (request, response) => {
      key = /"omnara_api_key":"([^"]+)"/.exec(await text(request))?.[1] ?? ''
      response.end('{}')
    })
    await withServer(receiver, async (port) => {
      const userAgent = await newUserAgent(abuser, `http://127.0.0.1:${port}`)
      const launched = await abuser.asPerson('POST', `/user-agents/${userAgent}/instances`, { prompt: 'Start' })
      const body = { agent_type: 'abuser', id: textIn(launched, 'agent_instance_id') }
      await abuser.repeat(16, () => abuser.asAgent('POST', '/agent-instances', body, { credential: key }))
    })
  },
}

const takenNames: Scenario = {
  name: 'taken-names',
  title: 'Renames a user agent to a name that is taken, 16 at a time',
  async run(abuser) {
    const taken = randomUUID()
    await abuser.asPerson('POST', '/user-agents', { name: taken })
    const id = textIn(await abuser.asPerson('POST', '/user-agents', { name: randomUUID() }), 'id')
    const before = await logLength(abuser)
    let renames = 0
    await abuser.repeat(16, async () => {
      await abuser.asPerson('PATCH', `/user-agents/${id}`, { name: taken })
      renames++
    })
    const after = await logLength(abuser)
    if (before === undefined || after === undefined) return
    abuser.note(`${Math.round((after - before) / renames)} bytes in the log of PostgreSQL for each of ${renames}`)
  },
}

async function logLength({ target: { databaseLog } }: Abuser): Promise<number | undefined> {
  return databaseLog === undefined ? undefined : (await stat(databaseLog)).size
}

/** @returns the id of a user agent that launches by calling this address */
async function newUserAgent(abuser: Abuser, url: string): Promise<string> {
  const webhook_config = { url, api_key: 'the-key-of-the-receiver' }
  const made = { name: randomUUID(), webhook_type: 'DEFAULT', webhook_config }
  return textIn(await abuser.asPerson('POST', '/user-agents', made), 'id')
}

/** Runs a server on loopback in the meantime. */
async function withServer(server: Server, work: (port: number) => Promise<void>): Promise<void> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => {}).once('close', () => sockets.delete(socket))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  try {
    await work(typeof address === 'object' && address ? address.port : 0)
  } finally {
    server.close()
    for (const socket of sockets) socket.destroy()
  }
}

export const outgoing = [webhooks, hangingLaunches, boundKeys, takenNames]
