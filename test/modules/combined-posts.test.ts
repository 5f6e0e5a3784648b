import { randomUUID } from 'node:crypto'
import { connect } from 'node:net'
import { sql } from 'kysely'
import type pg from 'pg'
import t, { type Test } from 'tap'
import { appendMessages, lockChats } from '../../src/modules/messages/append.js'
import { type Answer, startOn, startService, type TestUser } from '../helpers/app.js'
import { contents, startChat } from '../helpers/chat.js'
import { listen, until } from '../helpers/live-view.js'
import { superuser } from '../helpers/superuser.js'

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
    const { rows } = await sql`select from ${sql.table(table)}`.execute(scope)
    t.equal(rows.length, 0, `${table} is none of its business`)
  }

  const message = (userId: string, instanceId: string) => ({
    ...{ userId, instanceId, id: randomUUID(), content: 'x', senderType: 'AGENT' as const, metadata: null },
    ...{
      requiresUserInput: false,
      senderKeyId: null,
      reportedByAgent: false,
      forAgent: false,
      isAside: false,
      isHistory: false,
      movesPlace: true,
      drainsQueue: true,
    },
    offersQueue: false,
  })
  const [theirs] = chats
  const smuggled = [message(outsider, theirs?.id ?? ''), message(inside[0] ?? '', theirs?.id ?? '')]
  const [[locked], appended] = await scope.pipeline(lockChats(smuggled, true), appendMessages(smuggled))
  t.strictSame([locked?.count, appended.length], [0, 0], 'neither the run of an outsider nor under another name')

  const forbidden = {
    'a message of an outsider': sql`insert into messages (user_id, agent_instance_id, seq, id, sender_type, content,
      requires_user_input, created_revision, revision)
      values (${outsider}, ${theirs?.id}, 9, gen_random_uuid(), 'AGENT', 'x', false, 9, 9)`,
    'an event of an outsider': sql`insert into account_events (user_id, revision, kind) values (${outsider}, 99,
      'credential_revoked')`,
    'giving a run away': sql`update agent_instances set user_id = ${outsider} where user_id = ${inside[0]}`,
  }
  for (const [what, statement] of Object.entries(forbidden)) await t.rejects(statement.execute(scope), what)
  const harmless = {
    'the run of an outsider': sql`update agent_instances set name = 'x' where user_id = ${outsider}`,
    'the clock of an outsider': sql`update account_clocks set revision = 0 where user_id = ${outsider}`,
    'a password': sql`update users set password_hash = null`,
    messages: sql`delete from messages`,
    'the text of messages': sql`update messages set content = 'x'`,
    runs: sql`delete from agent_instances`,
    accounts: sql`delete from users`,
  }
  for (const [what, statement] of Object.entries(harmless)) {
    const { numAffectedRows } = await statement.execute(scope)
    t.equal(Number(numAffectedRows ?? 0), 0, what)
  }
  const { rows } = await admin.query('select count(*)::integer as messages from messages')
  t.strictSame(rows, [{ messages: 3 }])
})
