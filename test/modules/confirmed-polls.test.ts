import t, { type Test } from 'tap'
import { startOn, startService } from '../helpers/app.js'
import { contents, startChat } from '../helpers/chat.js'
import { connectAgent } from '../helpers/mcp.js'
import { listen } from '../helpers/network.js'
import { connectAsOwner } from '../helpers/owner.js'
import { until } from '../helpers/wait-timeout.js'

/** Two processes of the service on one database, a run, and two keys that may poll at either. */
async function newRun(t: Test) {
  const service = await startService(t)
  const other = await startOn(t, service.testDatabase)
  const user = await service.newUser()
  const chat = await startChat(user)
  const keys = [await user.newKey(), await user.newKey()] as const
  const poll = async (readCursor: string, more: Record<string, string> = {}, token = keys[0], at = service) => {
    const query = { agent_instance_id: chat.id, last_read_message_id: readCursor, confirm: 'true', ...more }
    return (await at.request('GET', '/api/v1/messages/pending', { query, token })).body
  }
  const waiting = () => service.services.longPolls.openCount + other.services.longPolls.openCount
  const untilWaiting = (count: number) => until(`${count} to wait`, () => waiting() === count)
  const turn = async () => {
    const tenant = service.database.tenant(user.id)
    const { claim_turn } = await tenant
      .selectFrom('agent_instances')
      .select('claim_turn')
      .where('id', '=', chat.id)
      .executeTakeFirstOrThrow()
    return claim_turn
  }
  const untilTurn = (count: number) => until(`turn ${count}`, async () => (await turn()) === count)
  const readCursorOf = async () => (await chat.detail()).body.last_read_message_id
  return { service, other, user, chat, keys, poll, untilWaiting, untilTurn, readCursorOf }
}

const STALE = { status: 'stale', messages: [] }

t.test('the same poll gives the same messages until the agent polls from the last of them', async (t) => {
  const { other, chat, keys, poll, readCursorOf } = await newRun(t)
  t.match(await poll(chat.firstId), { status: 'ok', messages: [] })
  await chat.write('a')
  const b = (await chat.write('b')).body.id
  const first = await poll(chat.firstId)
  t.strictSame([first.status, contents(first.messages)], ['ok', ['a', 'b']])
  await chat.write('later')
  t.strictSame(await poll(chat.firstId, { wait: '50' }), first, 'not what came since')
  t.strictSame(await poll(chat.firstId, {}, keys[0], other), first, 'on whatever process')
  t.equal(await readCursorOf(), chat.firstId, 'the place stays')
  const next = await poll(b)
  t.strictSame(contents(next.messages), ['later'])
  t.equal(await readCursorOf(), b)
  t.match(await poll(chat.firstId), STALE)
  t.strictSame(await poll(b), next)
})

t.test('a poll without it confirms as well, and takes what comes next once', async (t) => {
  const { chat, poll } = await newRun(t)
  const a = (await chat.write('a')).body.id
  await poll(chat.firstId)
  await chat.write('b')
  t.strictSame(contents((await poll(a, { confirm: 'false' })).messages), ['b'])
  t.match(await poll(a), STALE)
})

t.test('the same key may take what it was given without it, once', async (t) => {
  const { chat, poll } = await newRun(t)
  for (const content of ['a', 'b']) await chat.write(content)
  await poll(chat.firstId)
  const taken = await poll(chat.firstId, { confirm: 'false' })
  t.strictSame(contents(taken.messages), ['a', 'b'])
  t.match(await poll(chat.firstId), STALE)
  t.match(await poll(taken.messages[1].id), { status: 'ok', messages: [] })
})

