import { randomUUID } from 'node:crypto'
import t from 'tap'
import { startService } from '../helpers/app.js'
import { newInstance } from '../helpers/instances.js'

const final = ['FAILED', 'KILLED']
const finished = ['COMPLETED', ...final]
const unfinished = ['ACTIVE', 'AWAITING_INPUT', 'PAUSED', 'DISCONNECTED']

t.test('the status of a run', async (t) => {
  const { newUser } = await startService(t)
  const user = await newUser()
  const agent = await user.newAgent()
  const set = (id: string, status: unknown) => user.call('PUT', `/agent-instances/${id}/status`, { status })
  const read = async (id: string) => (await user.call('GET', `/agent-instances/${id}`)).body

  t.test('an unfinished run may be given any status that is not found by the service itself', async (t) => {
    const id = await newInstance(agent)
    for (const from of unfinished) {
      for (const to of unfinished) {
        await set(id, from)
        const answer = await set(id, to)
        t.equal(answer.status, 200, `${from} to ${to}`)
        t.match(answer.body, { id, status: to, ended_at: null })
      }
    }
    for (const status of finished) {
      const answer = await set(await newInstance(agent), status)
      t.equal(answer.status, 200)
      t.equal(answer.body.status, status)
      t.ok(answer.body.ended_at)
    }
  })

  t.test('a run that failed or was killed keeps its status, and its end', async (t) => {
    for (const status of final) {
      const id = await newInstance(agent)
      const { body: ended } = await set(id, status)
      for (const other of [...unfinished, ...finished].filter((other) => other !== status)) {
        const refused = await set(id, other)
        t.equal(refused.status, 409, `${status} to ${other}`)
        t.equal(refused.body.code, 'status_not_allowed')
        t.match(refused.body.detail, status, 'the detail says how it ended')
      }
      const again = await set(id, status)
      t.equal(again.status, 200, 'the same again is no change')
      t.strictSame(again.body, ended)
    }
  })

  t.test('a completed run may be given any other status, and has no end while it goes on', async (t) => {
    for (const status of [...unfinished, ...final]) {
      const id = await newInstance(agent)
      const { body: completed } = await set(id, 'COMPLETED')
      t.strictSame((await set(id, 'COMPLETED')).body, completed, 'the same again is no change')
      const answer = await set(id, status)
      t.match(answer, { status: 200, body: { status } })
      t.equal(answer.body.ended_at !== null, final.includes(status), `an end as ${status}`)
    }
  })

  t.test('STALE and DELETED are not set by hand, whatever the run is in', async (t) => {
    for (const id of [await newInstance(agent), await newInstance(agent, { requires_user_input: true })]) {
      const { last_heartbeat_at: _, ...before } = await read(id)
      for (const status of ['STALE', 'DELETED']) {
        for (const answer of [await set(id, status), await agent('PUT', `/agent-instances/${id}/status`, { status })]) {
          t.equal(answer.status, 409)
          t.equal(answer.body.code, 'status_not_allowed')
        }
      }
      const { last_heartbeat_at: __, ...after } = await read(id)
      t.strictSame(after, before)
    }
  })

  t.test('the same status again changes nothing', async (t) => {
    const id = await newInstance(agent)
    const { body: first } = await set(id, 'PAUSED')
    t.strictSame((await set(id, 'PAUSED')).body, first)
  })

  t.test('what is no status is refused', async (t) => {
    const id = await newInstance(agent)
    for (const status of ['active', 'DONE', '', null, 1, undefined]) {
      const answer = await set(id, status)
      t.equal(answer.status, 400, String(status))
      t.equal(answer.body.errors[0].path, 'body.status')
    }
    t.equal((await set(randomUUID(), 'PAUSED')).status, 404)
  })

  t.test('of those who end a run for good differently at the same time, one does', async (t) => {
    const id = await newInstance(agent)
    const answers = await Promise.all(final.map((status) => set(id, status)))
    t.strictSame(answers.map(({ status }) => status).sort(), [200, 409])
    t.equal((await read(id)).status, answers.find(({ status }) => status === 200)?.body.status)
  })

  t.test('messages move it, but not once it has been killed', async (t) => {
    const id = await newInstance(agent)
    const post = (fields: object) =>
      agent('POST', '/messages/agent', { agent_instance_id: id, content: 'x', ...fields })
    const answer = () => user.call('POST', `/agent-instances/${id}/messages`, { content: 'x' })
    await post({ requires_user_input: true })
    t.equal((await read(id)).status, 'AWAITING_INPUT')
    await answer()
    t.equal((await read(id)).status, 'ACTIVE')
    await set(id, 'KILLED')
    for (const write of [() => post({}), () => post({ requires_user_input: true }), answer]) {
      t.equal((await write()).status, 200)
      t.equal((await read(id)).status, 'KILLED')
    }
    t.equal((await read(id)).messages.length, 6)
  })

  t.test('ending a session completes the run', async (t) => {
    for (const from of unfinished) {
      const id = await newInstance(agent)
      await set(id, from)
      const ended = await agent('POST', '/sessions/end', { agent_instance_id: id })
      t.equal(ended.status, 200)
      t.strictSame(ended.body, { success: true, agent_instance_id: id, final_status: 'COMPLETED' })
      const detail = await read(id)
      t.equal(detail.status, 'COMPLETED')
      t.ok(detail.ended_at)
      const again = await agent('POST', '/sessions/end', { agent_instance_id: id })
      t.strictSame(again.body, ended.body)
      t.strictSame(await read(id), detail, 'ending it twice changes nothing')
    }
  })

  t.test('ending the session of a run that failed or was killed leaves it so', async (t) => {
    for (const status of ['FAILED', 'KILLED']) {
      const id = await newInstance(agent)
      const { body: before } = await set(id, status)
      const ended = await agent('POST', '/sessions/end', { agent_instance_id: id })
      t.equal(ended.status, 200)
      t.equal(ended.body.final_status, status)
      t.equal((await read(id)).ended_at, before.ended_at)
    }
  })

  t.test('a session that does not exist cannot be ended', async (t) => {
    const unknown = await agent('POST', '/sessions/end', { agent_instance_id: randomUUID() })
    t.equal(unknown.status, 400)
    t.equal(unknown.body.code, 'instance_not_found')
    t.type(unknown.body.detail, 'string')
    for (const body of [{}, { agent_instance_id: 'x' }, { agent_instance_id: null }]) {
      const malformed = await agent('POST', '/sessions/end', body)
      t.equal(malformed.status, 400)
      t.equal(malformed.body.errors[0].path, 'body.agent_instance_id')
    }
  })
})
