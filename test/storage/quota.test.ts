import { randomUUID } from 'node:crypto'
import t, { type Test } from 'tap'
import { startService, type TestUser } from '../helpers/app.js'
import { startChat } from '../helpers/chat.js'
import { connectAgent } from '../helpers/mcp.js'
import { listen } from '../helpers/network.js'
import { connectAsOwner } from '../helpers/owner.js'

const KIB = 1024

/** An account that stores as much as it may, and its run; with a key that may read. */
async function fullAccount(t: Test) {
  const service = await startService(t, { ACCOUNT_QUOTA_BYTES: 100 * KIB })
  const user = await service.newUser()
  const chat = await startChat(user)
  const agent = await user.newAgent(['agent', 'read'])
  const token = await user.newKey()
  await chat.post('x'.repeat(120 * KIB))
  const post = (fields: object = {}, options: object = {}) =>
    agent('POST', '/messages/agent', { agent_instance_id: chat.id, content: 'more', ...fields }, options)
  await untilRefused(post)
  return { service, user, chat, agent, token, post }
}

/** What an account stores is looked up once a second. */
async function untilRefused(post: () => Promise<{ status: number }>): Promise<void> {
  for (let attempt = 0; attempt < 1_000; attempt++) {
    if ((await post()).status === 507) return
    await new Promise((done) => setTimeout(done, 20))
  }
  throw new Error('nothing was refused')
}

t.test('beyond its quota an account stores nothing more', async (t) => {
  const { user, chat, agent, post } = await fullAccount(t)
  const agent_instance_id = randomUUID()
  const refused = {
    'a step': () => post(),
    'a diff': () => post({ git_diff: '' }),
    'a new run': () => agent('POST', '/messages/agent', { agent_instance_id, agent_type: 'x', content: 'new' }),
    'a registration': () => agent('POST', '/agent-instances', { agent_type: 'x' }),
    'a batch': () =>
      agent('POST', '/messages/agent/batch', {
        messages: [{ id: randomUUID(), agent_instance_id, agent_type: 'x', content: 'old' }],
      }),
    'a reported message': () => chat.report('typed'),
    "a person's message": () => chat.write('hello'),
    'a user agent': () => user.call('POST', '/user-agents', { name: 'another' }),
    'a key': () => user.call('POST', '/auth/api-keys', { name: 'another' }),
    'a status': () => user.call('PUT', `/agent-instances/${chat.id}/status`, { status: 'PAUSED' }),
  }
  for (const [what, send] of Object.entries(refused)) {
    t.match(await send(), { status: 507, body: { code: 'storage_quota_exceeded', detail: /stores as much/ } }, what)
  }
  const detail = await chat.detail()
  t.ok(detail.body.messages.every(({ content }: { content: string }) => content !== 'new' && content !== 'hello'))
})

t.test('beyond its quota an account reads, ends and deletes runs, and has room again', async (t) => {
  const { user, chat, agent, post } = await fullAccount(t)
  t.equal((await chat.poll()).status, 200)
  t.equal((await agent('GET', '/agent-instances')).status, 200)
  t.equal((await agent('POST', '/sessions/end', { agent_instance_id: chat.id })).status, 200)
  t.equal((await user.call('DELETE', `/agent-instances/${chat.id}`)).status, 200)
  const again = { agent_instance_id: randomUUID(), agent_type: 'x' }
  for (let status = 507; status !== 200; ) {
    status = (await post(again)).status
    if (![200, 507].includes(status)) throw new Error(`status ${status}`)
  }
})

t.test('what was stored before is answered again, beyond the quota too', async (t) => {
  const { chat, agent, post, user } = await fullAccount(t)
  await user.call('DELETE', `/agent-instances/${chat.id}`)
  const body = { agent_instance_id: randomUUID(), agent_type: 'x', content: 'x'.repeat(120 * KIB) }
  const send = () => agent('POST', '/messages/agent', body, { headers: { 'idempotency-key': 'once' } })
  let first = await send()
  while (first.status === 507) first = await send()
  t.equal(first.status, 200)
  await untilRefused(() => post(body))
  const again = await send()
  t.match(again, { status: 200, headers: { 'idempotency-replayed': 'true' } })
})

