import { randomUUID } from 'node:crypto'
import t from 'tap'
import { type Answer, startService } from '../helpers/app.js'
import { startChat } from '../helpers/chat.js'
import { untilWaiting } from '../helpers/owner.js'
import { superuser } from '../helpers/superuser.js'

const times = (length: number) => Array.from({ length }, (_, i) => i)

/** Somebody whose lock others of the account have to wait for, and a stranger. */
async function twoAccounts(t: Parameters<typeof startService>[0]) {
  const service = await startService(t, {}, { poolMax: 4 })
  const [user, stranger] = [await service.newUser(), await service.newUser()]
  const [chat, theirs] = [await startChat(user), await startChat(stranger)]
  const agent = await user.newAgent()
  const strangersAgent = await stranger.newAgent(['agent', 'read'])
  const admin = await superuser(t, service.testDatabase)
  /** Everything that a stranger does; each of it must go through. */
  const callAsStranger = async () => [
    await strangersAgent('POST', '/messages/agent', { agent_instance_id: theirs.id, content: 'a step' }),
    await strangersAgent('POST', '/messages/agent', {
      agent_instance_id: randomUUID(),
      agent_type: 'x',
      content: 'new',
    }),
    await strangersAgent('GET', '/agent-instances'),
    await strangersAgent('GET', `/messages/pending?agent_instance_id=${theirs.id}`),
    await stranger.call('POST', `/agent-instances/${theirs.id}/messages`, { content: 'go on' }),
    await service.request('GET', '/ready'),
  ]
  return { service, user, chat, agent, admin, callAsStranger }
}

const statuses = (answers: readonly Answer[]) => [...new Set(answers.map(({ status }) => status))]

/** Posts that cannot be combined, each in a transaction of its own. */
function postAlone(agent: Awaited<ReturnType<typeof twoAccounts>>['agent'], instanceId: string, i: number) {
  const body = { agent_instance_id: instanceId, content: `${i}` }
  return agent('POST', '/messages/agent', body, { headers: { 'idempotency-key': `post-${i}` } })
}

/** As clients do: what was refused for now is sent again. */
async function untilDone(send: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    const answer = await send()
    if (answer.status !== 503 && answer.body.code !== 'idempotency_in_progress') return answer
  }
}

t.test('those who wait for a lock hold up nobody else, and go on when it is free', async (t) => {
  const { service, chat, agent, admin, callAsStranger } = await twoAccounts(t)
  await admin.query('begin')
  await admin.query('select from agent_instances where id = $1 for update', [chat.id])
  let answered = 0
  const waiting = times(40).map((i) => untilDone(() => postAlone(agent, chat.id, i)))
  for (const answer of waiting) answer.then(() => answered++)
  await untilWaiting(await superuser(t, service.testDatabase), 1)
  t.strictSame(statuses(await callAsStranger()), [200])
  t.equal(answered, 0)
  await admin.query('commit')
  t.strictSame(statuses(await Promise.all(waiting)), [200])
  const { rows } = await admin.query('select count(*)::integer as count from messages where content ~ $1', ['^[0-9]+$'])
  t.strictSame(rows, [{ count: 40 }], 'each of them once')
})

t.test('a lock that stays held ends in a 503 that says when to come again, and leaves nothing behind', async (t) => {
  const { chat, agent, admin, callAsStranger } = await twoAccounts(t)
  await admin.query('begin')
  await admin.query(
    'select from account_clocks where user_id = (select user_id from agent_instances where id = $1) for update',
    [chat.id],
  )
  const waiting = Promise.all([
    ...times(10).map((i) => postAlone(agent, chat.id, i)),
    ...times(10).map((i) => chat.post(`combined ${i}`)),
  ])
  t.strictSame(statuses(await callAsStranger()), [200])
  for (const { status, body, headers } of await waiting) {
    t.match(
      { status, body, headers },
      { status: 503, body: { code: 'unavailable' }, headers: { 'retry-after': /^\d+$/ } },
    )
  }
  await admin.query('commit')
  t.equal((await postAlone(agent, chat.id, 0)).status, 200, 'its key is free')
  t.equal((await chat.detail()).body.messages.length, 2)
})

t.test('batches of new runs, many at once, hold up nobody else, and none of them is stored twice', async (t) => {
  const { agent, admin, callAsStranger } = await twoAccounts(t)
  const batches = times(12).map((n) => ({
    key: `batch-${n}`,
    messages: times(10).map(() => ({
      id: randomUUID(),
      agent_instance_id: randomUUID(),
      agent_type: 'x',
      content: 'many',
    })),
  }))
  const send = ({ key, messages }: (typeof batches)[number]) =>
    untilDone(() => agent('POST', '/messages/agent/batch', { messages }, { headers: { 'idempotency-key': key } }))
  const sent = batches.map(send)
  for (let round = 0; round < 3; round++) t.strictSame(statuses(await callAsStranger()), [200])
  t.strictSame(statuses(await Promise.all(sent)), [200])
  const { rows } = await admin.query(`select count(*)::integer as count from messages where content = 'many'`)
  t.strictSame(rows, [{ count: 120 }])
})
