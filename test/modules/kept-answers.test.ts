import t, { type Test } from 'tap'
import { startOn, startService, type TestService } from '../helpers/app.js'
import { contents, startChat } from '../helpers/chat.js'
import { connectAgent, type McpAgent } from '../helpers/mcp.js'
import { listen } from '../helpers/network.js'
import { until } from '../helpers/wait-timeout.js'

/** Two processes of the service on one database, a run, and an agent that speaks MCP to either. */
async function newRun(t: Test) {
  const service = await startService(t)
  const other = await startOn(t, service.testDatabase)
  const bases = [await listen(service), await listen(other)] as const
  const user = await service.newUser()
  const chat = await startChat(user)
  const minted = (await user.call('POST', '/auth/api-keys', { name: 'asks' })).body
  const keys: readonly [string, string] = [minted.api_key, await user.newKey()]
  const agents = [await connectAgent(t, bases[0], keys[0]), await connectAgent(t, bases[1], keys[0])] as const
  const ask = async (question_text: string, agent = agents[0], timeout_seconds = 0) => {
    const args = { agent_instance_id: chat.id, question_text, timeout_seconds }
    return (await agent.call('ask_question', args, { timeout: 100_000 })).result
  }
  const logStep = async (agent: McpAgent = agents[0]) =>
    (await agent.call('log_step', { agent_instance_id: chat.id, step_description: 'on' })).result.user_feedback
  const poll = async (readCursor: string, token: string, more: Record<string, string> = {}, at = service) => {
    const query = { agent_instance_id: chat.id, last_read_message_id: readCursor, ...more }
    return (await at.request('GET', '/api/v1/messages/pending', { query, token })).body
  }
  /** Asks, and does not say what becomes of what is handed over. */
  const take = async (content: string, { services } = service, key = keys[0]) => {
    const { keyId, secretHash } = await services.apiKeys.authenticate(key)
    const waitOptions = { seconds: 0, keyId, secretHash, signal: new AbortController().signal }
    const question = { instanceId: chat.id, content, options: [], keyId }
    const { outcome } = await services.questions.askAndWait(services.database.tenant(user.id), question, waitOptions)
    if (!outcome) throw new Error('whoever asked has gone')
    return outcome
  }
  /** How often a question is in the chat. */
  const timesAsked = async (text: string) => {
    const { body } = await user.call('GET', `/agent-instances/${chat.id}/messages?limit=200`)
    return contents(body).filter((content) => content === text).length
  }
  return { service, other, bases, user, chat, minted, keys, agents, ask, logStep, poll, take, timesAsked }
}

/** Waits until somebody has asked a question in a process. */
function whenAsked({ services: { questions } }: Pick<TestService, 'services'>): Promise<void> {
  const ask = questions.ask.bind(questions)
  return new Promise((resolve) => {
    questions.ask = async (...given) => {
      const id = await ask(...given)
      resolve()
      return id
    }
  })
}

const STALE = { status: 'stale', messages: [] }

t.test('the same words have the same answer until the agent goes on, in whichever way', async (t) => {
  const { chat, keys, agents, ask, logStep, poll, timesAsked } = await newRun(t)
  let round = 0
  let lastId = ''
  const waysOn: Record<string, () => Promise<unknown>> = {
    'a step': async () => t.strictSame(await logStep(), [`since ${round}`]),
    'a step of another key': async () =>
      t.strictSame(contents((await chat.post('step')).body.queued_user_messages), [`since ${round}`]),
    'another question': async () => t.strictSame((await ask(`Another ${round}?`)).user_feedback, [`since ${round}`]),
    'the end of the session': () => agents[0].call('end_session', { agent_instance_id: chat.id }),
    'a poll from the last message': async () =>
      t.match(await poll(lastId, keys[0], { confirm: 'true' }), {
        status: 'ok',
        messages: [{ content: `since ${round}` }],
      }),
  }
  for (const [way, goOn] of Object.entries(waysOn)) {
    round += 1
    const text = `Which ${round}?`
    await chat.write('before')
    const { question_id } = await ask(text).then(async () => {
      await chat.write('between')
      return ask(text)
    })
    t.equal(await timesAsked(text), 1)
    const first = await ask(text)
    t.match(first, { answer: 'between', question_id, warnings: [/given this answer before/] }, 'it is told so')
    await chat.write(`since ${round}`)
    t.strictSame(await ask(text, agents[1]), first, 'the same again, on whatever process, and not what came since')
    t.equal(await timesAsked(text), 1, 'the person is not asked again')
    const messages = (await chat.detail()).body.messages as { id: string; content: string }[]
    lastId = messages.filter(({ content }) => content === 'between').at(-1)?.id ?? ''
    await goOn()
    const anew = await ask(text)
    t.equal(anew.answer, null, `after ${way} it is a new question`)
    t.not(anew.question_id, question_id)
    await logStep()
    t.strictSame(await logStep(), [], 'and nothing comes twice')
  }
})

