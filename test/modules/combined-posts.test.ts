import { randomUUID } from 'node:crypto'
import { connect } from 'node:net'
import { sql } from 'kysely'
import type pg from 'pg'
import t, { type Test } from 'tap'
import { BusyError, DatabaseUnavailableError } from '../../db/errors.js'
import { appendTogether } from '../../src/modules/account-log/append.js'
import { lockFreeChats } from '../../src/modules/account-log/chats.js'
import { Combiner } from '../../src/modules/messages/combiner.js'
import { type Answer, startOn, startService, type TestUser } from '../helpers/app.js'
import { contents, newStep, startChat } from '../helpers/chat.js'
import { listen } from '../helpers/network.js'
import { superuser } from '../helpers/superuser.js'
import { until } from '../helpers/wait-timeout.js'

const numbers = (length: number) => Array.from({ length }, (_, i) => i)

async function newService(t: Test) {
  const service = await startService(t)
  const admin = await superuser(t, service.testDatabase)
  const post = (token: string, agent_instance_id: string, content: string, fields: object = {}) =>
    service.request('POST', '/api/v1/messages/agent', { token, body: { agent_instance_id, content, ...fields } })
  const chatOf = async (user: TestUser, run: string) =>
    contents((await user.call('GET', `/agent-instances/${run}?message_limit=200`)).body.messages)
  return { service, admin, post, chatOf, newUser: service.newUser }
}

/** Counts the transactions that posts are stored in together. */
async function countTransactions(admin: pg.Client): Promise<() => Promise<number>> {
  await admin.query('create table transactions (transaction xid8 primary key); grant all on transactions to public')
  await admin.query(`
    create function note_transaction() returns trigger language plpgsql as $$ begin
      insert into transactions values (pg_current_xact_id()) on conflict do nothing; return null; end $$;
    create trigger note_transaction after insert on messages for each statement execute function note_transaction()`)
  return async () => (await admin.query('select from transactions')).rowCount ?? 0
}

t.test('posts that arrive together share transactions, whoever they belong to', async (t) => {
  const { admin, post, chatOf, newUser } = await newService(t)
  const people = await Promise.all(numbers(5).map(() => newUser()))
  const run = randomUUID()
  const keys = await Promise.all(people.map((user) => user.newKey()))
  for (const user of people) await startChat(user, run)
  const transactions = await countTransactions(admin)
  const answers = await Promise.all(numbers(100).map((i) => post(keys[i % 5] ?? '', run, `${i}`)))
  t.ok(answers.every(({ status }) => status === 200))
  const count = await transactions()
  t.ok(count > 0 && count <= 25, `${count} transactions for 100 posts`)
  for (const [n, user] of people.entries()) {
    t.strictSame(await chatOf(user, run), [
      'start',
      ...numbers(100)
        .filter((i) => i % 5 === n)
        .map(String),
    ])
  }
})

t.test('a message that cannot be stored fails alone', async (t) => {
  const { admin, post, chatOf, newUser } = await newService(t)
  const user = await newUser()
  const stranger = await newUser()
  const [chat, theirs] = [await startChat(user), await startChat(stranger)]
  const keys = [await user.newKey(), await stranger.newKey()] as const
  await admin.query(`alter table messages add constraint antidote check (content <> 'poison')`)
  const contentOf = (i: number) => (i % 7 === 3 ? 'poison' : `${i}`)
  const answers = await Promise.all(
    numbers(40).map((i) => post(keys[i % 2 ? 1 : 0], i % 2 ? theirs.id : chat.id, contentOf(i))),
  )
  for (const [i, { status }] of answers.entries()) t.equal(status, contentOf(i) === 'poison' ? 500 : 200, contentOf(i))
  const stored = numbers(40).filter((i) => contentOf(i) !== 'poison')
  t.strictSame(await chatOf(user, chat.id), ['start', ...stored.filter((i) => i % 2 === 0).map(String)])
  t.strictSame(await chatOf(stranger, theirs.id), ['start', ...stored.filter((i) => i % 2 === 1).map(String)])
})

