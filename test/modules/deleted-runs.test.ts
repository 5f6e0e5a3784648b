import { randomUUID } from 'node:crypto'
import t, { type Test } from 'tap'
import { type Answer, startService, type TestService, type TestUser } from '../helpers/app.js'
import { type Chat, chatOf, startChat } from '../helpers/chat.js'
import { LiveView } from '../helpers/live-view.js'
import { connectAgent } from '../helpers/mcp.js'
import { listen } from '../helpers/network.js'
import { connectAsOwner, untilWaiting } from '../helpers/owner.js'

const GONE = { status: 410, body: { status: 410, code: 'instance_deleted', detail: /deleted.*Stop/ } }

async function deletedRun(
  t: Test,
): Promise<{ service: TestService; user: TestUser; chat: Chat & { firstId: string } }> {
  const service = await startService(t)
  const user = await service.newUser()
  const chat = await startChat(user)
  const { agent_type_id } = (await chat.detail()).body
  t.equal((await user.call('DELETE', `/user-agents/${agent_type_id}`)).status, 200)
  return { service, user, chat }
}

/** All that an agent can do about its run. */
function doors({ agent, id, firstId, ...chat }: Chat & { firstId: string }): Record<string, () => Promise<Answer>> {
  const run = { agent_instance_id: id }
  const headers = { 'idempotency-key': randomUUID() }
  return {
    'a step': () => chat.post('step', { agent_type: 'claude code' }),
    'a step without the type': () => chat.post('step'),
    'a step of a kind that shows nothing': () => chat.post('step', { agent_type: '\u200b' }),
    'a question': () => chat.post('question', { agent_type: 'another kind', requires_user_input: true }),
    'a step that asks for a call': () =>
      chat.post('step', { agent_type: 'x', message_metadata: { webhook_url: 'https://receiver.example/' } }),
    'a step that is sent once': () =>
      agent('POST', '/messages/agent', { ...run, agent_type: 'x', content: 'once' }, { headers }),
    registration: () => agent('POST', '/agent-instances', { ...run, agent_type: 'claude code' }),
    'registration as a kind that shows nothing': () =>
      agent('POST', '/agent-instances', { ...run, agent_type: '\u200b' }),
    'reported words': () => chat.report('typed'),
    'a look': () => chat.poll(),
    'a poll': () => chat.poll(firstId),
    'a wait': () => agent('GET', '/messages/pending', undefined, { query: { ...run, wait: '50' } }),
    'a heartbeat': () => agent('POST', `/agents/instances/${id}/heartbeat`),
    'the end': () => agent('POST', '/sessions/end', run),
    'its status': () => agent('PUT', `/agent-instances/${id}/status`, { status: 'PAUSED' }),
    'its own view': () => agent('GET', `/agent-instances/${id}`),
  }
}

t.test('an agent whose run was deleted is told so at every door, and nothing comes back', async (t) => {
  const { user, chat } = await deletedRun(t)
  for (const [door, call] of Object.entries(doors(chat))) {
    const answer = await call()
    t.match(answer, GONE, door)
    t.match(answer.headers['content-type'], 'application/problem+json', door)
  }
  const together = await Promise.all(Array.from({ length: 20 }, (_, i) => chat.post(`${i}`, { agent_type: 'x' })))
  for (const answer of together) t.match(answer, GONE)
  t.strictSame((await user.call('GET', '/agent-instances')).body, [])
  t.strictSame((await user.call('GET', '/agent-types')).body, [], 'its kind is not made either')
  t.equal((await chat.detail()).status, 404, 'for people there is nothing')
  t.equal((await chat.write('words')).status, 404)
})

