import { randomUUID } from 'node:crypto'
import t, { type Test } from 'tap'
import { startService, type TestService, type TestUser } from '../helpers/app.js'
import { LiveView } from '../helpers/live-view.js'
import { listen } from '../helpers/network.js'
import { type Receiver, startEchoingReceiver } from '../helpers/webhook-receiver.js'

const SECRET = 'the-secret-of-the-receiver'
const PROMPT = 'Find out why the nightly build fails'

async function start(t: Test, overrides: Parameters<typeof startService>[1] = {}): Promise<TestService> {
  return startService(t, { WEBHOOK_ALLOW_NETWORKS: '127.0.0.0/8', ...overrides })
}

/** Makes a kind of agent. @returns its id */
async function newLaunchable(user: TestUser, url: string, settings: object = {}): Promise<string> {
  const { status, body } = await user.call('POST', '/user-agents', {
    name: `Agent ${randomUUID()}`,
    webhook_type: 'DEFAULT',
    webhook_config: { url, api_key: SECRET },
    ...settings,
  })
  if (status !== 200) throw new Error(JSON.stringify(body))
  return body.id
}

/** The key that came with the only call. */
function keyOf({ received }: Receiver): string {
  return received[0]?.body.omnara_api_key ?? received[0]?.headers['x-omnara-api-key']
}

t.test('DEFAULT posts what the agent needs to any URL', async (t) => {
  const { newUser } = await start(t)
  const user = await newUser()
  const receiver = await startEchoingReceiver(t)
  const id = await newLaunchable(user, `${receiver.url}/launch?team=1`, {
    name: 'Triage',
    webhook_config: {
      url: `${receiver.url}/launch?team=1`,
      api_key: SECRET,
      custom_headers: '{"X-Team": "platform", "Authorization": "Basic eA=="}',
    },
  })
  const launched = await user.call('POST', `/user-agents/${id}/instances`, {
    prompt: PROMPT,
    name: 'Nightly build',
    ticket: 7,
    nested: { a: [1] },
    omnara_api_key: 'mine',
    nothing: null,
    agent_instance_id: randomUUID(),
    agent_type: 'other',
  })
  t.equal(launched.status, 200)
  const { agent_instance_id, ...rest } = launched.body
  t.strictSame(rest, { success: true, message: 'The agent was launched', error: null })
  t.equal(receiver.received.length, 1)
  const { path: url, headers, body } = receiver.received[0] ?? { path: '', headers: {}, body: {} }
  t.equal(url, '/launch?team=1')
  t.match(headers, {
    authorization: `Bearer ${SECRET}`,
    'content-type': 'application/json',
    'user-agent': /^Signalbox\/\d/,
    'x-team': 'platform',
  })
  const { omnara_api_key, ...others } = body
  t.match(omnara_api_key, /^sbx_/)
  t.strictSame(others, {
    agent_instance_id,
    agent_type: 'triage',
    prompt: PROMPT,
    name: 'Nightly build',
    ticket: 7,
    nested: { a: [1] },
  })
})

t.test('what was left empty is left out, and never null', async (t) => {
  const { newUser } = await start(t)
  const user = await newUser()
  const receiver = await startEchoingReceiver(t)
  const id = await newLaunchable(user, receiver.url)
  const launch = { prompt: PROMPT, name: ' ', ticket: null }
  t.equal((await user.call('POST', `/user-agents/${id}/instances`, launch)).status, 200)
  const fields = ['agent_instance_id', 'agent_type', 'omnara_api_key', 'prompt']
  t.strictSame(Object.keys(receiver.received[0]?.body).sort(), fields)
})

