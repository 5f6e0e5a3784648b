import t, { type Test } from 'tap'
import { Database } from '../../db/client.js'
import type { TenantScope } from '../../db/tenant.js'
import { CatchUps } from '../../src/modules/events/catch-up.js'
import { Feed } from '../../src/modules/events/feed.js'
import type { FeedSubscriber } from '../../src/modules/events/feed-subscriber.js'
import { startService } from '../helpers/app.js'
import { startChat } from '../helpers/chat.js'
import { LiveView, refusal } from '../helpers/live-view.js'
import { listen } from '../helpers/network.js'
import { connectAsOwner } from '../helpers/owner.js'
import { until } from '../helpers/wait-timeout.js'

const MIB = 1024 * 1024

async function newAccount(t: Test, build = {}) {
  const service = await startService(t, {}, build)
  const user = await service.newUser()
  const chat = await startChat(user)
  return { service, user, chat, tenant: service.database.tenant(user.id) }
}

type Account = Awaited<ReturnType<typeof newAccount>>

/**
 * The account, by way of connections that nobody else uses: counts how often they are, and how many at once.
 *
 * @param check given all that is read, as JSON; may throw
 */
function countPages(t: Test, { service, user }: Account, check: (rows: string) => void = () => {}) {
  const database = new Database({ url: service.testDatabase.serviceUrl, poolMax: 4 })
  t.teardown(() => database.close())
  const counted = { pages: 0, now: 0, atOnce: 0, tenant: database.tenant(user.id) }
  const withClient = database.withClient.bind(database)
  database.withClient = async (borrower, work) => {
    counted.pages++
    counted.atOnce = Math.max(counted.atOnce, ++counted.now)
    try {
      const result = await withClient(borrower, work)
      check(JSON.stringify(result))
      return result
    } finally {
      counted.now--
    }
  }
  return counted
}

/** Stores messages of a size, behind those that are there. */
async function storeMessages(t: Test, { service, user, chat }: Account, count: number, bytes: number): Promise<void> {
  const owner = await connectAsOwner(t, service.testDatabase)
  await owner.query(
    `insert into messages (user_id, agent_instance_id, seq, id, sender_type, content, created_revision, revision)
     select $1, $2, 100 + n, gen_random_uuid(), 'AGENT', n || repeat(' large', $4 / 6), 100 + n, 100 + n
     from generate_series(1, $3) n`,
    [user.id, chat.id, count, bytes],
  )
  await owner.query('update account_clocks set revision = 100 + $2 where user_id = $1', [user.id, count])
  await owner.query('update agent_instances set message_count = 100 + $2 where user_id = $1', [user.id, count])
}

/** A reader that takes so many changes, and then no more until it is told to go on. */
class SlowReader implements FeedSubscriber {
  position = 0
  readonly seen: number[] = []
  room: number

  constructor(room: number) {
    this.room = room
  }

  hasRoom(): boolean {
    return this.room > 0
  }

  onChange({ revision }: { revision: number }): void {
    this.room--
    this.seen.push(revision)
  }

  onEnd(): void {}
}

function newFeed(t: Test, { tenant }: { tenant: TenantScope }, position: number, warned: string[] = []) {
  const shared = new CatchUps({ warn: (_, text) => warned.push(text) })
  const feed = new Feed(tenant, position, shared)
  t.teardown(() => feed.close())
  return { feed, shared }
}

t.test('readers at the same place share what is read, one page of their account at a time', async (t) => {
  const account = await newAccount(t)
  await storeMessages(t, account, 40, MIB / 2)
  const counted = countPages(t, account)
  const { feed } = newFeed(t, counted, 140)
  const readers = Array.from({ length: 16 }, () => new SlowReader(1000))
  for (const reader of readers) feed.add(reader)
  await until('all to have everything', () => readers.every(({ seen }) => seen.at(-1) === 140))
  for (const { seen } of readers) t.strictSame(seen, readers[0]?.seen)
  t.ok(counted.pages < 2 * 40, `${counted.pages} pages`)
  t.equal(counted.atOnce, 1)
})

t.test('what a reader had no room for is kept for it, and not read again', async (t) => {
  const account = await newAccount(t)
  await storeMessages(t, account, 200, 100)
  const counted = countPages(t, account)
  const { feed, shared } = newFeed(t, counted, 300)
  const reader = new SlowReader(1)
  feed.add(reader)
  for (let taken = 1; taken < 150; taken++) {
    await until('it to take one', () => reader.seen.length === taken)
    reader.room = 1
    feed.resume(reader)
  }
  t.equal(counted.pages, 1)
  t.ok(shared.pageCache.bytes > 0)
  reader.room = 1000
  feed.resume(reader)
  await until('the rest', () => reader.seen.at(-1) === 300)
  t.equal(new Set(reader.seen).size, reader.seen.length)
  t.equal(shared.pageCache.bytes, 0, 'nothing is kept for nobody')
})

