import t from 'tap'
import { startOn, startService, type TestService, type TestUser } from '../helpers/app.js'
import { connectAgent, type McpAgent } from '../helpers/mcp.js'
import { listen } from '../helpers/network.js'
import { eventually } from '../helpers/wait-timeout.js'

const PATIENT = { timeout: 60_000 }

function write(user: TestUser, instanceId: string, content: string) {
  return user.call('POST', `/agent-instances/${instanceId}/messages`, { content })
}

function ask(agent: McpAgent, agent_instance_id: string, question_text: string, signal?: AbortSignal) {
  const args = { agent_instance_id, question_text, timeout_seconds: 60 }
  return agent.call('ask_question', args, { ...PATIENT, ...(signal ? { signal } : {}) })
}

function textsOf(messages: readonly { content: string }[]): string[] {
  return messages.map(({ content }) => content)
}

/** @returns the ids of the questions with this text, when there is one at least */
function asked(user: TestUser, instanceId: string, content: string): Promise<string[]> {
  return eventually(async () => {
    const { body } = await user.call('GET', `/agent-instances/${instanceId}/messages`)
    const ids = body.filter((m: { content: string }) => m.content === content).map((m: { id: string }) => m.id)
    return ids.length > 0 && ids
  })
}

/** @returns what waits until so many more have asked in a process, and wait for the answer */
function watchWaits({ services: { questions } }: TestService): (more: number) => Promise<boolean> {
  const ask = questions.ask.bind(questions)
  let asked = 0
  questions.ask = async (...given) => {
    const id = await ask(...given)
    asked++
    return id
  }
  return (more) => eventually(async () => asked >= more)
}

/** How many requests of agents a process has answered. */
function answered({ logged }: TestService): number {
  return logged.filter((line) => line.includes('"/mcp"')).length
}