t.test('OMNARA_SERVE posts what `omnara serve` takes, and nothing else', async (t) => {
  const { newUser } = await start(t)
  const user = await newUser()
  const receiver = await startEchoingReceiver(t)
  const id = await newLaunchable(user, receiver.url, {
    name: 'claude',
    webhook_type: undefined,
    webhook_config: undefined,
    webhook_url: receiver.url,
    webhook_api_key: SECRET,
  })
  const bare = { prompt: PROMPT, worktree_name: null, branch_name: '', name: 'A title, in words' }
  const first = await user.call('POST', `/user-agents/${id}/instances`, bare)
  t.equal(first.status, 200)
  const full = { prompt: PROMPT, worktree_name: 'fix-login', branch_name: 'login', anything: 1 }
  const second = await user.call('POST', `/user-agents/${id}/instances`, full)
  t.strictSame(
    receiver.received.map(({ body }) => body),
    [
      { agent_instance_id: first.body.agent_instance_id, agent_type: 'claude', prompt: PROMPT },
      {
        agent_instance_id: second.body.agent_instance_id,
        agent_type: 'claude',
        prompt: PROMPT,
        worktree_name: 'fix-login',
        branch_name: 'login',
        name: 'login',
      },
    ],
  )
  for (const { headers } of receiver.received) {
    t.match(headers, { authorization: `Bearer ${SECRET}`, 'x-omnara-api-key': /^sbx_/ })
  }
  t.equal((await user.call('GET', `/agent-instances/${first.body.agent_instance_id}`)).body.name, 'A title, in words')
})

t.test('GITHUB dispatches an event to the repository', async (t) => {
  const receiver = await startEchoingReceiver(t, () => 204)
  const { newUser } = await start(t, { GITHUB_API_URL: `${receiver.url}/api/v3/` })
  const user = await newUser()
  const config = { repository: 'octo-org/octo.repo', github_token: 'github_pat_of_the_test' }
  const id = await newLaunchable(user, '', { name: 'ci', webhook_type: 'GITHUB', webhook_config: config })
  const launched = await user.call('POST', `/user-agents/${id}/instances`, { prompt: PROMPT, name: 'Nightly', x: 1 })
  t.equal(launched.status, 200)
  t.match(receiver.received, [
    {
      path: '/api/v3/repos/octo-org/octo.repo/dispatches',
      headers: { authorization: 'Bearer github_pat_of_the_test', accept: 'application/vnd.github+json' },
    },
  ])
  const { omnara_api_key, ...payload } = receiver.received[0]?.body.client_payload ?? {}
  t.match(omnara_api_key, /^sbx_/)
  t.strictSame(receiver.received[0]?.body, {
    event_type: 'omnara-trigger',
    client_payload: {
      omnara_api_key,
      agent_instance_id: launched.body.agent_instance_id,
      prompt: PROMPT,
      agent_type: 'ci',
      name: 'Nightly',
    },
  })
  t.strictSame(Object.keys(payload).sort(), ['agent_instance_id', 'agent_type', 'name', 'prompt'])
})

t.test('an agent that reports before the call is answered finds its run, with the prompt in it', async (t) => {
  const { newUser, request } = await start(t)
  const user = await newUser()
  const seen: unknown[] = []
  const receiver = await startEchoingReceiver(t, async ({ body }) => {
    const token = body.omnara_api_key
    const agent_instance_id = body.agent_instance_id
    const run = await request('GET', `/api/v1/agent-instances/${agent_instance_id}`, { token })
    const step = { agent_instance_id, agent_type: body.agent_type, content: 'I am on it' }
    const posted = await request('POST', '/api/v1/messages/agent', { token, body: step })
    seen.push([run.status, run.body.messages?.map((message: { content: string }) => message.content), posted.body])
    return 200
  })
  const id = await newLaunchable(user, receiver.url)
  const { body } = await user.call('POST', `/user-agents/${id}/instances`, { prompt: PROMPT })
  t.match(seen, [[200, [PROMPT], { success: true, queued_user_messages: [] }]])
  const chat = await user.call('GET', `/agent-instances/${body.agent_instance_id}`)
  t.match(chat.body, {
    agent_type_id: id,
    status: 'ACTIVE',
    messages: [
      { content: PROMPT, sender_type: 'USER', sender_user_id: user.id },
      { content: 'I am on it', sender_type: 'AGENT' },
    ],
  })
  await user.call('POST', `/agent-instances/${body.agent_instance_id}/messages`, { content: 'go on' })
  const step = { agent_instance_id: body.agent_instance_id, content: 'next' }
  const next = await request('POST', '/api/v1/messages/agent', { token: keyOf(receiver), body: step })
  t.match(next.body.queued_user_messages, [{ content: 'go on' }], 'what is written later is handed out as ever')
})