t.test('what was written before an answer comes again with it', async (t) => {
  const { chat, agents, ask, logStep, timesAsked } = await newRun(t)
  const asking = ask('Which?', agents[0], 90)
  await until('it to be asked', async () => (await timesAsked('Which?')) === 1)
  const second = ask('Which?', agents[1], 90)
  await chat.write('This')
  for (const given of [await asking, await second]) t.equal(given.answer, 'This')
  await logStep()
  await chat.write('feedback')
  const waiting = ask('And now?', agents[0], 90)
  await until('it to be asked', async () => (await timesAsked('And now?')) === 1)
  await chat.write('That')
  const given = await waiting
  t.match(given, { answer: 'That', user_feedback: ['feedback'] })
  t.notOk(given.warnings)
  t.match(await ask('And now?'), { ...given, warnings: [/before/] })
  t.strictSame(await logStep(), [], 'neither comes with the next step')
})

t.test("what one key was given is no other's, unless the key ends or the agent goes on", async (t) => {
  const { other, user, bases, chat, minted, keys, ask, logStep, poll, timesAsked } = await newRun(t)
  const another = await connectAgent(t, bases[1], keys[1])
  const { question_id } = await ask('Which?')
  await chat.write('This')
  t.equal((await ask('Which?')).answer, 'This')
  t.match(await ask('Which?', another), { answer: null, question_id }, 'nor is the person asked again')
  for (const more of [{}, { confirm: 'true' }]) t.match(await poll(question_id, keys[1], more), STALE)
  t.equal((await ask('Which?')).answer, 'This', 'it stays')
  const joined = whenAsked(other)
  const waiting = ask('Which?', another, 3600)
  await joined
  await logStep()
  t.match(await waiting, { answer: 'This', question_id }, 'who waits for the same is answered when the agent goes on')
  t.equal(await timesAsked('Which?'), 1)

  const next = await ask('And now?')
  await chat.write('That')
  t.equal((await ask('And now?')).answer, 'That')
  await user.call('DELETE', `/auth/api-keys/${minted.id}`)
  t.match(await ask('And now?', another), { answer: 'That', question_id: next.question_id })
  t.strictSame(await logStep(another), [])
})

t.test('of two keys that wait for one answer the second one has it when the first goes on', async (t) => {
  const { service, other, bases, chat, keys, agents, ask, timesAsked } = await newRun(t)
  const another = await connectAgent(t, bases[1], keys[1])
  const joined = [whenAsked(service), whenAsked(other)]
  const waiting = [ask('Which?', agents[0], 3600), ask('Which?', another, 3600)]
  await Promise.all(joined)
  await chat.write('This')
  t.equal((await Promise.race(waiting)).answer, 'This')
  await chat.post('step')
  t.strictSame(
    (await Promise.all(waiting)).map(({ answer }) => answer),
    ['This', 'This'],
  )
  t.equal(await timesAsked('Which?'), 1)
})