t.test('new runs, old ones and one that cannot be made go together, each answered for itself', async (t) => {
  const { post, chatOf, newUser } = await newService(t)
  const user = await newUser()
  const key = await user.newKey()
  const old = await startChat(user)
  const born = randomUUID()
  await old.write('for the agent')
  const answers = await Promise.all([
    post(key, born, 'a', { agent_type: 'x' }),
    post(key, old.id, 'b'),
    post(key, randomUUID(), 'c'),
    post(key, born, 'd'),
    post(key, old.id, 'e'),
  ])
  t.strictSame(
    answers.map(({ status }) => status),
    [200, 200, 400, 200, 200],
  )
  t.equal(answers[2].body.code, 'agent_type_required')
  const handed = (answer: Answer) => contents(answer.body.queued_user_messages)
  t.strictSame([...handed(answers[1]), ...handed(answers[4])], ['for the agent'], 'handed out once')
  t.strictSame(await chatOf(user, born), ['a', 'd'])
  t.strictSame(await chatOf(user, old.id), ['start', 'for the agent', 'b', 'e'])
})

t.test('chats that somebody holds hold up nobody else, and their posts go on when they are free', async (t) => {
  const { admin, post, chatOf, newUser } = await newService(t)
  const user = await newUser()
  const key = await user.newKey()
  const held = await Promise.all(numbers(4).map(() => startChat(user)))
  const free = await startChat(await newUser())
  await admin.query('begin')
  await admin.query('select from agent_instances where id = any ($1) for update', [held.map(({ id }) => id)])
  const waiting: Promise<Answer>[] = []
  let answered = 0
  for (const [i, { id }] of held.entries()) {
    // Each in a batch of its own: there is never more than a few of them.
    waiting.push(post(key, id, `held ${i}`), post(key, id, `next ${i}`))
    t.equal((await free.post(`free ${i}`)).status, 200)
  }
  for (const answer of waiting) answer.then(() => answered++)
  await Promise.all(numbers(20).map((i) => free.post(`more ${i}`)))
  t.equal(answered, 0)
  await admin.query('commit')
  t.ok((await Promise.all(waiting)).every(({ status }) => status === 200))
  for (const [i, { id }] of held.entries()) t.strictSame(await chatOf(user, id), ['start', `held ${i}`, `next ${i}`])
})

t.test("an account whose clock somebody holds is left out of the others' transactions", async (t) => {
  const { admin, post, newUser } = await newService(t)
  const [user, other] = [await newUser(), await newUser()]
  const [chats, free] = [await Promise.all(numbers(10).map(() => startChat(user))), await startChat(other)]
  const [key, otherKey] = [await user.newKey(), await other.newKey()]
  // Both keys are known from now on: what follows arrives together.
  await Promise.all([post(key, chats[0]?.id ?? '', 'known'), post(otherKey, free.id, 'known')])
  const transactions = await countTransactions(admin)
  await admin.query('begin')
  await admin.query('select from account_clocks where user_id = $1 for update', [user.id])
  const held = chats.map(({ id }) => post(key, id, 'held'))
  const answers = await Promise.all(numbers(20).map((i) => post(otherKey, free.id, `${i}`)))
  t.ok(answers.every(({ status }) => status === 200))
  const count = await transactions()
  t.ok(count > 0 && count <= 10, `${count} transactions for 20 posts`)
  await admin.query('commit')
  t.ok((await Promise.all(held)).every(({ status }) => status === 200))
})

/** So many posts written to a socket before the first answer is read. */
async function pipeline(base: string, token: string, bodies: readonly object[]): Promise<number> {
  const { port } = new URL(base)
  const socket = connect(Number(port), '127.0.0.1')
  let text = ''
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
  })
  const requests = bodies.map((body) => {
    const json = JSON.stringify(body)
    const headers = [
      'POST /api/v1/messages/agent HTTP/1.1',
      'host: localhost',
      `authorization: Bearer ${token}`,
      'content-type: application/json',
      `content-length: ${Buffer.byteLength(json)}`,
    ]
    return `${headers.join('\r\n')}\r\n\r\n${json}`
  })
  socket.write(requests.join(''))
  const answered = () => text.split('HTTP/1.1 200').length - 1
  await until('all to be answered', () => text.split('HTTP/1.1 ').length - 1 === bodies.length)
  socket.destroy()
  return answered()
}

/** As many as one connection may have. */
const UNANSWERED = 16

t.test('posts that are sent without waiting for answers stay in their order', async (t) => {
  const { service, chatOf, newUser } = await newService(t)
  const base = await listen(service)
  const user = await newUser()
  const runs = numbers(3).map(() => randomUUID())
  const sent = await Promise.all(
    runs.map(async (agent_instance_id) => {
      const bodies = numbers(UNANSWERED).map((i) => ({ agent_instance_id, agent_type: 'x', content: `${i}` }))
      return pipeline(base, await user.newKey(), bodies)
    }),
  )
  t.strictSame(sent, [UNANSWERED, UNANSWERED, UNANSWERED])
  for (const run of runs) t.strictSame(await chatOf(user, run), numbers(UNANSWERED).map(String))
})

