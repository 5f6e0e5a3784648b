import { once } from 'node:events'
import t, { type Test } from 'tap'
import { Backlog, TotalBacklog } from '../../src/modules/events/backlog.js'
import { EventStream } from '../../src/modules/events/event-stream.js'
import { startService, type TestService } from '../helpers/app.js'
import { type Chat, startChat } from '../helpers/chat.js'
import { LiveView, type ServerEvent } from '../helpers/live-view.js'
import { listen } from '../helpers/network.js'
import { until } from '../helpers/wait-timeout.js'

const KIB = 1024
const MIB = 1024 * KIB

async function newRun(t: Test) {
  const service = await startService(t)
  const base = await listen(service)
  const user = await service.newUser()
  const chat = await startChat(user)
  const watch = (query: Record<string, string> = {}) => LiveView.open(t, base, chat.id, { token: user.token, query })
  return { service, base, user, chat, watch }
}

/** Posts large messages, each beginning with its number. */
async function postLarge(chat: Chat, count: number, from = 0): Promise<void> {
  for (let i = from; i < from + count; i++) await chat.post(`${i} ${'x'.repeat(900 * KIB)}`)
}

const numbersOf = (events: ServerEvent[]) =>
  events.filter(({ event }) => event === 'message').map(({ data }) => Number.parseInt(String(data['content']), 10))

const numbers = (count: number) => Array.from({ length: count }, (_, i) => i)

/** Counts what the live views of a service are given from here on. @returns the bytes so far */
function countDelivered({ services: { hub } }: TestService): () => number {
  const watch = hub.subscribe.bind(hub)
  let bytes = 0
  hub.subscribe = (userId, revision, subscriber) => {
    const deliver = subscriber.onChange.bind(subscriber)
    subscriber.onChange = (change) => {
      bytes += JSON.stringify(change).length
      deliver(change)
    }
    return watch(userId, revision, subscriber)
  }
  return () => bytes
}

t.test('a reader that misses far more than may wait for it gets all of it over one connection', async (t) => {
  const { chat, watch } = await newRun(t)
  await postLarge(chat, 24)
  const view = await watch({ last_event_id: '2' })
  await view.untilCount('message', 24)
  t.strictSame(numbersOf(view.events), numbers(24))
  t.equal(view.ended, false)
})

t.test('a reader that does not read is given a bounded part, and everything once it reads', async (t) => {
  const { service, base, user, chat } = await newRun(t)
  const delivered = countDelivered(service)
  const slow = await LiveView.connect(t, base, chat.id, { token: user.token })
  await postLarge(chat, 40)
  const other = await LiveView.open(t, base, chat.id, { token: user.token })
  await chat.post('40 last')
  await other.untilCount('message', 1)
  t.ok(delivered() < 25 * MIB, `${delivered()} bytes: more than the system's socket buffers and the service's own`)
  slow.read()
  await until('the slow reader to have everything', () => numbersOf(slow.events).length >= 41)
  t.strictSame(numbersOf(slow.events), numbers(41))
  t.strictSame(numbersOf(other.events), [40], 'the other one was not held up')
})

t.test('a slow reader that was cut off resumes with nothing lost or doubled', async (t) => {
  const { base, user, chat, watch } = await newRun(t)
  const slow = await LiveView.connect(t, base, chat.id, { token: user.token })
  await postLarge(chat, 12)
  slow.read()
  await until('a part', () => numbersOf(slow.events).length >= 3)
  slow.leave()
  await postLarge(chat, 3, 12)
  const got = slow.events.filter(({ id }) => id !== undefined)
  const resumed = await watch({ last_event_id: got.at(-1)?.id ?? '' })
  await until('the rest', () => numbersOf([...got, ...resumed.events]).length >= 15)
  t.strictSame(numbersOf([...got, ...resumed.events]), numbers(15))
})

t.test('a stream has room until more than 1 MiB waits, and says when it has room again', async (t) => {
  let asked = 0
  const stream = new EventStream(() => asked++)
  t.teardown(() => stream.destroy())
  let sent = 0
  while (stream.hasRoom()) {
    stream.send({ event: 'error', data: { event_type: 'error', error: 'x'.repeat(100 * KIB) } })
    sent++
  }
  t.equal(sent, 11)
  t.equal(asked, 0)
  stream.resume()
  await until('room', () => stream.hasRoom())
  await until('to be asked for more', () => asked > 0)
  stream.send({ event: 'error', data: { event_type: 'error', error: 'x' } })
  t.equal(asked, 1, 'once')
})

t.test('a reader that takes nothing for some heartbeats is told why and cut off', async (t) => {
  const stream = new EventStream(() => {}, { heartbeat: 20, linger: 100 })
  const chunks: string[] = []
  while (stream.hasRoom()) stream.send({ event: 'error', data: { event_type: 'error', error: 'x'.repeat(500 * KIB) } })
  await until('it to be cut off', () => stream.destroyed)
  stream.on('data', (chunk: Buffer) => chunks.push(chunk.toString()))
  t.strictSame(chunks, [])
})

t.test('a reader that takes what waits before it is cut off reads last that it was too slow', async (t) => {
  const stream = new EventStream(() => {}, { heartbeat: 20, linger: 20_000 })
  t.teardown(() => stream.destroy())
  while (stream.hasRoom()) stream.send({ event: 'error', data: { event_type: 'error', error: 'x'.repeat(500 * KIB) } })
  await new Promise((done) => setTimeout(done, 500))
  let text = ''
  for await (const chunk of stream) text += chunk
  t.match(text, /too slow; reconnect to go on"}\n\n$/)
})

t.test('a stream that has ended takes no more, whoever goes on sending', async (t) => {
  const stream = new EventStream(() => {}, { heartbeat: 5, linger: 200 })
  stream.on('error', (error) => t.fail(error.message))
  stream.close('first')
  stream.close('second')
  stream.send({ event: 'heartbeat', data: { timestamp: new Date() } })
  let text = ''
  for await (const chunk of stream) text += chunk
  t.match(text, /"first"}\n\n$/)
  stream.close('third')
  stream.send({ event: 'heartbeat', data: { timestamp: new Date() } })
})

t.test('silence is broken by heartbeats, which have no id', async (t) => {
  const stream = new EventStream(() => {}, { heartbeat: 20 })
  t.teardown(() => stream.destroy())
  let text = ''
  stream.on('data', (chunk: Buffer) => {
    text += chunk
  })
  await until('three heartbeats', () => text.split('event: heartbeat').length > 3)
  t.match(text, /\n\nevent: heartbeat\ndata: {"timestamp":"[^"]+Z"}\n\n/)
  t.notMatch(text, /id:/)
})

t.test(
  'what the streams of an account are given is spread over time, and who waits for that is not slow',
  async (t) => {
    const backlog = new Backlog(new TotalBacklog())
    const chunk = { bytes: Buffer.alloc(MIB), holders: 0 }
    const streams = Array.from({ length: 10 }, () => new EventStream(() => {}, { backlog }))
    const since = performance.now()
    const taken = streams.map(async (stream) => {
      t.teardown(() => stream.destroy())
      let bytes = 0
      stream.on('data', (piece: Buffer) => {
        bytes += piece.length
      })
      stream.sendChunk(chunk)
      while (bytes < MIB) await once(stream, 'data')
    })
    await new Promise((done) => setTimeout(done, 60))
    const waiting = streams.filter(({ lastTook }) => performance.now() - lastTook < 5)
    t.ok(waiting.length >= 1, `${waiting.length} wait for their turn`)
    await Promise.all(taken)
    t.ok(performance.now() - since > 120, 'ten megabytes take their time')
  },
)