t.test('an answer that is known to be lost was not given: it is for whoever comes', async (t) => {
  const { service, bases, chat, keys, ask, logStep, poll, take } = await newRun(t)
  const another = await connectAgent(t, bases[1], keys[1])
  const { question_id } = await ask('First?')
  await chat.write('One')
  const lost = await take('First?')
  t.equal(lost.answer, 'One')
  const early = [poll(question_id, keys[1]), ask('First?', another)]
  await lost.handoff.lost()
  const [polled, asked] = await Promise.all(early)
  t.strictSame([...contents(polled.messages), asked.answer].filter(Boolean)[0], 'One', 'nobody had it meanwhile')
  await logStep()

  await ask('Second?')
  await chat.write('Two')
  await (await take('Second?')).handoff.lost()
  t.strictSame(await logStep(), ['Two'], 'an agent that goes on has it with the next step')

  await ask('Third?')
  await chat.write('Three')
  const dying = await startOn(t, service.testDatabase)
  t.equal((await take('Third?', dying)).answer, 'Three')
  await dying.app.close()
  t.equal((await ask('Third?', another)).answer, 'Three', 'also when its process ends before it has sent it')
  t.strictSame(await logStep(another), [])

  await ask('Fourth?')
  await chat.write('Four')
  await (await take('Fourth?')).handoff.arrived()
  const again = await take('Fourth?')
  await again.handoff.lost()
  t.strictSame([again.answer, again.isAgain], ['Four', true])
  t.equal((await ask('Fourth?')).answer, 'Four', 'one that has arrived once stays')
})

t.test('of two questions at once each has its own answer, and the one does not cost the other', async (t) => {
  const { chat, ask, logStep, take } = await newRun(t)
  await ask('First?')
  await ask('Second?')
  await chat.write('Two')
  await (await take('Second?')).handoff.arrived()
  t.notOk((await ask('First?')).user_feedback, 'who waits on is not given the answer to the other one')
  t.equal((await ask('Second?')).answer, 'Two', 'nor loses it')
  await chat.write('One')
  const lost = await take('First?')
  t.strictSame([lost.answer, contents(lost.feedback)], ['One', []])
  await lost.handoff.lost()
  t.equal((await ask('Second?')).answer, 'Two', 'what was given before stays')
  t.strictSame(await logStep(), ['One'], 'and only what was lost comes')

  await ask('Third?')
  await ask('Fourth?')
  await chat.write('Four')
  await chat.write('Three')
  for (const [question, answer] of [
    ['Fourth?', 'Four'],
    ['Third?', 'Three'],
    ['Fourth?', 'Four'],
    ['Third?', 'Three'],
  ] as const) {
    t.equal((await ask(question)).answer, answer)
  }
  t.strictSame(await logStep(), [])
})

t.test('a poll at the place of an answer that is being written waits for what becomes of it', async (t) => {
  const { chat, keys, ask, logStep, poll, take } = await newRun(t)
  const { question_id } = await ask('Which?')
  await chat.write('This')
  const { handoff } = await take('Which?')
  const polls = [poll(question_id, keys[1]), poll(question_id, keys[1], { confirm: 'true' })]
  await handoff.arrived()
  for (const polled of polls) t.match(await polled, STALE)
  t.strictSame(contents((await poll(question_id, keys[0], { confirm: 'true' })).messages), ['This'])
  t.strictSame(await logStep(), [])
})

t.test('the calls of a batch do not wait for the answer that they have in common', async (t) => {
  const { service, chat, keys, logStep } = await newRun(t)
  await chat.write('for you')
  const call = (id: number, name: string, more: object) => {
    const params = { name, arguments: { agent_instance_id: chat.id, ...more } }
    return { jsonrpc: '2.0', id, method: 'tools/call', params }
  }
  const { status, body } = await service.request('POST', '/mcp', {
    token: keys[0],
    headers: { accept: 'application/json' },
    body: [
      call(1, 'log_step', { step_description: 'first' }),
      call(2, 'ask_question', { question_text: 'May I?', timeout_seconds: 1 }),
      call(3, 'log_step', { step_description: 'last' }),
    ],
  })
  t.equal(status, 200)
  t.equal(body.length, 3)
  // Once as text, and once as data.
  t.equal(JSON.stringify(body).split('for you').length - 1, 2, 'what a person wrote is handed out once')
  t.strictSame(await logStep(), [])
})
