import { randomUUID } from 'node:crypto'
import { setMaxListeners } from 'node:events'
import { type Abuser, textIn } from './abuser.js'
import { filler, KIB, type Scenario, step } from './scenario.js'

/** Abuse of chats by an agent: writing much, reading much, and holding locks that others of the account need. */

const batches: Scenario = {
  name: 'batches',
  title: '40 batches of 100 messages to new runs at a time, with idempotency keys',
  async run(abuser) {
    await abuser.repeat(abuser.size(40, 4), () =>
      abuser.asAgent('POST', '/messages/agent/batch', batch(abuser.size(100, 10)), {
        headers: { 'idempotency-key': randomUUID() },
      }),
    )
  },
}

const lockedClock: Scenario = {
  name: 'locked-clock',
  title: "2 large batches at a time hold the account's clock while 4 of its agents post",
  async run(abuser) {
    await abuser.repeat(6, (lane) =>
      lane < 2
        ? abuser.asAgent('POST', '/messages/agent/batch', batch(abuser.size(100, 10), filler(8 * KIB)))
        : abuser.asAgent('POST', '/messages/agent', step(`00000000-0000-4000-8000-00000000000${lane}`)),
    )
  },
}

/** Messages that each begin a run. */
function batch(count: number, content = 'a step') {
  return {
    messages: Array.from({ length: count }, () => ({ id: randomUUID(), ...step(randomUUID(), { content }) })),
  }
}

const largeReads: Scenario = {
  name: 'large-reads',
  title: 'Reads a chat of 200 messages of 1 MiB, 3 at a time',
  async run(abuser) {
    const count = abuser.size(200, 10)
    const id = await withLargeMessages(abuser, count)
    await abuser.repeat(3, () => abuser.asPerson('GET', `/agent-instances/${id}?message_limit=${count}`))
  },
}

const unreadPages: Scenario = {
  name: 'unread-pages',
  title: '64 connections ask for 16 pages of 4 MiB each and read nothing',
  async run(abuser) {
    const id = await withLargeMessages(abuser, abuser.size(20, 5))
    const path = `/api/v1/agent-instances/${id}/messages?limit=200`
    const request = `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${abuser.target.token}\r\n\r\n`
    await abuser.repeat(abuser.size(64, 4), async () => {
      const socket = abuser.connect().pause()
      socket.write(request.repeat(16))
      for (let round = 0; round < abuser.size(100, 5) && !socket.destroyed && abuser.goesOn; round++)
        await abuser.pause(100)
      abuser.count(socket.destroyed ? 'closed' : 'left open')
      socket.destroy()
    })
  },
}

const largeStreams: Scenario = {
  name: 'large-streams',
  title: '16 streams from the beginning of a chat of 250 messages of 1 MiB',
  async run(abuser) {
    const id = await withLargeMessages(abuser, abuser.size(250, 10))
    const path = `/api/v1/agent-instances/${id}/messages/stream?last_event_id=0`
    await abuser.times(16, 16, () => abuser.stream(path, { reads: true }))
    await abuser.linger(() => true)
  },
}

/** @returns the run */
async function withLargeMessages(abuser: Abuser, count: number): Promise<string> {
  const id = randomUUID()
  const message = { content: filler(abuser.size(900 * KIB, 100 * KIB)), message_metadata: { log: filler(60 * KIB) } }
  await abuser.times(count, 4, () => abuser.asAgent('POST', '/messages/agent', step(id, message)))
  return id
}

const largePosts: Scenario = {
  name: 'large-posts',
  title: 'Posts of 1 MiB to runs of their own, 64 at a time',
  async run(abuser) {
    const content = filler(abuser.size(1000 * KIB, 100 * KIB))
    const bodies = Array.from({ length: abuser.size(64, 8) }, () =>
      Buffer.from(JSON.stringify(step(randomUUID(), { content }))),
    )
    await abuser.repeat(bodies.length, (lane) => abuser.asAgent('POST', '/messages/agent', bodies[lane]))
  },
}

const unreadQueue: Scenario = {
  name: 'unread-queue',
  title: 'A person writes 700 messages of 1 MiB to a run whose agent then takes its queue',
  async run(abuser) {
    const id = randomUUID()
    const first = textIn(await abuser.asAgent('POST', '/messages/agent', step(id)), 'message_id')
    const message = { content: filler(abuser.size(1000 * KIB, 100 * KIB)) }
    await abuser.times(abuser.size(700, 20), 4, () =>
      abuser.asPerson('POST', `/agent-instances/${id}/messages`, message),
    )
    await abuser.repeat(2, (lane) =>
      lane === 0
        ? abuser.asAgent('GET', `/messages/pending?agent_instance_id=${id}&last_read_message_id=${first}`)
        : abuser.asAgent('POST', '/messages/agent', step(id)),
    )
  },
}

