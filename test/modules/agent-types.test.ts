import t from 'tap'
import { startService } from '../helpers/app.js'
import { LISTED_FIELDS, newRun, registerRun } from '../helpers/runs.js'

t.test('agent types', async (t) => {
  const { newUser } = await startService(t)

  t.test('a type shows those of its runs first that await input, then the latest', async (t) => {
    const user = await newUser()
    const agent = await user.newAgent()
    const asking = await newRun(agent, { content: 'Deploy?', requires_user_input: true })
    const askingLater = await newRun(agent, { content: 'Merge?', requires_user_input: true })
    const [older, newer] = [await newRun(agent), await newRun(agent)]
    await agent('POST', '/messages/agent', { agent_instance_id: older, content: 'Still working' })
    await agent('PUT', `/agent-instances/${newer}/status`, { status: 'COMPLETED' })

    const { body: types } = await user.call('GET', '/agent-types')
    t.equal(types.length, 1)
    t.strictSame(Object.keys(types[0]).sort(), [
      'active_instances',
      'created_at',
      'id',
      'name',
      'recent_instances',
      'total_instances',
    ])
    t.match(types[0], { name: 'claude code', total_instances: 4, active_instances: 3 })
    t.strictSame(idsOf(types[0].recent_instances), [askingLater, asking, newer, older])
    for (const run of types[0].recent_instances) t.strictSame(Object.keys(run).sort(), LISTED_FIELDS)
    t.match(types[0].recent_instances[1], {
      agent_type_id: types[0].id,
      status: 'AWAITING_INPUT',
      latest_message: 'Deploy?',
      chat_length: 1,
    })
  })

  t.test('it shows ten runs at most, those awaiting input among them however old', async (t) => {
    const user = await newUser()
    const agent = await user.newAgent()
    const asking = await newRun(agent, { requires_user_input: true })
    const others: string[] = []
    for (let count = 0; count < 11; count++) others.push((await registerRun(agent)).agent_instance_id)
    await registerRun(agent, { agent_type: 'other' })

    const { body: types } = await user.call('GET', '/agent-types')
    t.strictSame(
      types.map(({ name, total_instances }: { name: string; total_instances: number }) => [name, total_instances]),
      [
        ['other', 1],
        ['claude code', 12],
      ],
    )
    t.equal(types[1].recent_instances.length, 10)
    t.equal(types[1].recent_instances[0].id, asking)
    const newest = new Set(others.slice(-9))
    t.ok(
      idsOf(types[1].recent_instances)
        .slice(1)
        .every((id) => newest.has(id)),
    )
  })

  t.test('types are ordered by their latest activity', async (t) => {
    const user = await newUser()
    const agent = await user.newAgent()
    const first = await newRun(agent, { agent_type: 'first' })
    await newRun(agent, { agent_type: 'second' })
    await user.call('POST', '/user-agents', { name: 'never ran' })
    const names = async () => (await user.call('GET', '/agent-types')).body.map(({ name }: { name: string }) => name)
    t.strictSame(await names(), ['never ran', 'second', 'first'])
    await agent('POST', '/messages/agent', { agent_instance_id: first, content: 'Back' })
    t.strictSame(await names(), ['first', 'never ran', 'second'])
  })

  t.test('the runs of one type are listed under both of its names', async (t) => {
    const user = await newUser()
    const agent = await user.newAgent()
    const [older, newer] = [await newRun(agent), await newRun(agent, { content: 'x'.repeat(3000) })]
    await newRun(agent, { agent_type: 'other' })
    const { body: types } = await user.call('GET', '/agent-types')
    const id = types.find(({ name }: { name: string }) => name === 'claude code')?.id
    const { body: listed, headers } = await user.call('GET', `/agent-types/${id}/instances`)
    t.strictSame(idsOf(listed), [newer, older])
    t.notOk(headers['link'], 'there is no other page')
    t.strictSame(Object.keys(listed[0]).sort(), LISTED_FIELDS)
    t.equal(listed[0].latest_message.length, 2000, 'a preview of the last message')
    t.strictSame((await user.call('GET', `/user-agents/${id}/instances`)).body, listed)
    t.strictSame(idsOf((await user.call('GET', `/agent-types/${id}/instances?limit=1`)).body), [newer])
  })
})

function idsOf(items: { id: string }[]): string[] {
  return items.map(({ id }) => id)
}
