import { randomUUID } from 'node:crypto'
import t from 'tap'
import { type Call, startService } from '../helpers/app.js'
import { newInstance, registerInstance } from '../helpers/instances.js'

t.test('user agents', async (t) => {
  const { newUser } = await startService(t)

  t.test('one is created with its name in lower case', async (t) => {
    const { call } = await newUser()
    const created = await call('POST', '/user-agents', { name: '  Nightly Triage ' })
    t.equal(created.status, 200)
    const { id, created_at, updated_at, ...rest } = created.body
    t.match(id, /^[0-9a-f-]{36}$/)
    t.equal(created_at, updated_at)
    t.strictSame(rest, {
      name: 'nightly triage',
      webhook_url: null,
      has_webhook: false,
      webhook_type: null,
      webhook_config: null,
      is_active: true,
      instance_count: 0,
      active_instance_count: 0,
      waiting_instance_count: 0,
      completed_instance_count: 0,
      error_instance_count: 0,
    })
    t.strictSame((await call('GET', '/user-agents')).body, [created.body])
  })

  t.test('a name is taken whatever its case, and also when an agent took it', async (t) => {
    const user = await newUser()
    await user.call('POST', '/user-agents', { name: 'Triage' })
    await newInstance(await user.newAgent(), { agent_type: 'Claude Code' })
    for (const name of ['triage', 'TRIAGE', ' Triage', 'claude code']) {
      const refused = await user.call('POST', '/user-agents', { name })
      t.equal(refused.status, 400, name)
      t.equal(refused.body.code, 'name_taken')
      t.ok(refused.body.detail.includes(`"${name.trim().toLowerCase()}"`), 'the detail names it')
      t.equal(refused.body.errors[0].path, 'body.name')
    }
    t.equal((await user.call('GET', '/user-agents')).body.length, 2)
  })

  t.test('of those who create one name at the same time, one gets it', async (t) => {
    const { call } = await newUser()
    const answers = await Promise.all(['X', 'x', 'X ', ' x'].map((name) => call('POST', '/user-agents', { name })))
    t.strictSame(answers.map(({ status }) => status).sort(), [200, 400, 400, 400])
  })

  t.test('bad names are refused', async (t) => {
    const { call } = await newUser()
    const { body: agent } = await call('POST', '/user-agents', { name: 'good' })
    for (const name of ['', '   ', 'x'.repeat(256), null, 7, 'a\0b']) {
      for (const answer of [
        await call('POST', '/user-agents', { name }),
        await call('PATCH', `/user-agents/${agent.id}`, { name }),
      ]) {
        t.equal(answer.status, 400, JSON.stringify(name))
        t.equal(answer.body.errors[0].path, 'body.name')
      }
    }
    t.equal((await call('POST', '/user-agents', {})).body.errors[0].path, 'body.name')
  })

  t.test('it can be renamed, turned off and on, and left alone', async (t) => {
    const { call } = await newUser()
    const { body: agent } = await call('POST', '/user-agents', { name: 'one', is_active: false })
    t.equal(agent.is_active, false)
    await call('POST', '/user-agents', { name: 'two' })
    const patch = (body: object) => call('PATCH', `/user-agents/${agent.id}`, body)

    const renamed = await patch({ name: 'Three' })
    t.equal(renamed.body.name, 'three')
    t.equal(renamed.body.is_active, false)
    t.equal((await patch({ is_active: true })).body.is_active, true)
    const { updated_at: _, ...untouched } = (await patch({})).body
    t.match(untouched, { name: 'three', is_active: true })
    t.equal((await patch({ name: 'THREE' })).status, 200, 'its own name is not taken')

    const refused = await patch({ name: 'TWO' })
    t.equal(refused.status, 400)
    t.equal(refused.body.code, 'name_taken')
    t.equal(refused.body.errors[0].path, 'body.name')
    t.equal((await call('POST', '/user-agents', { name: 'One' })).status, 200, 'the old name is free')
  })

  t.test('fields that are unknown or not to be set are ignored', async (t) => {
    const [user, other] = [await newUser(), await newUser()]
    const extras = {
      id: randomUUID(),
      user_id: other.id,
      created_at: '2001-01-01T00:00:00.000Z',
      webhook_url: 'https://example.com',
      webhook_type: 'DEFAULT',
      webhook_config: {},
      anything: 1,
    }
    const created = await user.call('POST', '/user-agents', { name: 'mine', ...extras })
    t.equal(created.status, 200)
    t.not(created.body.id, extras.id)
    const { body: before } = await user.call('GET', '/user-agents')
    const patched = await user.call('PATCH', `/user-agents/${created.body.id}`, { is_active: false, ...extras })
    t.equal(patched.status, 200)
    const { updated_at: _, ...rest } = patched.body
    t.match(rest, { id: created.body.id, name: 'mine', is_active: false, created_at: before[0].created_at })
    t.strictSame((await other.call('GET', '/user-agents')).body, [])
  })

  t.test('runs are counted by groups of statuses', async (t) => {
    const user = await newUser()
    const agent = await user.newAgent()
    const statuses = [
      'ACTIVE',
      'AWAITING_INPUT',
      'PAUSED',
      'COMPLETED',
      'COMPLETED',
      'FAILED',
      'KILLED',
      'DISCONNECTED',
    ]
    for (const status of statuses) await runWithStatus(agent, status)
    await registerInstance(agent, { agent_type: 'other' })

    const { body: agents } = await user.call('GET', '/user-agents')
    t.strictSame(
      agents.map(({ name }: { name: string }) => name),
      ['other', 'claude code'],
    )
    t.match(agents[1], {
      instance_count: 8,
      active_instance_count: 1,
      waiting_instance_count: 1,
      completed_instance_count: 2,
      error_instance_count: 3,
    })
    const patched = await user.call('PATCH', `/user-agents/${agents[1].id}`, {})
    t.equal(patched.body.instance_count, 8, 'a change answers with the counts as well')

    const { body: summary } = await user.call('GET', '/agent-summary')
    t.match(summary, { total_instances: 9, active_instances: 4, completed_instances: 2 })
    t.strictSame(summary.statuses, {
      ACTIVE: 2,
      AWAITING_INPUT: 1,
      PAUSED: 1,
      COMPLETED: 2,
      FAILED: 1,
      KILLED: 1,
      DISCONNECTED: 1,
    })
    t.strictSame(summary.agent_types, [
      { id: agents[1].id, name: 'claude code', total_instances: 8, active_instances: 3 },
      { id: agents[0].id, name: 'other', total_instances: 1, active_instances: 1 },
    ])
  })

  t.test('who has nothing gets empty lists and zeros', async (t) => {
    const { call } = await newUser()
    for (const path of ['/user-agents', '/agent-types', '/agent-instances']) {
      t.strictSame((await call('GET', path)).body, [])
    }
    t.strictSame((await call('GET', '/agent-summary')).body, {
      total_instances: 0,
      active_instances: 0,
      completed_instances: 0,
      statuses: {},
      agent_types: [],
    })
  })

  t.test('deleting one takes its runs and their chats along and frees its name at once', async (t) => {
    const user = await newUser()
    const agent = await user.newAgent()
    const [run, other] = [await newInstance(agent), await newInstance(agent, { agent_type: 'other' })]
    const { body: agents } = await user.call('GET', '/user-agents')
    const { id } = agents.find(({ name }: { name: string }) => name === 'claude code')

    const deleted = await user.call('DELETE', `/user-agents/${id}`)
    t.equal(deleted.status, 200)
    t.strictSame(Object.keys(deleted.body), ['message'])
    t.equal((await user.call('DELETE', `/user-agents/${id}`)).status, 404, 'it is gone')
    t.equal((await user.call('PATCH', `/user-agents/${id}`, {})).status, 404)
    t.equal((await user.call('GET', `/user-agents/${id}/instances`)).status, 404)
    t.equal((await user.call('GET', `/agent-instances/${run}`)).status, 404)
    t.equal((await user.call('GET', `/agent-instances/${run}/messages`)).status, 404)
    t.equal((await user.call('GET', `/agent-instances/${other}`)).body.messages.length, 1)

    const again = await user.call('POST', '/user-agents', { name: 'Claude Code' })
    t.equal(again.status, 200)
    t.not(again.body.id, id)
    t.equal(again.body.instance_count, 0)
  })

  t.test('an agent whose run went with its kind is told that it is gone, and starts another one', async (t) => {
    const user = await newUser()
    const agent = await user.newAgent()
    const agent_instance_id = await newInstance(agent)
    const { body: agents } = await user.call('GET', '/user-agents')
    await user.call('DELETE', `/user-agents/${agents[0].id}`)
    const post = (fields: object) => agent('POST', '/messages/agent', { agent_instance_id, content: 'Hi', ...fields })
    t.match(await post({ agent_type: 'claude code' }), { status: 410, body: { code: 'instance_deleted' } })
    const next = { agent_instance_id: randomUUID(), agent_type: 'claude code' }
    t.equal((await post(next)).status, 200)
    t.equal((await user.call('GET', `/agent-instances/${next.agent_instance_id}`)).body.messages.length, 1)
  })

  t.test("another tenant's user agent does not exist", async (t) => {
    const [user, other] = [await newUser(), await newUser()]
    const { body: agent } = await user.call('POST', '/user-agents', { name: 'mine' })
    t.equal((await other.call('POST', '/user-agents', { name: 'mine' })).status, 200, 'names are per tenant')
    for (const answer of [
      await other.call('PATCH', `/user-agents/${agent.id}`, { name: 'theirs' }),
      await other.call('DELETE', `/user-agents/${agent.id}`),
      await other.call('GET', `/user-agents/${agent.id}/instances`),
      await other.call('GET', `/agent-types/${agent.id}/instances`),
      await other.call('PATCH', `/user-agents/${randomUUID()}`, { name: 'theirs' }),
    ]) {
      t.equal(answer.status, 404)
      t.equal(answer.body.code, 'not_found')
    }
    t.strictSame((await user.call('GET', '/user-agents')).body, [agent])
    t.equal((await user.call('DELETE', '/user-agents/not-a-uuid')).body.errors[0].path, 'params.id')
  })
})

async function runWithStatus(agent: Call, status: string): Promise<void> {
  const id = await newInstance(agent, { requires_user_input: status === 'AWAITING_INPUT' })
  await agent('PUT', `/agent-instances/${id}/status`, { status })
}

t.test('a name that is taken costs nothing of the quota', async (t) => {
  const { newUser, database } = await startService(t)
  const user = await newUser()
  const stored = async () => {
    const clocks = database.tenant(user.id).selectFrom('account_clocks').select('stored_bytes')
    return (await clocks.executeTakeFirstOrThrow()).stored_bytes
  }
  await user.call('POST', '/user-agents', { name: 'mine' })
  const before = await stored()
  t.ok(before > 0)
  t.equal((await user.call('POST', '/user-agents', { name: 'Mine' })).status, 400)
  t.equal(await stored(), before)
})
