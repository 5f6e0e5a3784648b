import { randomUUID } from 'node:crypto'
import t from 'tap'
import { startService } from '../helpers/app.js'
import { newInstance, registerInstance } from '../helpers/instances.js'
import { connectAsOwner, untilWaiting } from '../helpers/owner.js'

t.test("another tenant's run does not exist, and stays as it is", async (t) => {
  const { newUser } = await startService(t)
  const [user, other] = [await newUser(), await newUser()]
  const [agent, stranger] = [await user.newAgent(), await other.newAgent()]
  const id = await newInstance(agent, { content: 'Mine', requires_user_input: true })
  const { body: before } = await user.call('GET', `/agent-instances/${id}`)
  const theirs = await newInstance(stranger)

  for (const [name, answer] of Object.entries({
    detail: await other.call('GET', `/agent-instances/${id}`),
    'detail by key': await stranger('GET', `/agent-instances/${id}`),
    chat: await other.call('GET', `/agent-instances/${id}/messages`),
    write: await other.call('POST', `/agent-instances/${id}/messages`, { content: 'x' }),
    stream: await other.call('GET', `/agent-instances/${id}/messages/stream`),
    rename: await other.call('PATCH', `/agent-instances/${id}`, { name: 'x' }),
    status: await other.call('PUT', `/agent-instances/${id}/status`, { status: 'KILLED' }),
    'status by key': await stranger('PUT', `/agent-instances/${id}/status`, { status: 'KILLED' }),
    delete: await other.call('DELETE', `/agent-instances/${id}`),
    heartbeat: await stranger('POST', `/agents/instances/${id}/heartbeat`),
  })) {
    t.equal(answer.status, 404, name)
    t.equal(answer.body.code, 'not_found', name)
  }
  for (const [name, answer] of Object.entries({
    'end of session': await stranger('POST', '/sessions/end', { agent_instance_id: id }),
    pending: await stranger('GET', '/messages/pending', undefined, { query: { agent_instance_id: id } }),
    'reported words': await stranger('POST', '/messages/user', { agent_instance_id: id, content: 'x' }),
    'step without a type': await stranger('POST', '/messages/agent', { agent_instance_id: id, content: 'x' }),
  })) {
    t.equal(answer.status, 400, `${name}: legacy clients know 400 here`)
    t.type(answer.body.detail, 'string')
  }
  const query = { before_message_id: before.messages[0].id }
  const { body: detail } = await other.call('GET', `/agent-instances/${theirs}`, undefined, { query })
  t.strictSame(
    detail,
    (await other.call('GET', `/agent-instances/${theirs}`)).body,
    'it is no place in a chat of theirs',
  )
  const list = await other.call('GET', `/agent-instances?agent_type_id=${before.agent_type_id}`)
  t.equal(list.status, 404)
  t.strictSame((await user.call('GET', `/agent-instances/${id}`)).body, before, 'nothing has changed')
})

t.test('runs with the same id live side by side in two tenants', async (t) => {
  const { newUser } = await startService(t)
  const users = [await newUser(), await newUser()]
  const agent_instance_id = randomUUID()
  for (const [index, user] of users.entries()) {
    const agent = await user.newAgent()
    await registerInstance(agent, { agent_instance_id, name: `run ${index}` })
    await agent('POST', '/messages/agent', { agent_instance_id, content: `step ${index}` })
  }
  const [first, second] = users
  if (!first || !second) throw new Error('there are two')
  await first.call('POST', `/agent-instances/${agent_instance_id}/messages`, { content: 'for the first' })
  await first.call('PUT', `/agent-instances/${agent_instance_id}/status`, { status: 'KILLED' })
  t.match((await second.call('GET', `/agent-instances/${agent_instance_id}`)).body, {
    name: 'run 1',
    status: 'ACTIVE',
    messages: { length: 1 },
  })
  t.equal((await first.call('DELETE', `/agent-instances/${agent_instance_id}`)).status, 200)
  const { body } = await second.call('GET', `/agent-instances/${agent_instance_id}`)
  t.strictSame(
    body.messages.map(({ content }: { content: string }) => content),
    ['step 1'],
  )
})

t.test('a run is made although its kind is deleted at the same moment', async (t) => {
  const { newUser, testDatabase } = await startService(t)
  const [owner, holder] = [await connectAsOwner(t, testDatabase), await connectAsOwner(t, testDatabase)]
  const user = await newUser()
  const agent = await user.newAgent()
  const writes = {
    register: (id: string) => agent('POST', '/agent-instances', { agent_instance_id: id, agent_type: 'for register' }),
    post: (id: string) =>
      agent('POST', '/messages/agent', { agent_instance_id: id, agent_type: 'for post', content: 'x' }),
  }
  for (const [name, write] of Object.entries(writes)) {
    const id = randomUUID()
    const { body: type } = await user.call('POST', '/user-agents', { name: `for ${name}` })
    const { body: another } = await user.call('POST', '/user-agents', { name: `another for ${name}` })
    // Whoever makes this run waits here: its kind has been looked up, its row is not stored yet.
    await holder.query('begin')
    await holder.query('insert into agent_instances (user_id, id, user_agent_id) values ($1, $2, $3)', [
      user.id,
      id,
      another.id,
    ])
    const writing = write(id)
    await untilWaiting(owner, 1)
    const deleting = user.call('DELETE', `/user-agents/${type.id}`)
    // Either it is done at once, or it waits for the new run, which it takes along then, or the run's kind is made anew.
    await Promise.race([deleting, untilWaiting(owner, 2)])
    await holder.query('rollback')

    t.equal((await deleting).status, 200, name)
    const { status, raw } = await writing
    t.equal(status, name === 'register' ? 201 : 200, `${name}: ${raw.payload}`)
  }
})