t.test(
  'what a poll was given is confirmed by posting, reporting, asking and turning a step into a question',
  async (t) => {
    const { service, user, chat, keys, poll, readCursorOf } = await newRun(t)
    const given = async () => {
      const readCursor = await readCursorOf()
      await chat.write('given')
      t.strictSame(contents((await poll(readCursor)).messages), ['given'])
      await chat.write('next')
      return readCursor
    }
    await given()
    t.strictSame(contents((await chat.post('step')).body.queued_user_messages), ['next'])
    await given()
    await chat.agent('POST', '/messages/user', { agent_instance_id: chat.id, content: 'typed' })
    t.strictSame(
      contents((await poll(await readCursorOf())).messages),
      ['next'],
      'words that are marked as read move the place',
    )
    await chat.post('step')
    const turned = await given()
    t.strictSame(contents((await chat.requestInput(turned)).body.messages), ['next'])
    await chat.post('step')
    await given()
    const agent = await connectAgent(t, await listen(service), keys[1])
    const asking = agent.call('ask_question', {
      agent_instance_id: chat.id,
      question_text: 'Which?',
      timeout_seconds: 60,
    })
    await until('it to be asked', async () => (await chat.detail()).body.status === 'AWAITING_INPUT')
    await user.call('POST', `/agent-instances/${chat.id}/messages`, { content: 'This' })
    const { result } = await asking
    t.strictSame([result.answer, result.user_feedback], ['This', ['next']])
    t.strictSame((await chat.post('step')).body.queued_user_messages, [])
  },
)

t.test('of two keys one is given what waits, and the other is stale, by whichever poll', async (t) => {
  const { other, chat, keys, poll } = await newRun(t)
  await chat.write('for one')
  const mine = await poll(chat.firstId)
  t.match(await poll(chat.firstId, {}, keys[1], other), STALE)
  t.match(await poll(chat.firstId, { wait: '50' }, keys[1]), STALE)
  t.match(await poll(chat.firstId, { confirm: 'false' }, keys[1]), STALE)
  t.strictSame(await poll(chat.firstId), mine)
})

for (const ends of ['is revoked', 'expires']) {
  t.test(`what was given to a key that ${ends} is in the queue again, for polls of both kinds and posts`, async (t) => {
    const { service, user, chat, keys, poll, readCursorOf } = await newRun(t)
    const owner = await connectAsOwner(t, service.testDatabase)
    const endOf = async (id: string) => {
      if (ends === 'is revoked') return user.call('DELETE', `/auth/api-keys/${id}`)
      return owner.query(`update api_keys set expires_at = 'epoch' where id = $1`, [id])
    }
    /** Has a key given a message by a poll from the agent's place, and ends it. */
    const giveAndEnd = async (content: string) => {
      const minted = (await user.call('POST', '/auth/api-keys', { name: content, expires_in_days: 1 })).body
      const readCursor = await readCursorOf()
      await chat.write(content)
      t.strictSame(contents((await poll(readCursor, {}, minted.api_key)).messages), [content])
      t.match(await poll(readCursor), STALE)
      await endOf(minted.id)
      return readCursor
    }
    for (const confirm of ['true', 'false']) {
      const readCursor = await giveAndEnd('polled')
      const again = await poll(readCursor, { confirm })
      t.strictSame([again.status, contents(again.messages)], ['ok', ['polled']])
      await chat.post('step')
    }
    await giveAndEnd('with a post')
    t.strictSame(contents((await chat.post('step')).body.queued_user_messages), ['with a post'])
    const turned = await giveAndEnd('with a question')
    t.strictSame(contents((await chat.requestInput(turned)).body.messages), ['with a question'])
    await chat.post('step')
    const readCursor = await giveAndEnd('before what is typed')
    await chat.report('typed')
    t.not(await readCursorOf(), readCursor)
    t.strictSame(contents((await poll(await readCursorOf(), {}, keys[1])).messages), ['before what is typed'])
  })
}