t.test('changes that come while readers catch up follow in order, once', async (t) => {
  const account = await newAccount(t)
  await storeMessages(t, account, 1200, 10)
  const { feed } = newFeed(t, account, 1300)
  const readers = [new SlowReader(5000), new SlowReader(700), new SlowReader(1)]
  for (const reader of readers) feed.add(reader)
  const at = new Date()
  for (let revision = 1301; revision <= 2100; revision++) {
    feed.onChanges([{ kind: 'status_changed', revision, at, instanceId: account.chat.id, status: 'ACTIVE' }])
    if (revision % 100 === 0) await new Promise(setImmediate)
  }
  const expectAll = async (reader: SlowReader) => {
    await until('everything', () => {
      reader.room = 1000
      feed.resume(reader)
      return (reader.seen.at(-1) ?? 0) >= 1300
    })
    const stored = reader.seen.filter((revision) => revision > 100 && revision <= 1300)
    t.strictSame(
      stored,
      Array.from({ length: 1200 }, (_, i) => 101 + i),
    )
    t.strictSame(
      reader.seen,
      [...reader.seen].sort((a, b) => a - b),
    )
  }
  for (const reader of readers) await expectAll(reader)
})

t.test('a page that cannot be read is tried smaller, and one change that cannot be is left out', async (t) => {
  const account = await newAccount(t)
  await storeMessages(t, account, 20, 10)
  const counted = countPages(t, account, (rows) => {
    if (rows.includes('"position":110,')) throw new Error('it is too much')
  })
  const warned: string[] = []
  const { feed } = newFeed(t, counted, 120, warned)
  const reader = new SlowReader(1000)
  feed.add(reader)
  await until('the others', () => reader.seen.at(-1) === 120)
  t.strictSame(
    reader.seen.filter((revision) => revision > 100),
    Array.from({ length: 20 }, (_, i) => 101 + i).filter((revision) => revision !== 110),
  )
  t.ok(counted.pages < 40, `${counted.pages} tries`)
  t.ok(warned.some((text) => text.includes('cannot be read')))
})

t.test('while the log cannot be read at all nothing is left out', async (t) => {
  const account = await newAccount(t)
  await storeMessages(t, account, 20, 10)
  const owner = await connectAsOwner(t, account.service.testDatabase)
  await owner.query('alter table messages rename column content to elsewhere')
  const counted = countPages(t, account)
  const warned: string[] = []
  const { feed } = newFeed(t, counted, 120, warned)
  const reader = new SlowReader(1000)
  feed.add(reader)
  await until('it to be tried', () => warned.length > 3)
  await owner.query('alter table messages rename column elsewhere to content')
  await until('everything', () => {
    feed.reconcile(120)
    return reader.seen.at(-1) === 120
  })
  t.equal(reader.seen.filter((revision) => revision > 100).length, 20)
})

t.test('an account with a huge history is caught up on to its end while strangers are served', async (t) => {
  const account = await newAccount(t)
  const { service, user, chat } = account
  const base = await listen(service)
  await storeMessages(t, account, 30, MIB / 4)
  const token = user.token
  const views = await Promise.all(
    Array.from({ length: 4 }, () => LiveView.connect(t, base, chat.id, { token, query: { last_event_id: '0' } })),
  )
  const idle = await LiveView.connect(t, base, 'account', { token, query: { last_event_id: '0' } })
  const stranger = await service.newUser()
  for (const view of views) view.read()
  const { status, body } = await (await startChat(stranger)).post('meanwhile')
  t.equal(status, 200, JSON.stringify(body))
  const numbers = Array.from({ length: 30 }, (_, i) => String(i + 1))
  for (const view of views) {
    await until('the end', () => view.contents.length === 31)
    t.strictSame(
      view.contents.slice(1).map((content) => String(content).split(' ')[0]),
      numbers,
    )
  }
  idle.leave()
})

t.test('what waits for readers that do not read is bounded for their account, and others of it go on', async (t) => {
  const account = await newAccount(t, { events: { streams: { backlog: { account: 2 * MIB } } } })
  const { service, user, chat } = account
  const base = await listen(service)
  const others = [await startChat(user), await startChat(user), await startChat(user), await startChat(user)]
  const token = user.token
  const stuck = await Promise.all(others.map(({ id }) => LiveView.connect(t, base, id, { token })))
  const reader = await LiveView.open(t, base, chat.id, { token })
  for (const other of others) for (let i = 0; i < 8; i++) await other.post('x'.repeat(900 * 1024))
  await chat.post('still here')
  await reader.untilCount('message', 1)
  for (const view of stuck) view.read()
  for (const [i, view] of stuck.entries()) {
    await until('all of it, or the end', () => view.named('message').length === 8 || view.ended)
    const resumed = view.events.findLast(({ id }) => id !== undefined)?.id ?? ''
    const rest = await LiveView.open(t, base, others[i]?.id ?? '', { token, query: { last_event_id: resumed } })
    await until('the rest', () => view.named('message').length + rest.named('message').length === 8)
  }
})

t.test('streams of an account and of a session are limited, and a place is free once one has ended', async (t) => {
  const { service, user, chat } = await newAccount(t, { events: { streams: { perAccount: 3, perSession: 2 } } })
  const base = await listen(service)
  const { body } = await service.request('POST', '/api/v1/auth/login', {
    body: { email: user.email, password: user.password },
  })
  const open = (token: string) => LiveView.open(t, base, chat.id, { token })
  const first = await open(user.token)
  await open(user.token)
  t.match(await refusal(base, 'account', { token: user.token }), { status: 429, body: { code: 'too_many_streams' } })
  await open(body.access_token)
  t.match(await refusal(base, chat.id, { token: body.access_token }), { status: 429, body: { detail: /3 streams/ } })
  first.leave()
  await until('a place', async () => (await open(user.token).catch(() => undefined)) !== undefined)
  const stranger = await service.newUser()
  await LiveView.open(t, base, 'account', { token: stranger.token })
})