/** Notes which messages are stored in which transaction. @returns the contents of each one, in their order */
async function noteTransactions(admin: pg.Client): Promise<() => Promise<string[][]>> {
  await admin.query(`
    create table stored (n serial, transaction xid8, content text);
    grant all on stored to public; grant all on stored_n_seq to public`)
  await admin.query(`
    create function note_stored() returns trigger language plpgsql as $$ begin
      insert into stored (transaction, content) values (pg_current_xact_id(), left(new.content, 20)); return null; end $$;
    create trigger note_stored after insert on messages for each row execute function note_stored()`)
  return async () => {
    const { rows } = await admin.query(`
      select array_agg(content order by n) as contents from stored group by transaction order by min(n)`)
    return rows.map(({ contents }) => contents)
  }
}

/** A combiner by itself, which is given what comes in one moment. */
async function newCombiner(t: Test, options: { maxWaiting?: number } = {}) {
  const { service, admin, newUser } = await newService(t)
  const combiner = new Combiner<string>(service.database, options)
  const append = (
    userId: string,
    instanceId: string,
    content: string,
    more: { bytes?: number; alone?: string } = {},
  ) => {
    const message = newStep(userId, instanceId, content)
    return combiner.append(message, more.bytes ?? content.length, async () => more.alone ?? 'alone')
  }
  return { service, admin, newUser, append }
}

const LARGE = 16 * 1024 + 1

t.test('a stranger among many posts of one account shares the first transaction: accounts take turns', async (t) => {
  const { admin, newUser, append } = await newCombiner(t)
  const [user, stranger] = [await newUser(), await newUser()]
  const [chat, theirs] = [await startChat(user), await startChat(stranger)]
  const transactions = await noteTransactions(admin)
  await Promise.all([
    ...numbers(600).map((i) => append(user.id, chat.id, `many ${i}`)),
    ...numbers(2).map((i) => append(stranger.id, theirs.id, `few ${i}`)),
  ])
  const stored = await transactions()
  t.ok(['few 0', 'few 1', 'many 0'].every((content) => stored[0]?.includes(content)))
  t.ok(stored.length <= 10, `${stored.length} transactions for 602 posts`)
  const many = stored.flat().filter((content) => content.startsWith('many'))
  t.strictSame(
    many,
    numbers(600).map((i) => `many ${i}`),
    'in their order',
  )
})

t.test(
  'a transaction has 1 MiB at most, whatever the posts consist of, and nobody passes another one by',
  async (t) => {
    const { admin, newUser, append } = await newCombiner(t)
    const user = await newUser()
    const chat = await startChat(user)
    const transactions = await noteTransactions(admin)
    const sizes = numbers(300).map((i) => (i % 10 ? 16 * 1024 : 1))
    await Promise.all(sizes.map((bytes, i) => append(user.id, chat.id, `${i}`, { bytes })))
    const stored = await transactions()
    t.strictSame(stored.flat(), numbers(300).map(String))
    for (const contents of stored) {
      const bytes = contents.reduce((sum, content) => sum + (sizes[Number(content)] ?? 0), 0)
      t.ok(bytes <= 1024 * 1024, `${bytes} bytes`)
    }
  },
)

t.test('what is large is stored alone, two at once of an account, while others go on', async (t) => {
  const { service, admin, newUser } = await newService(t)
  const user = await newUser()
  const chats = await Promise.all(numbers(7).map(() => startChat(user)))
  const small = chats[6]?.id ?? ''
  const transactions = await noteTransactions(admin)
  const combiner = new Combiner<string>(service.database)
  const begun: string[] = []
  const ends: (() => void)[] = []
  const append = (instanceId: string, content: string, bytes: number) => {
    const message = newStep(user.id, instanceId, content)
    return combiner.append(message, bytes, async () => {
      begun.push(content)
      await new Promise<void>((resolve) => ends.push(resolve))
      return content
    })
  }
  const large = chats.slice(0, 6).map(({ id }, i) => append(id, `large ${i}`, LARGE))
  await Promise.all(numbers(5).map((i) => append(small, `small ${i}`, 10)))
  // They begin in turns of their own; the database may have been quicker.
  await until('two to begin', () => begun.length >= 2)
  t.strictSame(begun, ['large 0', 'large 1'])
  t.strictSame(
    (await transactions()).flat(),
    numbers(5).map((i) => `small ${i}`),
    'none of which waited for them',
  )
  ends[1]?.()
  await large[1]
  await until('the next one to begin', () => begun.length === 3)
  t.equal(begun[2], 'large 2')
  await until('all to begin', () => {
    for (const end of ends) end()
    return begun.length === 6
  })
  for (const end of ends) end()
  t.strictSame(
    await Promise.all(large),
    numbers(6).map((i) => `large ${i}`),
  )
})