for (const mark_as_read of [true, false]) {
  t.test(
    `a client that reports its prompt ${mark_as_read ? 'as read' : 'to be handed it'} finds it in the chat`,
    async (t) => {
      const { newUser, request } = await start(t)
      const user = await newUser()
      const receiver = await startEchoingReceiver(t)
      const id = await newLaunchable(user, receiver.url)
      const { agent_instance_id } = (await user.call('POST', `/user-agents/${id}/instances`, { prompt: PROMPT })).body
      const call = (method: 'GET' | 'POST', path: string, body?: object) =>
        request(method, `/api/v1${path}`, { token: keyOf(receiver), ...(body ? { body } : {}) })
      const chat = async () => (await user.call('GET', `/agent-instances/${agent_instance_id}`)).body
      const report = (content: string, more: object = {}) =>
        call('POST', '/messages/user', { agent_instance_id, content, mark_as_read, ...more })
      const poll = async (place: string) =>
        (await call('GET', `/messages/pending?agent_instance_id=${agent_instance_id}&last_read_message_id=${place}`))
          .body
      const [prompt] = (await chat()).messages

      const reported = await report(` ${PROMPT}\n`)
      t.strictSame(reported.body, { success: true, message_id: prompt.id, marked_as_read: mark_as_read })
      t.strictSame((await chat()).messages, [prompt])
      t.match(await poll(prompt.id), { status: 'ok', messages: mark_as_read ? [] : [{ content: PROMPT }] })
      t.equal((await poll(prompt.id)).messages.length, 0, 'once')

      await report(PROMPT, { mark_as_read: true })
      const contents = (await chat()).messages.map(({ content }: { content: string }) => content)
      t.strictSame(contents, [PROMPT, PROMPT], 'who says the same once more has said it once more')
    },
  )
}

t.test('a client that says something first, then reports its prompt, can go on from there', async (t) => {
  const { newUser, request } = await start(t)
  const user = await newUser()
  const receiver = await startEchoingReceiver(t)
  const id = await newLaunchable(user, receiver.url)
  const { agent_instance_id } = (await user.call('POST', `/user-agents/${id}/instances`, { prompt: PROMPT })).body
  const post = (path: string, body: object) =>
    request('POST', `/api/v1${path}`, { token: keyOf(receiver), body: { agent_instance_id, ...body } })
  t.equal((await post('/messages/agent', { content: 'Session started' })).status, 200)
  const { body: reported } = await post('/messages/user', { content: PROMPT })
  await user.call('POST', `/agent-instances/${agent_instance_id}/messages`, { content: 'and quickly' })
  const query = { agent_instance_id, last_read_message_id: reported.message_id }
  const pending = await request('GET', '/api/v1/messages/pending', { token: keyOf(receiver), query })
  t.match(pending.body, { status: 'ok', messages: [{ content: 'and quickly' }] })
  t.equal((await post('/messages/user', { content: 'something else' })).status, 200)
  const { messages } = (await user.call('GET', `/agent-instances/${agent_instance_id}`)).body
  t.strictSame(
    messages.map(({ content }: { content: string }) => content),
    [PROMPT, 'Session started', 'and quickly', 'something else'],
  )
})

t.test('a prompt that is reported opens a completed run again, and confirms what a poll was given', async (t) => {
  const { newUser, request } = await start(t)
  const user = await newUser()
  const receiver = await startEchoingReceiver(t)
  const id = await newLaunchable(user, receiver.url)
  const { agent_instance_id } = (await user.call('POST', `/user-agents/${id}/instances`, { prompt: PROMPT })).body
  const path = `/agent-instances/${agent_instance_id}`
  const call = (body: object) =>
    request('POST', '/api/v1/messages/agent', { token: keyOf(receiver), body: { agent_instance_id, ...body } })
  const { body: started } = await call({ content: 'Session started' })
  await user.call('POST', `${path}/messages`, { content: 'and quickly' })
  const query = { agent_instance_id, last_read_message_id: started.message_id, confirm: 'true' }
  const poll = () => request('GET', '/api/v1/messages/pending', { token: keyOf(receiver), query })
  t.match((await poll()).body, { status: 'ok', messages: [{ content: 'and quickly' }] })
  await user.call('PUT', `${path}/status`, { status: 'COMPLETED' })
  const body = { agent_instance_id, content: PROMPT }
  await request('POST', '/api/v1/messages/user', { token: keyOf(receiver), body })
  const run = (await user.call('GET', path)).body
  t.match(run, { status: 'ACTIVE', ended_at: null, messages: { length: 3 } })
  t.match((await poll()).body, { status: 'stale', messages: [] })
  t.strictSame((await call({ content: 'step' })).body.queued_user_messages, [])
  await user.call('PUT', `${path}/status`, { status: 'KILLED' })
  t.equal((await request('POST', '/api/v1/messages/user', { token: keyOf(receiver), body })).status, 200)
  t.equal((await user.call('GET', path)).body.status, 'KILLED')
})