t.test('messages of a batch fail for a deleted run, and are stored for others', async (t) => {
  const { user, chat } = await deletedRun(t)
  const other = randomUUID()
  const messages = [chat.id, other, chat.id].map((agent_instance_id) => ({
    ...{ id: randomUUID(), agent_instance_id, agent_type: 'x', content: 'backfilled' },
  }))
  for (const headers of [{}, { 'idempotency-key': 'once' }]) {
    const { status, body } = await chat.agent('POST', '/messages/agent/batch', { messages }, { headers })
    t.equal(status, 200)
    t.match(body.results, [
      { status: 'failed', error: { code: 'instance_deleted' } },
      { status: /created|duplicate/ },
      { status: 'failed', error: { code: 'instance_deleted' } },
    ])
  }
  const listed = (await user.call('GET', '/agent-instances')).body
  t.strictSame(
    listed.map(({ id }: { id: string }) => id),
    [other],
  )
})

t.test('tools of MCP tell the model to stop', async (t) => {
  const { service, user, chat } = await deletedRun(t)
  const agent = await connectAgent(t, await listen(service), await user.newKey())
  const run = { agent_instance_id: chat.id }
  for (const [tool, args] of Object.entries({
    log_step: { ...run, step_description: 'going on' },
    ask_question: { ...run, question_text: 'May I?' },
    end_session: run,
  })) {
    const { isError, text } = await agent.call(tool, args)
    t.ok(isError, tool)
    t.match(text, /deleted.*Stop/, tool)
  }
  const { result } = await agent.call('log_step', { step_description: 'a new run' })
  t.not(result.agent_instance_id, chat.id)
})

t.test('what another tenant has deleted is an id like any other, whatever is done with it', async (t) => {
  const { service, chat } = await deletedRun(t)
  const other = await service.newUser()
  const theirs = chatOf(other, await other.newAgent(), chat.id)
  const { 'a step': step, registration, ...rest } = doors({ ...theirs, firstId: chat.firstId })
  for (const [door, call] of Object.entries(rest)) {
    if (!/asks for a call|is sent once|a question/.test(door)) t.match((await call()).status, /^40[04]$/, door)
  }
  t.equal((await registration?.())?.status, 201)
  t.equal((await step?.())?.status, 200)
  t.match(await chat.post('step', { agent_type: 'x' }), GONE)
})

t.test('a run is not made again by those who come while it is being deleted', async (t) => {
  const service = await startService(t)
  const user = await service.newUser()
  const [owner, deleter] = [
    await connectAsOwner(t, service.testDatabase),
    await connectAsOwner(t, service.testDatabase),
  ]
  for (const door of ['registration', 'a step'] as const) {
    const chat = await startChat(user)
    await deleter.query('begin')
    await deleter.query('delete from agent_instances where id = $1', [chat.id])
    const coming = doors(chat)[door]?.()
    await untilWaiting(owner, 1)
    await deleter.query('commit')
    t.match(await coming, GONE, door)
    t.equal((await chat.detail()).status, 404, door)
  }
})

t.test('after 90 days the id may be new again, and has no other life', async (t) => {
  const service = await startService(t)
  const user = await service.newUser()
  const chat = await startChat(user)
  await user.call('DELETE', `/agent-instances/${chat.id}`)
  const owner = await connectAsOwner(t, service.testDatabase)
  const age = (days: number) =>
    owner.query(
      `update account_events set created_at = now() - make_interval(days => $1) where kind = 'instance_deleted'`,
      [days],
    )
  const stored = async () => {
    const { rows } = await owner.query('select stored_bytes::integer as bytes from account_clocks where user_id = $1', [
      user.id,
    ])
    return rows[0].bytes
  }
  await age(89)
  t.match(await chat.post('second life', { agent_type: 'claude code' }), GONE)
  const before = await stored()
  await age(91)
  t.equal((await chat.post('second life', { agent_type: 'claude code' })).status, 200)

  const base = await listen(service)
  const view = await LiveView.open(t, base, chat.id, { token: user.token, query: { last_event_id: '0' } })
  await chat.post('third step')
  await view.untilCount('message', 2)
  t.strictSame(view.contents, ['second life', 'third step'])
  t.strictSame(view.named('status_update'), [])
  t.equal(view.ended, false)

  await user.call('DELETE', `/agent-instances/${chat.id}`)
  await view.untilEnded()
  t.equal(await stored(), before, 'what told of the first deletion was counted no longer')
  t.match(await chat.post('third life', { agent_type: 'claude code' }), GONE)
})