const longPolls: Scenario = {
  name: 'long-polls',
  title: '64 long polls of one key',
  async run(abuser) {
    const id = randomUUID()
    await abuser.asAgent('POST', '/messages/agent', step(id))
    const seconds = abuser.size(60, 1)
    await abuser.repeat(abuser.size(64, 16), () =>
      abuser.asAgent('GET', `/messages/pending?agent_instance_id=${id}&wait=${seconds}`),
    )
  },
}

const wokenPolls: Scenario = {
  name: 'woken-polls',
  title: '200 polls of one run wait for a message of 1 MiB, again and again',
  async run(abuser) {
    const id = randomUUID()
    await abuser.asAgent('POST', '/messages/agent', step(id))
    const message = { content: filler(abuser.size(1000 * KIB, 100 * KIB)) }
    const waiting = abuser.size(200, 20)
    await abuser.repeat(1, async () => {
      const polls = abuser.times(waiting, waiting, () =>
        abuser.asAgent('GET', `/messages/pending?agent_instance_id=${id}&wait=5`),
      )
      await abuser.pause(300)
      await abuser.asPerson('POST', `/agent-instances/${id}/messages`, message)
      await polls
      await abuser.asAgent('POST', '/messages/agent', step(id))
    })
  },
}

const waitingQuestions: Scenario = {
  name: 'waiting-questions',
  title: '2,000 `ask_question` of one run wait while its status changes',
  async run(abuser) {
    const id = randomUUID()
    await abuser.asAgent('POST', '/messages/agent', step(id))
    const givenUp = new AbortController()
    setMaxListeners(0, givenUp.signal)
    const questions = abuser.times(abuser.size(2000, 20), abuser.size(2000, 20), () => ask(abuser, id, givenUp.signal))
    await abuser.pause(abuser.size(5000, 500))
    await abuser.repeat(4, async (lane) => {
      const status = lane % 2 === 0 ? 'ACTIVE' : 'PAUSED'
      await abuser.asPerson('PUT', `/agent-instances/${id}/status`, { status })
    })
    givenUp.abort()
    await questions
  },
}

const reportedAnswers: Scenario = {
  name: 'reported-answers',
  title: 'Another key of the account reports "Yes, go ahead" of its own to runs that ask, 8 at a time',
  async run(abuser) {
    const made = await abuser.asPerson('POST', '/auth/api-keys', { name: 'another agent' })
    const credential = textIn(made, 'api_key')
    let taken = 0
    let asked = 0
    await abuser.repeat(abuser.size(8, 4), async () => {
      const id = randomUUID()
      await abuser.asAgent('POST', '/messages/agent', step(id))
      const givenUp = new AbortController()
      const answer = ask(abuser, id, givenUp.signal)
      await untilAsked(abuser, id)
      const report = { agent_instance_id: id, content: 'Yes, go ahead', mark_as_read: false }
      await abuser.asAgent('POST', '/messages/user', report, { credential })
      await Promise.race([answer, abuser.pause(1000)])
      givenUp.abort()
      asked++
      if ((await answer).includes('Yes, go ahead')) taken++
    })
    abuser.note(`${taken} of ${asked} questions took it as the answer`)
  },
}

async function untilAsked(abuser: Abuser, id: string): Promise<void> {
  while (abuser.goesOn) {
    if (textIn(await abuser.asPerson('GET', `/agent-instances/${id}`), 'status') === 'AWAITING_INPUT') return
    await abuser.pause(100)
  }
}

/** Asks by MCP. @returns the text received before the signal */
async function ask(abuser: Abuser, agent_instance_id: string, signal: AbortSignal) {
  const params = { name: 'ask_question', arguments: { agent_instance_id, question_text: 'May I?' } }
  const { text } = await abuser.call('POST', '/mcp', {
    credential: abuser.target.key,
    headers: { accept: 'application/json, text/event-stream' },
    body: { jsonrpc: '2.0', id: 1, method: 'tools/call', params },
    signal,
  })
  return text
}

export const chats = [
  ...[batches, lockedClock, largePosts, largeReads, unreadPages, largeStreams, unreadQueue],
  ...[longPolls, wokenPolls, waitingQuestions, reportedAnswers],
]
