import { randomUUID } from 'node:crypto'
import { ask, createSignalboxClient, SignalboxError } from 'signalbox/client'
import t, { type Test } from 'tap'
import { startService } from '../helpers/app.js'
import { contents, startChat } from '../helpers/chat.js'
import { until } from '../helpers/live-view.js'
import { listen } from '../helpers/network.js'

async function newRun(t: Test) {
  const service = await startService(t)
  const user = await service.newUser()
  const chat = await startChat(user)
  const [baseUrl, token] = [await listen(service.app), await user.newKey()]
  const untilAsked = () => until('it to be asked', async () => (await chat.detail()).body.status === 'AWAITING_INPUT')
  return { service, user, chat, baseUrl, token, untilAsked }
}

t.test('an answer comes, also when it, and the answer to the question itself, is lost on its way', async (t) => {
  const { chat, baseUrl, token, untilAsked } = await newRun(t)
  await chat.write('earlier')
  const lost = new Set<string>()
  const client = createSignalboxClient({
    baseUrl,
    token,
    fetch: async (request) => {
      const response = await fetch(request)
      const kind = `${request.method} ${((await response.clone().json()).messages ?? []).length}`
      // Of each kind the first one does not arrive.
      if (kind === 'GET 0' || lost.has(kind)) return response
      lost.add(kind)
      throw new TypeError('connection lost')
    },
  })
  const asking = ask(client, { agent_instance_id: chat.id, content: 'Deploy?' })
  await untilAsked()
  await chat.write('Yes')
  const { answer, messages, earlier, questionId, status } = await asking
  t.strictSame([...lost], ['POST 0', 'GET 1'])
  t.strictSame([answer, contents(messages), contents(earlier), status], ['Yes', ['Yes'], ['earlier'], 'ACTIVE'])
  const { messages: all } = (await chat.detail()).body
  t.strictSame(contents(all), ['start', 'earlier', 'Deploy?', 'Yes'], 'it was asked once')
  t.equal(all[2].id, questionId)
  t.strictSame((await chat.post('step')).body.queued_user_messages, [], 'posting confirms it')
})

t.test('asking ends when the run is ended, when another process goes on, and when it is aborted', async (t) => {
  const { user, chat, baseUrl, token, untilAsked } = await newRun(t)
  const client = createSignalboxClient({ baseUrl, token })
  const question = { agent_instance_id: chat.id, content: 'Deploy?' }
  const overtaken = t.rejects(ask(client, question), /another process/i)
  await untilAsked()
  await chat.post('on')
  await overtaken

  const gone = new AbortController()
  const aborted = t.rejects(ask(client, question, { signal: gone.signal }), /enough/)
  await untilAsked()
  gone.abort(new Error('enough'))
  await aborted

  await chat.post('on')
  const asking = ask(client, question)
  await untilAsked()
  await user.call('PUT', `/agent-instances/${chat.id}/status`, { status: 'KILLED' })
  t.match(await asking, { answer: null, messages: [], status: 'KILLED' })
})

t.test('what is refused is not tried again', async (t) => {
  const { baseUrl, token } = await newRun(t)
  const refused = ask(createSignalboxClient({ baseUrl, token }), { agent_instance_id: randomUUID(), content: 'Who?' })
  await t.rejects(refused, { status: 400, code: 'agent_type_required' })
  const unknown = ask(createSignalboxClient({ baseUrl, token: 'sbx_nobody' }), {
    agent_instance_id: randomUUID(),
    content: 'Who?',
  })
  await t.rejects(unknown, SignalboxError)
})