t.test(
  'diffs, contents and metadata of more than 16 KiB share no transaction, and keep their place in a chat',
  async (t) => {
    const { service, admin, post, chatOf, newUser } = await newService(t)
    const base = await listen(service)
    const [user, stranger] = [await newUser(), await newUser()]
    const [chat, theirs] = [await startChat(user), await startChat(stranger)]
    const [key, theirKey] = [await user.newKey(), await stranger.newKey()]
    const transactions = await noteTransactions(admin)
    const git_diff = `diff --git a/a b/a\n${'+x\n'.repeat(30_000)}`
    const message_metadata = { note: 'x'.repeat(65_000) }
    const posts = [
      { content: '0' },
      { content: '1', git_diff },
      { content: '2' },
      { content: `3 ${'x'.repeat(1_000)}`, message_metadata },
      { content: `4 ${'x'.repeat(100_000)}` },
      { content: '5', message_metadata },
      { content: '6' },
    ].map((fields) => ({ agent_instance_id: chat.id, ...fields }))
    const [answered, ...strangers] = await Promise.all([
      pipeline(base, key, posts),
      ...numbers(30).map((i) => post(theirKey, theirs.id, `stranger ${i}`)),
    ])
    t.equal(answered, posts.length)
    t.ok(strangers.every(({ status }) => status === 200))
    const firstWords = (contents: string[]) => contents.map((content) => content.split(' x')[0])
    t.strictSame(firstWords(await chatOf(user, chat.id)), ['start', ...numbers(7).map(String)])
    const stored = await transactions()
    for (const large of ['1', '3', '4']) {
      const shared = stored.filter((contents) => firstWords(contents).includes(large))
      t.strictSame(shared.map(firstWords), [[large]], `${large} is alone`)
    }
  },
)

t.test('how many posts of an account wait is bounded, and nobody else feels it', async (t) => {
  const { newUser, append } = await newCombiner(t, { maxWaiting: 3 })
  const [user, stranger] = [await newUser(), await newUser()]
  const [chat, theirs] = [await startChat(user), await startChat(stranger)]
  const results = await Promise.allSettled([
    ...numbers(5).map((i) => append(user.id, chat.id, `${i}`)),
    append(stranger.id, theirs.id, 'stranger'),
  ])
  t.strictSame(
    results.map(({ status }) => status),
    ['fulfilled', 'fulfilled', 'fulfilled', 'rejected', 'rejected', 'fulfilled'],
  )
  for (const result of results) if (result.status === 'rejected') t.ok(result.reason instanceof BusyError)
  await append(user.id, chat.id, 'later')
})

t.test('who waits for too long behind large posts that cannot be stored is refused, small ones go on', async (t) => {
  const { service, newUser } = await newService(t)
  const user = await newUser()
  const chats = await Promise.all(numbers(6).map(() => startChat(user)))
  const combiner = new Combiner<string>(service.database)
  const fails: (() => void)[] = []
  const append = (i: number, bytes: number) => {
    const message = newStep(user.id, chats[i]?.id ?? '', `${i}`)
    const alone = () =>
      new Promise<string>((_, reject) => fails.push(() => reject(new DatabaseUnavailableError(`away for ${i}`))))
    return combiner.append(message, bytes, alone)
  }
  const large = numbers(5).map((i) => append(i, LARGE).then(() => 'stored', String))
  await until('two to begin', () => fails.length === 2)
  await new Promise((resolve) => setTimeout(resolve, 600))
  fails[0]?.()
  t.match(await large[4], /away for 0/)
  t.equal(fails.length, 2, 'it was not tried')
  t.ok(await append(5, 10))
  for (const fail of fails) fail()
  await Promise.all(large)
})

