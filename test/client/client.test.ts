import { randomUUID } from 'node:crypto'
import { createSignalboxClient, items, pages, SignalboxError, unwrap } from 'signalbox/client'
import t from 'tap'
import { PASSWORD, startService } from '../helpers/app.js'
import { listen, serve } from '../helpers/network.js'

t.test(
  'a person registers and mints a key, an agent asks with it, the person answers, the agent hears it',
  async (t) => {
    const { app } = await startService(t)
    const baseUrl = await listen({ app })

    const stranger = createSignalboxClient({ baseUrl })
    const body = { email: 'ada@example.com', password: PASSWORD }
    const { access_token } = await unwrap(stranger.POST('/api/v1/auth/register', { body }))
    const person = createSignalboxClient({ baseUrl, token: access_token })
    const { api_key } = await unwrap(person.POST('/api/v1/auth/api-keys', { body: { name: 'laptop' } }))
    const agent = createSignalboxClient({ baseUrl, token: api_key })

    const agent_instance_id = randomUUID()
    const question = await unwrap(
      agent.POST('/api/v1/messages/agent', {
        body: { agent_instance_id, agent_type: 'claude code', content: 'Deploy?', requires_user_input: true },
      }),
    )
    const path = { id: agent_instance_id }
    const instance = await unwrap(person.GET('/api/v1/agent-instances/{id}', { params: { path } }))
    t.equal(instance.status, 'AWAITING_INPUT')
    t.strictSame(
      instance.messages.map(({ content, requires_user_input }) => [content, requires_user_input]),
      [['Deploy?', true]],
    )
    await unwrap(
      person.POST('/api/v1/agent-instances/{id}/messages', { params: { path }, body: { content: 'Yes, größer: 👍' } }),
    )
    const query = { agent_instance_id, last_read_message_id: question.message_id }
    const pending = await unwrap(agent.GET('/api/v1/messages/pending', { params: { query } }))
    t.strictSame(
      pending.messages.map(({ content }) => content),
      ['Yes, größer: 👍'],
    )

    const renamed = await unwrap(
      person.PATCH('/api/v1/agent-instances/{id}', { params: { path }, body: { name: 'Release' } }),
    )
    t.equal(renamed.name, 'Release')
    const paused = await unwrap(
      person.PUT('/api/v1/agent-instances/{id}/status', { params: { path }, body: { status: 'PAUSED' } }),
    )
    t.equal(paused.status, 'PAUSED')
    t.ok((await unwrap(person.DELETE('/api/v1/agent-instances/{id}', { params: { path } }))).message)
    t.equal((await person.GET('/api/v1/agent-instances/{id}', { params: { path } })).error?.code, 'not_found')
  },
)

t.test('an error is a problem, with its code and the fields that are wrong', async (t) => {
  const { app, newUser } = await startService(t)
  const { token } = await newUser()
  const client = createSignalboxClient({ baseUrl: await listen({ app }), token })

  const missing = await client.GET('/api/v1/agent-instances/{id}', { params: { path: { id: randomUUID() } } })
  t.equal(missing.data, undefined)
  t.match(missing.error, { status: 404, code: 'not_found', detail: String, request_id: String })

  const invalid = await client.POST('/api/v1/auth/api-keys', { body: { name: '' } })
  t.equal(invalid.error?.code, 'invalid_request')
  t.strictSame(
    invalid.error?.errors?.map(({ path }) => path),
    ['body.name'],
  )

  const thrown = await unwrap(client.POST('/api/v1/auth/api-keys', { body: { name: '' } })).catch((error) => error)
  t.type(thrown, SignalboxError)
  t.match(thrown, { status: 400, code: 'invalid_request', message: /body\.name/ })
})

t.test('what a proxy answers is turned into a problem', async (t) => {
  const baseUrl = await serve(t, (request, response) => {
    const empty = request.url === '/health'
    response.writeHead(502, { 'content-type': 'text/html', 'retry-after': '7' })
    response.end(empty ? '' : '<h1>Bad Gateway</h1>')
  })
  const client = createSignalboxClient({ baseUrl })
  t.match((await client.GET('/ready')).error, { status: 502, code: 'unavailable', detail: /502/ })
  t.match((await client.GET('/health')).error, { status: 502, code: 'unavailable' })
  const error = await unwrap(client.GET('/health')).catch((thrown) => thrown)
  t.match(error, { status: 502, retryAfter: 7 })
})

t.test('a list is read page by page, each item once and in order', async (t) => {
  const { app, newUser } = await startService(t)
  const user = await newUser()
  const agent = await user.newAgent()
  const ids = Array.from({ length: 7 }, () => randomUUID())
  for (const agent_instance_id of ids) {
    await agent('POST', '/messages/agent', { agent_instance_id, agent_type: 'ci', content: 'Started' })
  }
  const client = createSignalboxClient({ baseUrl: await listen({ app }), token: user.token })
  const newestFirst = ids.toReversed()

  const lengths: number[] = []
  const read: string[] = []
  for await (const page of pages((start) =>
    client.GET('/api/v1/agent-instances', { params: { query: { ...start, limit: 3 } } }),
  )) {
    lengths.push(page.length)
    read.push(...page.map(({ id }) => id))
  }
  t.strictSame(lengths, [3, 3, 1])
  t.strictSame(read, newestFirst)

  const firstFour: string[] = []
  for await (const { id } of items((start) =>
    client.GET('/api/v1/agent-instances', { params: { query: { ...start, limit: 2 } } }),
  )) {
    firstFour.push(id)
    if (firstFour.length === 4) break
  }
  t.strictSame(firstFour, newestFirst.slice(0, 4))

  const wrong = items((start) =>
    client.GET('/api/v1/agent-instances', { params: { query: { ...start, cursor: 'made up' } } }),
  )
  await t.rejects(wrong.next(), { name: 'SignalboxError', code: 'invalid_request' })
})

t.test('a refused token is renewed once for all requests that it fails, which are then sent again', async (t) => {
  const { app, newUser } = await startService(t)
  const user = await newUser()
  const asked: (string | undefined)[] = []
  let current = 'not.a.token'
  const token = async (refused?: string) => {
    if (refused === undefined) return current
    asked.push(refused)
    await new Promise(setImmediate)
    current = user.token
    return current
  }
  const client = createSignalboxClient({ baseUrl: await listen({ app }), token })
  const names = ['one', 'two', 'three', 'four']
  const keys = await Promise.all(names.map((name) => unwrap(client.POST('/api/v1/auth/api-keys', { body: { name } }))))
  t.strictSame(
    keys.map(({ name }) => name),
    names,
  )
  t.strictSame(asked, ['not.a.token'])
  t.equal((await unwrap(client.GET('/api/v1/auth/me'))).email, user.email)
})

t.test('a token that cannot be renewed gives the 401, and so does a wrong password, without asking', async (t) => {
  const { app, newUser } = await startService(t)
  const { email } = await newUser()
  let asked = 0
  const token = (refused?: string) => {
    if (refused === undefined) return 'not.a.token'
    asked++
    return undefined
  }
  const client = createSignalboxClient({ baseUrl: await listen({ app }), token })
  t.match((await client.GET('/api/v1/auth/me')).error, { status: 401, code: 'invalid_token' })
  t.equal(asked, 1)
  const body = { email, password: 'wrong password' }
  t.match((await client.POST('/api/v1/auth/login', { body })).error, { code: 'invalid_credentials' })
  t.equal(asked, 1)
})
