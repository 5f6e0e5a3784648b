import { randomUUID } from 'node:crypto'
import { mock } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { ask, createSignalboxClient, type Reply, SignalboxError } from 'signalbox/client'
import t, { type Test } from 'tap'
import { startService } from '../helpers/app.js'
import { contents, startChat } from '../helpers/chat.js'
import { listen } from '../helpers/network.js'
import { until } from '../helpers/wait-timeout.js'

async function newRun(t: Test) {
  const service = await startService(t)
  const user = await service.newUser()
  const chat = await startChat(user)
  const [baseUrl, token] = [await listen(service), await user.newKey()]
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

t.test('a retry that comes while the first request is under way is tried again', async (t) => {
  const { chat, baseUrl, token, untilAsked } = await newRun(t)
  let posts = 0
  const inProgress = {
    ...{ type: 'about:blank', title: 'Conflict', status: 409, code: 'idempotency_in_progress' },
    ...{ detail: 'The first request with this Idempotency-Key is still under way', request_id: 'x' },
  }
  const headers = { 'content-type': 'application/problem+json', 'retry-after': '0' }
  const client = createSignalboxClient({
    baseUrl,
    token,
    fetch: async (request) => {
      if (request.method !== 'POST' || ++posts > 1) return fetch(request)
      return new Response(JSON.stringify(inProgress), { status: 409, headers })
    },
  })
  const asking = ask(client, { agent_instance_id: chat.id, content: 'Deploy?' })
  await untilAsked()
  await chat.write('Yes')
  t.equal((await asking).answer, 'Yes')
  t.equal(posts, 2)
})

t.test('a request that is never answered is given up after a while, and sent again', async (t) => {
  mock.timers.enable({ apis: ['setTimeout'] })
  t.teardown(() => mock.timers.reset())
  const answers: Record<string, unknown> = {
    POST: { agent_instance_id: randomUUID(), message_id: randomUUID(), queued_user_messages: [] },
    GET: { messages: [{ content: 'Yes' }], instance_status: 'ACTIVE', status: 'ok' },
  }
  const hung: string[] = []
  const client = createSignalboxClient({
    baseUrl: 'http://signalbox.example',
    token: 'sbx_x',
    fetch: async ({ method, signal }) => {
      if (hung.includes(method)) return Response.json(answers[method])
      hung.push(method)
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    },
  })
  let reply: Reply | undefined
  const asking = ask(client, { agent_instance_id: randomUUID(), content: 'Deploy?' }).then((got) => {
    reply = got
  })
  const seconds = (count: number) => mock.timers.tick(count * 1000)
  for (const method of ['POST', 'GET']) {
    while (!hung.includes(method)) {
      seconds(1)
      await turn()
    }
    seconds(60)
    await turn()
    t.equal(hung.at(-1), method, 'the service holds a poll for 50 s')
    t.equal(reply, undefined)
    seconds(5)
    await turn()
  }
  while (!reply) {
    seconds(1)
    await turn()
  }
  await asking
  t.equal(reply.answer, 'Yes')
})
