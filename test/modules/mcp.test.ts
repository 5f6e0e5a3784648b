import { randomUUID } from 'node:crypto'
import t from 'tap'
import { startService, type TestUser } from '../helpers/app.js'
import { contents } from '../helpers/chat.js'
import { connectAgent } from '../helpers/mcp.js'
import { listen } from '../helpers/network.js'
import { eventually } from '../helpers/wait-timeout.js'

function write(user: TestUser, instanceId: string, content: string) {
  return user.call('POST', `/agent-instances/${instanceId}/messages`, { content })
}

t.test('an agent that speaks MCP', async (t) => {
  const service = await startService(t)
  const url = await listen(service)
  const user = await service.newUser()
  const key = await user.newKey()

  t.test('finds exactly three tools, with schemas and words that say when to use them', async (t) => {
    const agent = await connectAgent(t, url, key)
    const { tools } = await agent.client.listTools()
    t.strictSame(
      tools.map(({ name, inputSchema }) => [name, inputSchema.required]),
      [
        ['log_step', ['step_description']],
        ['ask_question', ['agent_instance_id', 'question_text']],
        ['end_session', ['agent_instance_id']],
      ],
    )
    for (const tool of tools) {
      t.equal(tool.outputSchema?.type, 'object', `${tool.name} says what it answers`)
      t.ok((tool.description ?? '').length > 50, `${tool.name} says what it is for`)
    }
    t.match(agent.client.getInstructions(), /feedback/)
  })

  t.test('logs steps of a run that is made with the first of them, of the kind that the client is', async (t) => {
    const agent = await connectAgent(t, url, key, { name: 'Claude-Code' })
    const first = await agent.call('log_step', { step_description: 'Read the code' })
    const id: string = first.result.agent_instance_id
    t.strictSame(first.result, {
      ...{ success: true, agent_instance_id: id, step_number: 1, instance_status: 'ACTIVE', user_feedback: [] },
    })
    t.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7/)
    t.match(first.text, id)

    await write(user, id, 'Mind the tests')
    const second = await agent.call('log_step', { agent_instance_id: id, step_description: 'Write code' })
    t.strictSame(second.result.user_feedback, ['Mind the tests'])
    t.equal(second.result.step_number, 2)
    t.match(second.text, /Mind the tests/)

    const { body } = await user.call('GET', `/agent-instances/${id}`)
    t.equal(body.agent_type_name, 'claude-code')
    t.strictSame(contents(body.messages), ['Read the code', 'Mind the tests', 'Write code'])

    const chosen = randomUUID()
    const third = await agent.call('log_step', { agent_instance_id: chosen.toUpperCase(), step_description: 'New' })
    t.equal(third.result.agent_instance_id, chosen, 'an id that is new makes a run too')
  })

  t.test('counts steps over both doors, and questions are none', async (t) => {
    const agent = await connectAgent(t, url, key)
    const rest = await user.newAgent()
    const id = await agent.start()
    const post = (content: string, requires_user_input = false) =>
      rest('POST', '/messages/agent', { agent_instance_id: id, content, requires_user_input })
    await post('by REST')
    await post('a question', true)
    const turned = await post('to be a question')
    const next = () => agent.call('log_step', { agent_instance_id: id, step_description: 'next' })
    t.equal((await next()).result.step_number, 4)
    await rest('PATCH', `/messages/${turned.body.message_id}/request-input`)
    t.equal((await next()).result.step_number, 4)
    const messages = ['x', 'y'].map((content) => ({ id: randomUUID(), agent_instance_id: id, content }))
    await rest('POST', '/messages/agent/batch', { messages })
    t.equal((await next()).result.step_number, 7)
  })

  t.test('is answered after 3 seconds, and shows its options meanwhile', async (t) => {
    const agent = await connectAgent(t, url, key)
    const id = await agent.start()
    await write(user, id, 'Before the question')
    const asking = agent.call('ask_question', {
      ...{ agent_instance_id: id, question_text: 'Deploy?', options: ['Yes', 'No'] },
    })
    setTimeout(() => user.call('POST', `/agent-instances/${id}/messages`, { option_index: 1 }), 3000)
    const { result, text } = await asking
    const { body } = await user.call('GET', `/agent-instances/${id}/messages`)
    const question = body.find((message: { content: string }) => message.content === 'Deploy?')
    t.strictSame(question.message_metadata, { options: ['Yes', 'No'] })
    t.ok(question.requires_user_input)
    t.strictSame(result, {
      ...{ answer: 'No', question_id: question.id, instance_status: 'ACTIVE', user_feedback: ['Before the question'] },
    })
    t.match(text, /^No\n.*\n- Before the question$/)
    const next = await agent.call('log_step', { agent_instance_id: id, step_description: 'Go on' })
    t.strictSame(next.result.user_feedback, [], 'neither is handed out again')
  })

  t.test('is told what to do when nobody answers', async (t) => {
    const agent = await connectAgent(t, url, key)
    const id = await agent.start()
    await write(user, id, 'Feedback')
    const question = { agent_instance_id: id, question_text: 'Anybody?', timeout_seconds: 0.2 }
    const first = await agent.call('ask_question', question)
    t.equal(first.result.answer, null)
    t.strictSame(first.result.user_feedback, ['Feedback'])
    t.notOk(first.isError)
    t.match(first.text, /ask_question again/)
    const again = await agent.call('ask_question', question)
    const { question_id } = first.result
    t.strictSame(again.result, { answer: null, question_id, instance_status: 'AWAITING_INPUT' })

    await write(user, id, 'Me')
    const answered = await agent.call('ask_question', question)
    t.strictSame(answered.result, { answer: 'Me', question_id, instance_status: 'ACTIVE' }, 'at once')
    const repeated = await agent.call('ask_question', question)
    t.match(repeated.result, { answer: 'Me', question_id }, 'and again, as it may have been lost')
    t.match(repeated.text, /^Me\nYou were given this answer before.*log_step/)
    await agent.call('log_step', { agent_instance_id: id, step_description: 'next' })
    const anew = await agent.call('ask_question', question)
    t.not(
      anew.result.question_id,
      first.result.question_id,
      'the same words are a new question once the agent has gone on',
    )
  })

  t.test('hears that it waits', async (t) => {
    const agent = await connectAgent(t, url, key)
    const id = await agent.start()
    const progress: number[] = []
    const asking = agent.call(
      'ask_question',
      { agent_instance_id: id, question_text: 'Still there?' },
      { onprogress: (sign) => progress.push(sign.progress), timeout: 60_000 },
    )
    t.ok(await eventually(async () => progress.length === 2))
    t.equal(progress[0], 0)
    t.ok(Number(progress[1]) > 0 && Number(progress[1]) <= 15, 'in time for those who give up after 15 s')
    await write(user, id, 'Yes')
    t.equal((await asking).result.answer, 'Yes')
  })

  t.test('ends its session', async (t) => {
    const agent = await connectAgent(t, url, key)
    const id = await agent.start()
    const { result } = await agent.call('end_session', { agent_instance_id: id })
    const status = { final_status: 'COMPLETED', instance_status: 'COMPLETED' }
    t.strictSame(result, { success: true, agent_instance_id: id, ...status })
    t.equal((await user.call('GET', `/agent-instances/${id}`)).body.status, 'COMPLETED')
  })

  t.test('is told what it did wrong in a result that the model sees', async (t) => {
    const agent = await connectAgent(t, url, key)
    for (const [tool, args, complaint] of [
      ['log_step', {}, /step_description/],
      ['log_step', { step_description: 'x', agent_instance_id: 'x' }, /agent_instance_id.*uuid/],
      ['ask_question', { agent_instance_id: randomUUID(), question_text: 'x' }, /not found/],
      ['end_session', { agent_instance_id: randomUUID() }, /not found/],
    ] as const) {
      const answer = await agent.call(tool, args)
      t.ok(answer.isError, tool)
      t.match(answer.text, complaint)
    }
    await t.rejects(agent.call('rm', {}), /no tool/)
  })

  t.test('has the same endpoint with a slash at the end', async (t) => {
    const agent = await connectAgent(t, url, key, { path: '/mcp/?agent_type=Nightly', name: 'ignored' })
    const id = await agent.start()
    const { body } = await user.call('GET', `/agent-instances/${id}`)
    t.equal(body.agent_type_name, 'nightly')
  })
})