t.test('the account of others has its own quota, and 0 is none', async (t) => {
  const { service } = await fullAccount(t)
  t.equal((await (await startChat(await service.newUser())).post('theirs')).status, 200)
  const unlimited = await startService(t, { ACCOUNT_QUOTA_BYTES: 0 })
  const chat = await startChat(await unlimited.newUser())
  t.equal((await chat.post('x'.repeat(500 * KIB))).status, 200)
  t.equal((await chat.post('more')).status, 200)
})

async function countsOf(owner: Awaited<ReturnType<typeof connectAsOwner>>, { id }: TestUser) {
  const { rows } = await owner.query(
    `select stored_bytes::integer as account, (select coalesce(sum(stored_bytes), 0)::integer from agent_instances
       where user_id = c.user_id) as runs from account_clocks c where user_id = $1`,
    [id],
  )
  return rows[0] as { account: number; runs: number }
}

t.test('what goes with a run is counted with it, and given back with it', async (t) => {
  const service = await startService(t)
  const owner = await connectAsOwner(t, service.testDatabase)
  const user = await service.newUser()
  const agent = await user.newAgent()
  await user.call('POST', '/user-agents', { name: 'claude code' })
  const before = await countsOf(owner, user)
  const chat = await startChat(user)
  const key = await countsOf(owner, user)
  const run = { agent_instance_id: chat.id }
  const diff = `diff --git a/a b/a\n--- a/a\n+++ b/a\n@@ -1 +1 @@\n-a\n+${'b'.repeat(10_000)}\n`
  await chat.post('with a diff', { git_diff: diff })
  const withDiff = await countsOf(owner, user)
  t.ok(withDiff.runs - key.runs > 10_000)
  await chat.post('without', { git_diff: '' })
  t.ok((await countsOf(owner, user)).runs - key.runs < 3_000, 'a diff that is replaced counts no longer')
  await agent('POST', '/messages/agent', { ...run, content: 'a question?', requires_user_input: true })
  await chat.write('an answer')
  const step = await chat.post('a step', { message_metadata: { big: 'm'.repeat(1_000) } })
  await chat.requestInput(step.body.message_id)
  await user.call('PUT', `/agent-instances/${chat.id}/status`, { status: 'PAUSED' })
  await chat.post('idempotent')
  const after = await countsOf(owner, user)
  t.equal(after.account - key.account, after.runs - key.runs, 'to the byte')
  t.ok(after.runs > 1_000)
  await user.call('DELETE', `/agent-instances/${chat.id}`)
  const { account, runs } = await countsOf(owner, user)
  t.equal(runs, 0)
  // The key that the chat has made, and the event that tells of the end of the run.
  t.equal(account - before.account, 500 + 150)
})

t.test('an agent is told by its tools, and can end its session', async (t) => {
  const { service, chat, token } = await fullAccount(t)
  const agent = await connectAgent(t, await listen(service), token)
  const refused = [
    await agent.call('log_step', { agent_instance_id: chat.id, step_description: 'more' }),
    await agent.call('ask_question', { agent_instance_id: chat.id, question_text: 'May I?' }),
  ]
  for (const { isError, text } of refused)
    t.match({ isError, text }, { isError: true, text: /stores as much as it may/ })
  t.match(await agent.call('end_session', { agent_instance_id: chat.id }), { isError: false })
})

t.test('what is noted of ended sessions and revoked keys counts as well', async (t) => {
  const service = await startService(t)
  const owner = await connectAsOwner(t, service.testDatabase)
  const user = await service.newUser()
  const { body: key } = await user.call('POST', '/auth/api-keys', { name: 'one of many' })
  const before = await countsOf(owner, user)
  t.equal((await user.call('DELETE', `/auth/api-keys/${key.id}`)).status, 200)
  const { rows } = await owner.query("select from account_events where user_id = $1 and kind = 'credential_revoked'", [
    user.id,
  ])
  t.equal(rows.length, 1)
  t.ok((await countsOf(owner, user)).account > before.account)
})
