import { randomUUID } from 'node:crypto'
import t from 'tap'
import { startService } from '../helpers/app.js'
import { contents, startChat } from '../helpers/chat.js'
import { newInstance, registerInstance } from '../helpers/instances.js'

t.test('agent instances', async (t) => {
  const { newUser } = await startService(t)

  t.test('a run is registered under the id, name and transport it asks for', async (t) => {
    const user = await newUser()
    const agent = await user.newAgent()
    const agent_instance_id = randomUUID()
    const body = { agent_instance_id, agent_type: 'Claude Code', name: 'Fix login', transport: 'ws', extra: 1 }
    const answer = await agent('POST', '/agent-instances', body)
    t.equal(answer.status, 201)
    const [type] = (await user.call('GET', '/agent-types')).body
    t.strictSame(answer.body, {
      agent_instance_id,
      agent_type_id: type.id,
      agent_type_name: 'claude code',
      status: 'ACTIVE',
      name: 'Fix login',
      instance_metadata: { transport: 'ws' },
    })
  })

  t.test('a run is registered with no more than its kind', async (t) => {
    const user = await newUser()
    const agent = await user.newAgent()
    for (const body of [{}, { agent_instance_id: null, name: null, transport: null }]) {
      const answer = await agent('POST', '/agent-instances', { agent_type: 'ci', ...body })
      t.equal(answer.status, 201)
      t.match(answer.body.agent_instance_id, /^[0-9a-f]{8}-[0-9a-f]{4}-7/)
      t.strictSame([answer.body.name, answer.body.instance_metadata], [null, null])
    }
    t.equal((await user.call('GET', '/agent-types')).body[0].total_instances, 2)
  })

  t.test('registering twice gets 409, after which legacy clients read the run with their key', async (t) => {
    const user = await newUser()
    const agent = await user.newAgent()
    const id = await newInstance(agent, { content: 'First' })
    for (const agent_instance_id of [id, id.toUpperCase()]) {
      const body = { agent_instance_id, agent_type: 'Another Kind', name: 'New name' }
      const refused = await agent('POST', '/agent-instances', body)
      t.equal(refused.status, 409)
      t.equal(refused.body.code, 'already_exists')
    }
    const { status, body } = await agent('GET', `/agent-instances/${id}`, undefined, { query: { message_limit: '0' } })
    t.equal(status, 200)
    t.match(body, { id, agent_type_name: 'claude code', status: 'ACTIVE', name: null })
    t.strictSame(body.messages, [])
    t.strictSame(
      (await user.call('GET', '/agent-types')).body.map(({ name }: { name: string }) => name),
      ['claude code'],
      'a refused registration makes no type either',
    )
  })

  t.test('of those who register one id at the same time, one gets it', async (t) => {
    const agent = await (await newUser()).newAgent()
    const body = { agent_type: 'x', agent_instance_id: randomUUID() }
    const answers = await Promise.all(Array.from({ length: 5 }, () => agent('POST', '/agent-instances', body)))
    t.strictSame(answers.map(({ status }) => status).sort(), [201, 409, 409, 409, 409])
  })

  t.test('bad registrations are refused, naming the field', async (t) => {
    const user = await newUser()
    const agent = await user.newAgent()
    const cases: [object, string][] = [
      [{}, 'body.agent_type'],
      [{ agent_type: '' }, 'body.agent_type'],
      [{ agent_type: ' ' }, 'body.agent_type'],
      [{ agent_type: 'x'.repeat(256) }, 'body.agent_type'],
      [{ agent_type: 'x', agent_instance_id: 'x' }, 'body.agent_instance_id'],
      [{ agent_type: 'x', agent_instance_id: `urn:uuid:${randomUUID()}` }, 'body.agent_instance_id'],
      [{ agent_type: 'x', name: 'x'.repeat(256) }, 'body.name'],
      [{ agent_type: 'x', transport: 'x'.repeat(51) }, 'body.transport'],
      [{ agent_type: 'x', name: 'a\ud800b' }, 'body.name'],
    ]
    for (const [body, path] of cases) {
      const answer = await agent('POST', '/agent-instances', body)
      t.equal(answer.status, 400, JSON.stringify(body).slice(0, 80))
      t.equal(answer.body.errors[0].path, path)
    }
    t.strictSame((await user.call('GET', '/agent-types')).body, [])
  })

  t.test('the detail has the run and the last page of its chat, oldest first', async (t) => {
    const user = await newUser()
    const agent = await user.newAgent()
    const id = await newInstance(agent, { content: '1' })
    for (const content of ['2', '3', '4']) {
      await agent('POST', '/messages/agent', { agent_instance_id: id, content })
    }
    const { body: answer } = await user.call('POST', `/agent-instances/${id}/messages`, { content: '5' })
    const { body } = await user.call('GET', `/agent-instances/${id}`)
    const { messages, agent_type_id: _, started_at, last_heartbeat_at, last_read_message_id, ...rest } = body
    t.strictSame(contents(messages), ['1', '2', '3', '4', '5'])
    t.equal(last_read_message_id, messages[3].id, 'the agent has not read the last one')
    t.ok(started_at)
    t.match(last_heartbeat_at, /^\d{4}-/)
    t.strictSame(rest, {
      id,
      agent_type_name: 'claude code',
      name: '5',
      status: 'ACTIVE',
      ended_at: null,
      instance_metadata: null,
      git_diff: null,
      access_level: 'WRITE',
      is_owner: true,
    })
    t.strictSame(messages[4], answer)
    t.match(messages[0], { sender_type: 'AGENT', sender_user_id: null, sender_user_email: null })

    const page = async (query: Record<string, string>) =>
      contents((await user.call('GET', `/agent-instances/${id}`, undefined, { query })).body.messages)
    t.strictSame(await page({ message_limit: '2' }), ['4', '5'])
    t.strictSame(await page({ message_limit: '2', before_message_id: messages[3].id }), ['2', '3'])
    t.strictSame(await page({ before_message_id: messages[2].id.toUpperCase() }), ['1', '2'])
    t.strictSame(await page({ before_message_id: messages[0].id }), [])
    t.strictSame(await page({ message_limit: '0' }), [])
    t.strictSame((await user.call('GET', `/agent-instances/${id.toUpperCase()}`)).body, body)
  })

  t.test('bad questions for a detail are refused', async (t) => {
    const user = await newUser()
    const agent = await user.newAgent()
    const id = await newInstance(agent)
    for (const [query, path] of [
      [{ message_limit: '-1' }, 'query.message_limit'],
      [{ message_limit: 'x' }, 'query.message_limit'],
      [{ before_message_id: 'x' }, 'query.before_message_id'],
    ] as const) {
      const answer = await user.call('GET', `/agent-instances/${id}`, undefined, { query })
      t.equal(answer.status, 400)
      t.equal(answer.body.errors[0].path, path)
    }
    t.equal((await user.call('GET', '/agent-instances/x')).body.errors[0].path, 'params.id')
    t.equal((await user.call('GET', `/agent-instances/${randomUUID()}`)).status, 404)
  })

  t.test('a place that is not in the chat is ignored, and more messages than a page has are a page', async (t) => {
    const user = await newUser()
    const chat = await startChat(user)
    for (let i = 0; i < 201; i++) await chat.post(`${i}`)
    const [foreign] = (await user.call('GET', `/agent-instances/${await newInstance(await user.newAgent())}`)).body
      .messages
    const run = `/agent-instances/${chat.id}`
    for (const before_message_id of [foreign.id, randomUUID()]) {
      const detail = await user.call('GET', run, undefined, { query: { before_message_id, message_limit: '2' } })
      t.strictSame(contents(detail.body.messages), ['199', '200'])
      const page = await user.call('GET', `${run}/messages`, undefined, { query: { before_message_id, limit: '2' } })
      t.strictSame(page.body, detail.body.messages)
      t.equal(page.status, 200)
      const unknown = `/agent-instances/${randomUUID()}`
      const query = { before_message_id }
      t.equal((await user.call('GET', unknown, undefined, { query })).status, 404)
      t.equal((await user.call('GET', `${unknown}/messages`, undefined, { query })).status, 404)
    }
    for (const message_limit of ['201', '100000']) {
      const { body, headers } = await user.call('GET', run, undefined, { query: { message_limit } })
      t.equal(body.messages.length, 200)
      t.match(headers['link'], new RegExp(`before_message_id=${body.messages[0].id}>; rel="next"`))
    }
  })

  t.test('it can be renamed', async (t) => {
    const user = await newUser()
    const agent = await user.newAgent()
    const { agent_instance_id: id } = await registerInstance(agent, { name: 'Old' })
    const answer = await user.call('PATCH', `/agent-instances/${id}`, { name: 'New', status: 'KILLED' })
    t.equal(answer.status, 200)
    t.match(answer.body, { id, name: 'New', status: 'ACTIVE', chat_length: 0, latest_message: null })
    t.strictSame((await user.call('GET', '/agent-instances')).body, [answer.body])
    for (const body of [{}, { name: '' }, { name: null }, { name: 'x'.repeat(256) }]) {
      const refused = await user.call('PATCH', `/agent-instances/${id}`, body)
      t.equal(refused.status, 400)
      t.equal(refused.body.errors[0].path, 'body.name')
    }
  })

  t.test('deleting it takes its chat along and leaves its kind', async (t) => {
    const user = await newUser()
    const agent = await user.newAgent()
    const [id, other] = [await newInstance(agent), await newInstance(agent)]
    const headers = { 'content-type': 'application/json' }
    const deleted = await user.call('DELETE', `/agent-instances/${id}`, undefined, { headers })
    t.equal(deleted.status, 200)
    t.strictSame(Object.keys(deleted.body), ['message'])
    t.equal((await user.call('GET', `/agent-instances/${id}`)).status, 404)
    t.equal((await user.call('GET', `/agent-instances/${id}/messages`)).status, 404)
    t.equal((await user.call('DELETE', `/agent-instances/${id}`)).status, 404)
    const { body } = await user.call('GET', '/agent-instances')
    t.strictSame(
      body.map((run: { id: string }) => run.id),
      [other],
    )
    const again = await agent('POST', '/agent-instances', { agent_instance_id: id, agent_type: 'claude code' })
    t.match(again, { status: 410, body: { code: 'instance_deleted' } }, 'the id is not free')
  })

  t.test('a heartbeat is noted', async (t) => {
    const user = await newUser()
    const agent = await user.newAgent()
    const id = await newInstance(agent)
    const headers = { 'content-type': 'application/json' }
    const answer = await agent('POST', `/agents/instances/${id}/heartbeat`, undefined, { headers })
    t.equal(answer.status, 200)
    t.equal(answer.body.agent_instance_id, id)
    t.ok(Math.abs(Date.parse(answer.body.last_heartbeat_at) - Date.now()) < 60_000)
    const { body } = await user.call('GET', `/agent-instances/${id}`)
    t.equal(body.last_heartbeat_at, answer.body.last_heartbeat_at)
    t.equal((await agent('POST', `/agents/instances/${randomUUID()}/heartbeat`)).status, 404)
    t.equal((await agent('POST', '/agents/instances/x/heartbeat')).status, 400)
  })
})
