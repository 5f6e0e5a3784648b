import { randomUUID } from 'node:crypto'
import t from 'tap'
import { startService } from '../helpers/app.js'
import { LISTED_FIELDS, newInstance, registerInstance } from '../helpers/instances.js'

t.test('the list of runs', async (t) => {
  const { newUser } = await startService(t)

  t.test('has the newest activity first, with the last message of each', async (t) => {
    const user = await newUser()
    const agent = await user.newAgent()
    const [first, second] = [await newInstance(agent, { content: 'one' }), await newInstance(agent, { content: 'two' })]
    await user.call('POST', `/agent-instances/${first}/messages`, { content: 'three' })
    const { agent_instance_id: silent } = await registerInstance(agent, { name: 'Silent', transport: 'ws' })

    const { body: runs } = await user.call('GET', '/agent-instances')
    t.match(runs, [
      { id: silent, name: 'Silent', chat_length: 0, instance_metadata: { transport: 'ws' } },
      { id: first, latest_message: 'three', chat_length: 2 },
      { id: second, latest_message: 'two', chat_length: 1 },
    ])
    t.equal(runs.length, 3)
    t.strictSame([runs[0].latest_message, runs[0].latest_message_at], [null, null])
    t.strictSame(Object.keys(runs[0]).sort(), LISTED_FIELDS)
    const { messages } = (await user.call('GET', `/agent-instances/${first}`)).body
    t.equal(runs[1].latest_message_at, messages[1].created_at)
  })

  t.test('is filtered by status, kind and scope', async (t) => {
    const user = await newUser()
    const agent = await user.newAgent()
    const plain = await newInstance(agent)
    const asking = await newInstance(agent, { requires_user_input: true })
    const other = await newInstance(agent, { agent_type: 'other', requires_user_input: true })
    const { agent_type_id } = (await user.call('GET', `/agent-instances/${other}`)).body
    const list = async (query: Record<string, string>) =>
      (await user.call('GET', '/agent-instances', undefined, { query })).body.map(({ id }: { id: string }) => id)

    t.strictSame(await list({ status: 'ACTIVE' }), [plain])
    t.strictSame(await list({ status: 'AWAITING_INPUT' }), [other, asking])
    t.strictSame(await list({ status: 'AWAITING_INPUT', agent_type_id }), [other])
    t.strictSame(await list({ status: 'ACTIVE', agent_type_id }), [])
    t.strictSame(await list({ agent_type_id: agent_type_id.toUpperCase() }), [other])
    const unknown = await user.call('GET', '/agent-instances', undefined, { query: { agent_type_id: randomUUID() } })
    t.equal(unknown.status, 404)
    for (const status of ['STALE', 'DELETED', 'COMPLETED']) t.strictSame(await list({ status }), [])
    for (const scope of ['me', 'all']) t.strictSame(await list({ scope }), [other, asking, plain])
    t.strictSame(await list({ scope: 'shared' }), [], 'nothing is shared yet')

    for (const [name, value] of Object.entries({ status: 'active', scope: 'team', agent_type_id: 'x', q: '' })) {
      const refused = await user.call('GET', '/agent-instances', undefined, { query: { [name]: value } })
      t.equal(refused.status, 400)
      t.equal(refused.body.errors[0].path, `query.${name}`)
    }
  })

  t.test('is searched by title and kind, in any case', async (t) => {
    const user = await newUser()
    const agent = await user.newAgent()
    const titles = ['100% done', '100 done', 'snake_case', 'snakeXcase', 'C:\\temp', 'C:/temp', 'Ünïcode', "it's; --"]
    for (const name of titles) await registerInstance(agent, { agent_type: 'plain', name })
    await registerInstance(agent, { agent_type: 'under_score' })
    const found = async (q: string) => {
      const { body } = await user.call('GET', '/agent-instances', undefined, { query: { q } })
      return body.map((run: { name: string | null; agent_type_name: string }) => run.name ?? run.agent_type_name).sort()
    }

    t.strictSame(await found('%'), ['100% done'], '% stands for itself')
    t.strictSame(await found('_'), ['snake_case', 'under_score'], '_ stands for itself')
    t.strictSame(await found('\\'), ['C:\\temp'], '\\ stands for itself')
    t.strictSame(await found('\\t'), ['C:\\temp'])
    t.strictSame(await found('\\%'), [])
    t.strictSame(await found('DONE'), ['100 done', '100% done'])
    t.strictSame(await found('üNÏ'), ['Ünïcode'])
    t.strictSame(await found("'s; --"), ["it's; --"])
    t.strictSame(await found('UNDER'), ['under_score'])
    t.equal((await found('plain')).length, titles.length, 'the kind counts for those with a title as well')
    t.strictSame(await found('nothing like it'), [])
    const refused = await user.call('GET', '/agent-instances', undefined, { query: { q: 'x'.repeat(256) } })
    t.equal(refused.body.errors[0].path, 'query.q')
  })
})