t.test('questions that are waited for', async (t) => {
  const service = await startService(t)
  const url = await listen(service)
  const other = await startOn(t, service.testDatabase)
  const otherUrl = await listen(other)
  const user = await service.newUser()
  const key = await user.newKey()

  t.test('an answer that came while the connection was broken is there at once', async (t) => {
    const broken = await connectAgent(t, url, key)
    const id = await broken.start()
    await write(user, id, 'Feedback')
    const lost = ask(broken, id, 'Deploy?')
    await asked(user, id, 'Deploy?')
    await Promise.all([t.rejects(lost), broken.close()])
    await write(user, id, 'Yes')

    const agent = await connectAgent(t, otherUrl, key)
    const { result } = await ask(agent, id, 'Deploy?')
    t.strictSame([result.answer, result.user_feedback], ['Yes', ['Feedback']])
    t.strictSame(await asked(user, id, 'Deploy?'), [result.question_id], 'it was asked once')

    await agent.call('log_step', { agent_instance_id: id, step_description: 'Deploying' })
    const again = ask(agent, id, 'Deploy?')
    await eventually(async () => (await asked(user, id, 'Deploy?')).length === 2)
    await write(user, id, 'Yes, again')
    t.equal((await again).result.answer, 'Yes, again', 'asked anew after the agent has gone on')
  })

  t.test('asking again attaches to the open question, on either process, and all are answered', async (t) => {
    const agents = [await connectAgent(t, url, key), await connectAgent(t, otherUrl, key)] as const
    const id = await agents[0].start()
    const [here, there] = [watchWaits(service), watchWaits(other)]
    const waiting = [ask(agents[0], id, 'Which?'), ask(agents[1], id, 'Which?'), ask(agents[0], id, 'Which?')]
    await Promise.all([here(2), there(1)])
    await other.request('POST', `/api/v1/agent-instances/${id}/messages`, {
      ...{ token: user.token, body: { content: 'This' } },
    })
    const answers = (await Promise.all(waiting)).map(({ result }) => [result.answer, result.question_id])
    const [question] = await asked(user, id, 'Which?')
    t.strictSame(answers, Array(3).fill(['This', question]))
  })

  t.test('an answer goes to the question that was asked last', async (t) => {
    const agent = await connectAgent(t, url, key)
    const id = await agent.start()
    const first = ask(agent, id, 'First?')
    await asked(user, id, 'First?')
    const second = ask(agent, id, 'Second?')
    await asked(user, id, 'Second?')
    await write(user, id, 'to the second')
    t.equal((await second).result.answer, 'to the second')
    await write(user, id, 'to the first')
    t.equal((await first).result.answer, 'to the first')
  })

  t.test('a client that gives up gets nothing, and the answer is kept for it, on whichever process', async (t) => {
    const isGivingUp = (init?: RequestInit) => String(init?.body).includes('notifications/cancelled')
    const agent = await connectAgent(t, url, key, {
      fetch: (input, init) => fetch(isGivingUp(init) ? `${otherUrl}/mcp` : input, init),
    })
    const id = await agent.start()
    const abort = new AbortController()
    const given = ask(agent, id, 'Patient?', abort.signal)
    await asked(user, id, 'Patient?')
    const before = answered(service)
    abort.abort()
    await t.rejects(given)
    t.ok(await eventually(async () => answered(service) > before), 'the wait ends, although its connection is there')
    await write(user, id, 'Now')
    t.equal((await ask(agent, id, 'Patient?')).result.answer, 'Now')
  })

  t.test('what was handed out to somebody who had gone is handed out again', async (t) => {
    const agent = await connectAgent(t, url, key)
    const id = await agent.start()
    const tenant = service.database.tenant(user.id)
    const { keyId, secretHash } = await service.services.apiKeys.authenticate(key)
    const question = { instanceId: id, content: 'Lost?', options: [], keyId }
    await service.services.questions.ask(tenant, question)
    await write(user, id, 'Found')
    const waitOptions = { seconds: 10, keyId, secretHash, signal: new AbortController().signal }
    const { app, services } = await startOn(t, service.testDatabase)
    const { outcome } = await services.questions.askAndWait(services.database.tenant(user.id), question, waitOptions)
    await app.close()

    t.equal(outcome?.answer, 'Found', 'taken by a process that ends before it is sent')
    t.equal((await ask(agent, id, 'Lost?')).result.answer, 'Found')
    const next = await agent.call('log_step', { agent_instance_id: id, step_description: 'next' })
    t.strictSame(next.result.user_feedback, [])
  })

  t.test('feedback of a step whose answer does not arrive comes with the next', async (t) => {
    const agent = await connectAgent(t, url, key)
    const id = await agent.start()
    await write(user, id, 'Listen')
    const tenant = service.database.tenant(user.id)
    const { keyId } = await service.services.apiKeys.authenticate(key)
    const step = { instanceId: id, agentType: null, requiresUserInput: false, gitDiff: null, metadata: null, keyId }
    const lost = await service.services.messages.postByAgent(tenant, { ...step, content: 'lost', offersQueue: true })
    t.strictSame(textsOf(lost.queued), ['Listen'])
    const next = agent.call('log_step', { agent_instance_id: id, step_description: 'at once' })
    const offer = {
      instanceId: id,
      id: lost.messageId,
      lastId: lost.queued.at(-1)?.id ?? '',
      readCursor: lost.messageId,
    }
    await service.services.offers.handoffOf(tenant, offer).lost()
    t.strictSame((await next).result.user_feedback, ['Listen'], 'also when it comes before the loss is noted')

    await write(user, id, 'Again')
    const left = await service.services.messages.postByAgent(tenant, { ...step, content: 'left', offersQueue: true })
    t.strictSame(textsOf(left.queued), ['Again'], 'by a process that ends before it is sent')
    const after = await agent.call('log_step', { agent_instance_id: id, step_description: 'after' })
    t.strictSame(after.result.user_feedback, ['Again'])
    await write(user, id, 'Once')
    for (const expected of [['Once'], []]) {
      const call = await agent.call('log_step', { agent_instance_id: id, step_description: 'on' })
      t.strictSame(call.result.user_feedback, expected, 'what has arrived does not come again')
    }
  })

  t.test('a run that is ended while its agent waits for an answer lets the agent go', async (t) => {
    const agent = await connectAgent(t, url, key)
    const id = await agent.start()
    const waiting = ask(agent, id, 'Shall I?')
    await asked(user, id, 'Shall I?')
    await user.call('PUT', `/agent-instances/${id}/status`, { status: 'KILLED' })
    const { result, text } = await waiting
    t.equal(result.answer, null)
    t.equal(result.instance_status, 'KILLED')
    t.match(text, /KILLED/)
    await write(user, id, 'On second thoughts, yes')
    const again = await ask(agent, id, 'Shall I?')
    t.match(again.result, { answer: 'On second thoughts, yes', instance_status: 'KILLED' }, 'and it may ask again')
    t.match(again.text, /^On second thoughts, yes\n.*KILLED.*Stop/)
  })

  t.test('a run that has ended for good lets its agent go at once, whatever it asks and reports', async (t) => {
    for (const status of ['KILLED', 'FAILED']) {
      const agent = await connectAgent(t, url, key)
      const id = await agent.start()
      await user.call('PUT', `/agent-instances/${id}/status`, { status })
      // Who waited would wait for longer than the client does.
      const args = { agent_instance_id: id, question_text: 'May I go on?', timeout_seconds: 3600 }
      const first = await agent.call('ask_question', args, PATIENT)
      const again = await agent.call('ask_question', args, PATIENT)
      for (const { result, text, isError } of [first, again]) {
        t.notOk(isError)
        const [question_id] = await asked(user, id, 'May I go on?')
        t.strictSame(
          result,
          { answer: null, question_id, instance_status: status },
          'the question is in the chat, once',
        )
        t.match(text, new RegExp(`${status}.*Stop`))
      }
      const step = await agent.call('log_step', { agent_instance_id: id, step_description: 'I go on' })
      t.equal(step.result.instance_status, status)
      t.match(step.text, new RegExp(`${status}.*Stop`))
      const end = await agent.call('end_session', { agent_instance_id: id })
      t.match(end.result, { final_status: status, instance_status: status })
    }
  })

  t.test('a run that is completed while its agent waits lets it go, and waits again when it asks again', async (t) => {
    const agent = await connectAgent(t, url, key)
    const id = await agent.start()
    const waiting = ask(agent, id, 'Shall I?')
    await asked(user, id, 'Shall I?')
    await user.call('PUT', `/agent-instances/${id}/status`, { status: 'COMPLETED' })
    const { result, text } = await waiting
    t.match(result, { answer: null, instance_status: 'COMPLETED' })
    t.match(text, /COMPLETED/)
    const isAsked = watchWaits(service)
    const again = ask(agent, id, 'Shall I?')
    await isAsked(1)
    await write(user, id, 'Yes')
    t.match((await again).result, { answer: 'Yes', question_id: result.question_id, instance_status: 'ACTIVE' })
  })

  t.test('a key that is revoked ends the wait, and the answer stays', async (t) => {
    const minted = await user.call('POST', '/auth/api-keys', { name: 'short' })
    const agent = await connectAgent(t, url, minted.body.api_key)
    const id = await agent.start()
    const refused = t.rejects(ask(agent, id, 'Still me?'), /revoked/)
    await asked(user, id, 'Still me?')
    await other.request('DELETE', `/api/v1/auth/api-keys/${minted.body.id}`, { token: user.token })
    await refused
    await write(user, id, 'For another')
    const successor = await connectAgent(t, url, key)
    t.equal((await ask(successor, id, 'Still me?')).result.answer, 'For another')
  })

  t.test('a client that does not ask to be told of progress hears at once that its question was taken', async (t) => {
    const agent = await connectAgent(t, url, key)
    const id = await agent.start()
    const args = { agent_instance_id: id, question_text: 'Heard?', timeout_seconds: 60 }
    const response = await fetch(`${url}/mcp`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: { name: 'ask_question', arguments: args },
      }),
    })
    const chunks: string[] = []
    const reading = (async () => {
      for await (const chunk of response.body ?? []) chunks.push(Buffer.from(chunk).toString())
    })()
    await asked(user, id, 'Heard?')
    await write(user, id, 'Loud and clear')
    await reading
    t.equal(chunks[0], ': waiting\n\n', 'before the first sign of life')
    t.match(chunks.join(''), 'Loud and clear')
  })

  t.test('a secret that is replaced ends the wait, and the answer stays', async (t) => {
    const minted = await user.call('POST', '/auth/api-keys', { name: 'replaced' })
    const agent = await connectAgent(t, url, minted.body.api_key)
    const id = await agent.start()
    const refused = t.rejects(ask(agent, id, 'Still mine?'), /expired/)
    await asked(user, id, 'Still mine?')
    await other.request('POST', `/api/v1/auth/api-keys/${minted.body.id}/rotate`, { token: user.token, body: {} })
    await refused
    await write(user, id, 'For the successor')
    const successor = await connectAgent(t, url, key)
    t.equal((await ask(successor, id, 'Still mine?')).result.answer, 'For the successor')
  })

  t.test('a run that is deleted ends the wait', async (t) => {
    const agent = await connectAgent(t, url, key)
    const id = await agent.start()
    const waiting = ask(agent, id, 'Gone?')
    await asked(user, id, 'Gone?')
    await user.call('DELETE', `/agent-instances/${id}`)
    const answer = await waiting
    t.ok(answer.isError)
    t.match(answer.text, /deleted/)
  })

  t.test('a process that stops tells those who wait to ask again', async (t) => {
    const stopping = await startOn(t, service.testDatabase)
    const agent = await connectAgent(t, await listen(stopping), key)
    const id = await agent.start()
    const waiting = ask(agent, id, 'Now?')
    await asked(user, id, 'Now?')
    await stopping.app.close()
    const { result, text } = await waiting
    t.equal(result.answer, null)
    t.match(text, /ask_question again/)
  })

  t.test('60 agents wait at once with 8 database connections', async (t) => {
    const agent = await connectAgent(t, url, key)
    const runs = await Promise.all(Array.from({ length: 60 }, () => agent.start()))
    const waiting = runs.map((id) => ask(agent, id, 'Each?'))
    const isAsked = async () => (await user.call('GET', '/agent-summary')).body.statuses.AWAITING_INPUT >= 60
    t.ok(await eventually(isAsked))
    await Promise.all(runs.map((id) => write(user, id, `for ${id}`)))
    const answers = await Promise.all(waiting)
    t.strictSame(
      answers.map(({ result }) => result.answer),
      runs.map((id) => `for ${id}`),
    )
  })
})
