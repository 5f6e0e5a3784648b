import { randomUUID } from 'node:crypto'
import t from 'tap'
import { titleOf } from '../../src/modules/account-log/title.js'
import { chatOf, startChat } from '../helpers/chat.js'
import { newInstance, registerInstance } from '../helpers/instances.js'
import { connectAsOwner } from '../helpers/owner.js'
import { startReceiver } from '../helpers/webhook-receiver.js'
import { startQuickService, subscribe } from '../helpers/webhooks.js'

t.test('a title is the first whole words, on one line, in 60 characters', async (t) => {
  const family = '👨‍👩‍👧‍👦'
  const cases: [string, string | undefined][] = [
    ['Fix the login page', 'Fix the login page'],
    ['  Fix\r\n\n\tthe\u2028login\u0000page \n', 'Fix the login page'],
    [`${'a'.repeat(29)} ${'b'.repeat(30)} c`, `${'a'.repeat(29)} ${'b'.repeat(30)}`],
    [`${'a'.repeat(30)} ${'b'.repeat(30)} c`, 'a'.repeat(30)],
    ['x'.repeat(61), 'x'.repeat(60)],
    [`${'x'.repeat(61)} y`, 'x'.repeat(60)],
    [`y ${'x'.repeat(61)}`, 'y'],
    [family.repeat(9), family.repeat(5)],
    ['', undefined],
    [' \n\t', undefined],
    ['\u200b \u2800', undefined],
    ['\ud83d', '\ufffd'],
    [' '.repeat(1_000_000), undefined],
    ['x'.repeat(1_000_000), 'x'.repeat(60)],
    ['e\u0301'.repeat(100_000), 'e\u0301'.repeat(30)],
  ]
  for (const [index, [text, title]] of cases.entries()) t.equal(titleOf(text), title, `case ${index}`)
})

t.test('a run is called after what a person first says, until somebody renames it', async (t) => {
  const { newUser } = await startQuickService(t)
  const user = await newUser()
  const chat = await startChat(user)
  const name = async () => {
    const [listed] = (await user.call('GET', '/agent-instances')).body
    t.equal((await chat.detail()).body.name, listed.name)
    return listed.name
  }
  t.equal(await name(), null, 'an agent names nothing by what it says')
  await chat.write(' \n ')
  t.equal(await name(), null)
  await chat.write('Deploy it\nto staging')
  t.equal(await name(), 'Deploy it to staging')
  await chat.write('And to production')
  t.equal(await name(), 'Deploy it to staging')
  await user.call('PATCH', `/agent-instances/${chat.id}`, { name: 'Mine' })
  await chat.write('Once more')
  t.equal(await name(), 'Mine')
})

t.test('words that the agent reports name its run; given names, asides and the past do not change', async (t) => {
  const { newUser, testDatabase } = await startQuickService(t)
  const user = await newUser()
  const agent = await user.newAgent()
  const name = async (id: string) => (await user.call('GET', `/agent-instances/${id}`)).body.name

  const reported = await newInstance(agent)
  await agent('POST', '/messages/user', { agent_instance_id: reported, content: 'typed in a terminal' })
  t.equal(await name(reported), 'typed in a terminal')

  const { agent_instance_id: given } = await registerInstance(agent, { name: 'Given' })
  await user.call('POST', `/agent-instances/${given}/messages`, { content: 'words' })
  t.equal(await name(given), 'Given')

  const chat = await startChat(user)
  await chatOf(user, await user.newAgent(), chat.id).report('words of another agent')
  t.equal(await name(chat.id), null)

  const item = (content: string, history: boolean) => ({
    ...{ id: randomUUID(), agent_instance_id: chat.id, content, history, sender_type: 'USER' },
  })
  await chat.agent('POST', '/messages/agent/batch', { messages: [item('of the past', true)] })
  t.equal(await name(chat.id), null)
  const messages = [item('older', true), item('first', false), item('second', false)]
  await chat.agent('POST', '/messages/agent/batch', { messages })
  t.equal(await name(chat.id), 'first')

  const owner = await connectAsOwner(t, testDatabase)
  const { rows } = await owner.query(
    `select stored_bytes::integer as account, (select sum(stored_bytes)::integer from agent_instances where user_id = $1)
       + (select 500 * count(*)::integer from user_agents where user_id = $1)
       + (select 500 * count(*)::integer from api_keys where user_id = $1) as parts
     from account_clocks where user_id = $1`,
    [user.id],
  )
  t.equal(rows[0].account, rows[0].parts, 'titles are counted')
})

t.test('webhooks are told of a run by its title', async (t) => {
  const { newUser } = await startQuickService(t)
  const user = await newUser()
  const receiver = await startReceiver(t)
  await subscribe(user, receiver, 'instance.ended')
  const chat = await startChat(user)
  await chat.write('Deploy it')
  await chat.agent('POST', '/sessions/end', { agent_instance_id: chat.id })
  const [ended] = await receiver.until(1)
  t.match(ended?.body, { type: 'instance.ended', data: { instance: { id: chat.id, name: 'Deploy it' } } })
})
