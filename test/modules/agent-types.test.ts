import t from 'tap'
import { startService, type TestUser } from '../helpers/app.js'
import { LISTED_FIELDS, newInstance, registerInstance } from '../helpers/instances.js'
import { connectAsOwner } from '../helpers/owner.js'

t.test('agent types', async (t) => {
  const { newUser, testDatabase } = await startService(t)
  const owner = await connectAsOwner(t, testDatabase)
  /** Adds so many runs of each kind, which were active one second after the other, the last one `age` seconds ago. */
  const addRuns = (user: TestUser, types: string[], count: number, status = 'ACTIVE', age = 0) =>
    owner.query(
      `insert into agent_instances (user_id, id, user_agent_id, status, last_activity_at)
       select $1, gen_random_uuid(), type, $4, now() - make_interval(secs => $5 + n)
       from unnest($2::uuid[]) as type, generate_series(1, $3) n`,
      [user.id, types, count, status, age],
    )

  t.test('a type shows those of its runs first that await input, then the latest', async (t) => {
    const user = await newUser()
    const agent = await user.newAgent()
    const asking = await newInstance(agent, { content: 'Deploy?', requires_user_input: true })
    const askingLater = await newInstance(agent, { content: 'Merge?', requires_user_input: true })
    const [older, newer] = [await newInstance(agent), await newInstance(agent)]
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

  t.test('it shows 200 runs at most, those awaiting input among them however old', async (t) => {
    const user = await newUser()
    const agent = await user.newAgent()
    const asking = await newInstance(agent, { requires_user_input: true })
    const { agent_type_id: type } = (await user.call('GET', `/agent-instances/${asking}`)).body
    await addRuns(user, [type], 250)
    await registerInstance(agent, { agent_type: 'other' })

    const { body: types } = await user.call('GET', '/agent-types')
    t.strictSame(
      types.map(({ name, total_instances }: { name: string; total_instances: number }) => [name, total_instances]),
      [
        ['other', 1],
        ['claude code', 251],
      ],
    )
    const { body: all } = await user.call('GET', `/agent-types/${type}/instances`)
    const newest = idsOf(all).filter((id) => id !== asking)
    t.strictSame(idsOf(types[1].recent_instances), [asking, ...newest.slice(0, 199)])
  })

  t.test(
    'of many kinds it shows 1,000 runs: those awaiting input, and of the others a share of each kind',
    async (t) => {
      const user = await newUser()
      const types: string[] = []
      for (let i = 0; i < 20; i++) types.push((await user.call('POST', '/user-agents', { name: `kind ${i}` })).body.id)
      const [busy = '', ...others] = types
      await addRuns(user, [busy], 190, 'AWAITING_INPUT', 500_000)
      await addRuns(user, [busy], 190)
      await addRuns(user, others, 60, 'ACTIVE', 1_000)
      await addRuns(user, others, 5, 'AWAITING_INPUT', 500_000)
      const { body } = await user.call('GET', '/agent-types')
      const shown = new Map<string, { status: string }[]>(
        body.map(({ id, recent_instances }: { id: string; recent_instances: { status: string }[] }) => [
          id,
          recent_instances,
        ]),
      )
      t.equal([...shown.values()].flat().length, 1000)
      const awaiting = (id: string) => shown.get(id)?.filter(({ status }) => status === 'AWAITING_INPUT').length
      t.equal(awaiting(busy), 190)
      t.equal(shown.get(busy)?.length, 200, 'a kind that has much to show has no more than that')
      for (const id of others) {
        t.equal(awaiting(id), 5, 'older than all others of the account')
        const { length = 0 } = shown.get(id) ?? []
        t.ok(length >= 42 && length <= 43, `${length} of 65`)
      }
      t.strictSame(
        new Set(body.map(({ total_instances }: { total_instances: number }) => total_instances)),
        new Set([380, 65]),
      )
    },
  )

  t.test('types are ordered by their latest activity', async (t) => {
    const user = await newUser()
    const agent = await user.newAgent()
    const first = await newInstance(agent, { agent_type: 'first' })
    await newInstance(agent, { agent_type: 'second' })
    await user.call('POST', '/user-agents', { name: 'never ran' })
    const names = async () => (await user.call('GET', '/agent-types')).body.map(({ name }: { name: string }) => name)
    t.strictSame(await names(), ['never ran', 'second', 'first'])
    await agent('POST', '/messages/agent', { agent_instance_id: first, content: 'Back' })
    t.strictSame(await names(), ['first', 'never ran', 'second'])
  })

  t.test('the runs of one type are listed under both of its names', async (t) => {
    const user = await newUser()
    const agent = await user.newAgent()
    const [older, newer] = [await newInstance(agent), await newInstance(agent, { content: 'x'.repeat(3000) })]
    await newInstance(agent, { agent_type: 'other' })
    const { body: types } = await user.call('GET', '/agent-types')
    const id = types.find(({ name }: { name: string }) => name === 'claude code')?.id
    const { body: listed, headers } = await user.call('GET', `/agent-types/${id}/instances`)
    t.strictSame(idsOf(listed), [newer, older])
    t.notOk(headers['link'], 'there is no other page')
    t.strictSame(Object.keys(listed[0]).sort(), LISTED_FIELDS)
    t.equal(listed[0].latest_message.length, 500, 'a preview of the last message')
    t.strictSame((await user.call('GET', `/user-agents/${id}/instances`)).body, listed)
    t.strictSame(idsOf((await user.call('GET', `/agent-types/${id}/instances?limit=1`)).body), [newer])
  })
})

function idsOf(items: { id: string }[]): string[] {
  return items.map(({ id }) => id)
}