t.test('an answer that a poll has given to one key is not given to a tool of another, unless it ends', async (t) => {
  const { service, user, chat, keys, poll } = await newRun(t)
  const base = await listen(service)
  const minted = (await user.call('POST', '/auth/api-keys', { name: 'polls' })).body
  const asking = await connectAgent(t, base, keys[0])
  const same = await connectAgent(t, base, minted.api_key)
  const question = (question_text: string) => ({ agent_instance_id: chat.id, question_text, timeout_seconds: 0 })
  const ask = async (agent: typeof asking, text: string) => (await agent.call('ask_question', question(text))).result
  const first = await ask(asking, 'First?')
  await chat.write('One')
  const given = await poll(first.question_id, {}, minted.api_key)
  t.strictSame(contents(given.messages), ['One'])
  t.match(await ask(asking, 'First?'), { answer: null, question_id: first.question_id })
  t.strictSame(await poll(first.question_id, {}, minted.api_key), given, 'it stays')
  t.match(await ask(same, 'First?'), { answer: 'One' }, 'the same key is given it again')
  t.strictSame(
    await poll(first.question_id, {}, minted.api_key),
    given,
    'and by a poll as well, until its agent goes on',
  )
  t.match(await poll(given.messages[0].id, {}, minted.api_key), { status: 'ok', messages: [] })
  t.match(await poll(first.question_id, {}, minted.api_key), STALE)

  const second = await ask(asking, 'Second?')
  await chat.write('Two')
  t.strictSame(contents((await poll(second.question_id, {}, minted.api_key)).messages), ['Two'])
  await user.call('DELETE', `/auth/api-keys/${minted.id}`)
  t.match(await ask(asking, 'Second?'), { answer: 'Two' })
})

t.test('of two keys that wait at one place one is given what comes, and the other is stale', async (t) => {
  const { other, chat, keys, poll, untilTurn } = await newRun(t)
  const waits = [poll(chat.firstId, { wait: '50' }), poll(chat.firstId, { wait: '50' }, keys[1], other)]
  await untilTurn(2)
  await chat.write('for one')
  const answers = await Promise.all(waits)
  t.strictSame(answers.map(({ status, messages }) => `${status} ${contents(messages)}`).sort(), [
    'ok for one',
    'stale ',
  ])
  const winner = answers.findIndex(({ status }) => status === 'ok')
  t.strictSame(await poll(chat.firstId, {}, keys[winner]), answers[winner])
  t.match(await poll(chat.firstId, {}, keys[1 - winner]), STALE)
})

t.test('of several waits of one key the latest one is given what comes', async (t) => {
  const { service, other, chat, keys, poll, untilTurn } = await newRun(t)
  const waits = []
  for (const at of [service, other, service]) {
    waits.push(poll(chat.firstId, { wait: '50' }, keys[0], at))
    await untilTurn(waits.length)
  }
  await chat.write('for the latest')
  const answers = await Promise.all(waits)
  t.strictSame(
    answers.map(({ status, messages }) => `${status} ${contents(messages)}`),
    ['stale ', 'stale ', 'ok for the latest'],
  )
})

t.test('a run that moves on while its agent waits makes it stale, and confirm is a boolean', async (t) => {
  const { service, chat, keys, poll, untilTurn } = await newRun(t)
  const wait = poll(chat.firstId, { wait: '50' })
  await untilTurn(1)
  await chat.post('step')
  t.match(await wait, STALE)
  const query = { agent_instance_id: chat.id, confirm: 'maybe' }
  const refused = await service.request('GET', '/api/v1/messages/pending', { query, token: keys[0] })
  t.match(refused, { status: 400, body: { code: 'invalid_request', errors: [{ path: 'query.confirm' }] } })
})

t.test("what an unbound key was given is not given to the run's bound key, by poll, post or tool", async (t) => {
  const { service, user, chat, poll } = await newRun(t)
  const key = { name: 'bound', expiresInDays: 1, instanceId: chat.id }
  const bound = await service.services.apiKeys.create(service.database.tenant(user.id), key)
  await chat.write('a')
  t.match(await poll(chat.firstId), { status: 'ok', messages: [{ content: 'a' }] })
  t.match(await poll(chat.firstId, {}, bound.api_key), STALE)
  t.match(await poll(chat.firstId, { confirm: 'false' }, bound.api_key), STALE)
  const body = { agent_instance_id: chat.id, content: 'a step' }
  const posted = await service.request('POST', '/api/v1/messages/agent', { token: bound.api_key, body })
  t.match(posted, { status: 200, body: { queued_user_messages: [] } })
})