t.test('a prompt that answers what the client asks is an answer', async (t) => {
  const { newUser, request } = await start(t)
  const user = await newUser()
  const receiver = await startEchoingReceiver(t)
  const id = await newLaunchable(user, receiver.url)
  const { agent_instance_id } = (await user.call('POST', `/user-agents/${id}/instances`, { prompt: PROMPT })).body
  const post = (path: string, body: object) =>
    request('POST', `/api/v1${path}`, { token: keyOf(receiver), body: { agent_instance_id, ...body } })
  await post('/messages/agent', { content: 'What shall I do?', requires_user_input: true })
  await post('/messages/user', { content: PROMPT })
  const { messages, status } = (await user.call('GET', `/agent-instances/${agent_instance_id}`)).body
  t.strictSame([status, messages.length], ['ACTIVE', 3])
})

t.test('a run that is launched without a name is called after its prompt, in events as well', async (t) => {
  const service = await start(t)
  const user = await service.newUser()
  const receiver = await startEchoingReceiver(t)
  const id = await newLaunchable(user, receiver.url)
  const view = await LiveView.open(t, await listen(service), 'account', { token: user.token })
  const prompt = '# Find out\n\nwhy the nightly build fails since the update of the compiler last week'
  const { agent_instance_id } = (await user.call('POST', `/user-agents/${id}/instances`, { prompt })).body
  const name = '# Find out why the nightly build fails since the update of'
  t.equal((await user.call('GET', `/agent-instances/${agent_instance_id}`)).body.name, name)
  await view.untilCount('instance_created', 1)
  t.match(view.named('instance_created'), [{ name }])
  const named = await user.call('POST', `/user-agents/${id}/instances`, { prompt, name: 'Mine' })
  t.equal((await user.call('GET', `/agent-instances/${named.body.agent_instance_id}`)).body.name, 'Mine')
})

t.test('the key that an agent is launched with is good for its run, expires, and does not count', async (t) => {
  const { newUser, request } = await start(t)
  const user = await newUser()
  const receiver = await startEchoingReceiver(t)
  const id = await newLaunchable(user, receiver.url)
  const { body: launched } = await user.call('POST', `/user-agents/${id}/instances`, { prompt: PROMPT })
  const run = launched.agent_instance_id
  const call = (method: 'GET' | 'POST' | 'PUT', path: string, body?: object) =>
    request(method, `/api/v1${path}`, { token: keyOf(receiver), ...(body ? { body } : {}) })
  const question = { agent_instance_id: run, content: 'Shall I?', requires_user_input: true }
  const { body: asked } = await call('POST', '/messages/agent', question)
  const may = [
    await call('GET', `/messages/pending?agent_instance_id=${run}&last_read_message_id=${asked.message_id}`),
    await call('POST', '/messages/user', { agent_instance_id: run, content: 'typed' }),
    await call('GET', `/agent-instances/${run}?message_limit=0`),
    await call('POST', `/agents/instances/${run}/heartbeat`),
    await call('PUT', `/agent-instances/${run}/status`, { status: 'PAUSED' }),
    await call('POST', '/sessions/end', { agent_instance_id: run }),
  ]
  for (const answer of may) t.equal(answer.status, 200, answer.raw.body)
  t.equal((await call('POST', '/agent-instances', { agent_instance_id: run, agent_type: 'x' })).status, 409)
  const other = randomUUID()
  const mayNot = [
    await call('POST', '/messages/agent', { agent_instance_id: other, agent_type: 'x', content: 'x' }),
    await call('GET', '/agent-instances'),
    await call('GET', '/auth/verify'),
    await call('POST', `/user-agents/${id}/instances`, { prompt: PROMPT }),
    await call('GET', '/auth/api-keys'),
    await call('GET', `/auth/api-keys?agent_instance_id=${run}`),
  ]
  for (const answer of mayNot) t.equal(answer.status, 403, answer.raw.body)

  t.strictSame((await user.call('GET', '/auth/api-keys')).body, [], "it is not among a person's own")
  const [key, ...rest] = (await user.call('GET', `/auth/api-keys?agent_instance_id=${run}`)).body
  t.strictSame(rest, [])
  t.match(key, { name: `launch ${run}`, is_active: true })
  const days = (Date.parse(key.expires_at) - Date.now()) / 86_400_000
  t.ok(days > 6.9 && days < 7.1, 'it expires in a week')
  for (let i = 0; i < 50; i++) t.equal((await user.call('POST', '/auth/api-keys', { name: `k${i}` })).status, 200)
  t.equal((await user.call('POST', `/user-agents/${id}/instances`, { prompt: PROMPT })).status, 200)
  const { body: own } = await user.call('GET', '/auth/api-keys')
  t.equal(own.length, 50)
  t.ok(
    own.every(({ name }: { name: string }) => /^k\d+$/.test(name)),
    'launches push no key of a person off the first page',
  )
  const stranger = await newUser()
  t.strictSame((await stranger.call('GET', `/auth/api-keys?agent_instance_id=${run}`)).body, [])
})