t.test('a transaction that takes too long is taken apart: who did not cause that is answered', async (t) => {
  const { admin, post, chatOf, newUser } = await newService(t)
  const [user, stranger] = [await newUser(), await newUser()]
  const [chat, theirs] = [await startChat(user), await startChat(stranger)]
  const [key, theirKey] = [await user.newKey(), await stranger.newKey()]
  await Promise.all([post(key, chat.id, 'known'), post(theirKey, theirs.id, 'known')])
  await admin.query(`
    create function be_slow() returns trigger language plpgsql as $$ begin
      raise 'canceling statement due to statement timeout' using errcode = 'query_canceled'; end $$;
    create trigger be_slow before insert on messages for each row when (new.content = 'slow') execute function be_slow()`)
  const answers = await Promise.all(
    numbers(20).map((i) => (i === 7 ? post(key, chat.id, 'slow') : post(theirKey, theirs.id, `${i}`))),
  )
  t.strictSame(
    answers.map(({ status }) => status),
    numbers(20).map((i) => (i === 7 ? 503 : 200)),
  )
  t.strictSame(
    (await chatOf(stranger, theirs.id)).slice(2),
    numbers(20)
      .filter((i) => i !== 7)
      .map(String),
  )
})

t.test('an agent that waits for each answer finds its posts in their order, over many connections', async (t) => {
  const { service, chatOf, newUser } = await newService(t)
  const other = await startOn(t, service.testDatabase)
  const bases = [await listen(service), await listen(other)]
  const user = await newUser()
  const key = await user.newKey()
  const runs = numbers(12).map(() => randomUUID())
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
  await Promise.all(
    runs.map(async (agent_instance_id) => {
      for (const i of numbers(15)) {
        const body = JSON.stringify({ agent_instance_id, agent_type: 'x', content: `${i}` })
        const { status } = await fetch(`${bases[i % 2]}/api/v1/messages/agent`, { method: 'POST', headers, body })
        if (status !== 200) throw new Error(`status ${status}`)
      }
    }),
  )
  for (const run of runs) t.strictSame(await chatOf(user, run), numbers(15).map(String))
})

t.test('the scope of several tenants reaches these tenants, and does only what appending takes', async (t) => {
  const { service, admin, newUser } = await newService(t)
  const people = [await newUser(), await newUser(), await newUser()] as const
  const chats = await Promise.all(people.map((user) => startChat(user)))
  const [outsider, ...inside] = [people[0].id, people[1].id, people[2].id]
  const scope = service.database.severalTenants(inside)
  for (const table of ['agent_instances', 'messages', 'account_clocks'] as const) {
    const { rows } = await sql<{ id: string }>`select distinct user_id as id from ${sql.table(table)}`.execute(scope)
    t.strictSame(rows.map(({ id }) => id).sort(), [...inside].sort(), table)
  }
  for (const table of [
    'users',
    'account_events',
    'api_keys',
    'sessions',
    'refresh_tokens',
    'user_agents',
    'idempotency_keys',
  ] as const) {
    const read = sql`select from ${sql.table(table)}`.execute(scope)
    await t.rejects(read, { code: '42501' }, `${table} is none of its business`)
  }

  const [theirs] = chats
  const smuggled = [outsider, inside[0] ?? ''].map((userId) => newStep(userId, theirs?.id ?? '', 'x'))
  const { locked, appended } = await scope.pipeline({
    locked: lockFreeChats(smuggled),
    appended: appendTogether(smuggled),
  })
  t.strictSame([locked, appended.size], [0, 0], 'neither the run of an outsider nor under another name')

  const forbidden = {
    'a message of an outsider': sql`insert into messages (user_id, agent_instance_id, seq, id, sender_type, content,
      requires_user_input, created_revision, revision)
      values (${outsider}, ${theirs?.id}, 9, gen_random_uuid(), 'AGENT', 'x', false, 9, 9)`,
    'an event of an outsider': sql`insert into account_events (user_id, revision, kind) values (${outsider}, 99,
      'credential_revoked')`,
    'giving a run away': sql`update agent_instances set user_id = ${outsider} where user_id = ${inside[0]}`,
    'a password': sql`update users set password_hash = null`,
    messages: sql`delete from messages`,
    'the text of messages': sql`update messages set content = 'x'`,
    runs: sql`delete from agent_instances`,
    accounts: sql`delete from users`,
  }
  for (const [what, statement] of Object.entries(forbidden)) await t.rejects(statement.execute(scope), what)
  const harmless = {
    'the run of an outsider': sql`update agent_instances set name = 'x' where user_id = ${outsider}`,
    'the clock of an outsider': sql`update account_clocks set revision = 0 where user_id = ${outsider}`,
  }
  for (const [what, statement] of Object.entries(harmless)) {
    const { numAffectedRows } = await statement.execute(scope)
    t.equal(Number(numAffectedRows ?? 0), 0, what)
  }
  const { rows } = await admin.query('select count(*)::integer as messages from messages')
  t.strictSame(rows, [{ messages: 3 }])
})