t.test('what cannot be launched is refused before anything is made or called', async (t) => {
  const { newUser } = await start(t)
  const user = await newUser()
  const receiver = await startEchoingReceiver(t)
  const id = await newLaunchable(user, receiver.url)
  const plain = (await user.call('POST', '/user-agents', { name: 'plain' })).body.id
  const launch = (agent: string, body: object) => user.call('POST', `/user-agents/${agent}/instances`, body)

  t.match(await launch(plain, { prompt: PROMPT }), { status: 400, body: { code: 'no_webhook', detail: /"plain"/ } })
  for (const body of [{}, { prompt: null }, { prompt: '  ' }]) {
    t.match(await launch(id, body), {
      status: 400,
      body: { code: 'invalid_request', errors: [{ path: 'body.prompt', message: 'is required' }] },
    })
  }
  t.match((await launch(id, { prompt: 7 })).body.errors, [{ path: 'body.prompt' }])
  t.equal((await launch(id, { prompt: 'x', name: 'n'.repeat(256) })).status, 400)
  t.equal((await launch(randomUUID(), { prompt: PROMPT })).status, 404)
  const stranger = await newUser()
  t.equal((await stranger.call('POST', `/user-agents/${id}/instances`, { prompt: PROMPT })).status, 404)

  const serve = await newLaunchable(user, '', { webhook_type: 'OMNARA_SERVE', webhook_config: { url: receiver.url } })
  const named = await launch(serve, { worktree_name: 'not a name', branch_name: 'x'.repeat(51) })
  t.strictSame(
    named.body.errors.map(({ path }: { path: string }) => path),
    ['body.prompt', 'body.worktree_name', 'body.branch_name'],
    'every wrong field is named',
  )
  await user.call('PATCH', `/user-agents/${id}`, { is_active: false })
  t.match(await launch(id, { prompt: PROMPT }), { status: 409, body: { code: 'user_agent_inactive' } })

  t.equal(receiver.received.length, 0)
  t.strictSame((await user.call('GET', '/agent-instances')).body, [])
  t.strictSame((await user.call('GET', '/auth/api-keys')).body, [])
})

t.test('deleting a user agent takes the runs that it launched along', async (t) => {
  const { newUser, request } = await start(t)
  const user = await newUser()
  const receiver = await startEchoingReceiver(t)
  const id = await newLaunchable(user, receiver.url, { name: 'one' })
  const { body } = await user.call('POST', `/user-agents/${id}/instances`, { prompt: PROMPT })
  t.equal((await user.call('DELETE', `/user-agents/${id}`)).status, 200)
  t.equal((await user.call('GET', `/agent-instances/${body.agent_instance_id}`)).status, 404)
  const token = keyOf(receiver)
  t.equal((await request('GET', `/api/v1/agent-instances/${body.agent_instance_id}`, { token })).status, 401)
  t.equal((await user.call('POST', '/user-agents', { name: 'ONE' })).status, 200, 'its name is free')
})
