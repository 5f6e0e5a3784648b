import { randomUUID } from 'node:crypto'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { startService, type TestService } from '../helpers/app.js'
import { connectAgent } from '../helpers/mcp.js'
import { listen } from '../helpers/network.js'

const ACCEPT = { accept: 'application/json, text/event-stream' }

/** Sends JSON-RPC as a client without the SDK would. */
function send(
  { request }: TestService,
  token: string | undefined,
  body: unknown,
  headers: Record<string, string> = {},
) {
  return request('POST', '/mcp', { body, headers: { ...ACCEPT, ...headers }, ...(token ? { token } : {}) })
}

function message(method: string, params: object = {}, id = 1) {
  return { jsonrpc: '2.0', id, method, params }
}

function logStep(args: object, id = 1) {
  return message('tools/call', { name: 'log_step', arguments: { step_description: 'x', ...args } }, id)
}

const initialize = message('initialize', {
  ...{ protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'Some Agent', version: '1' } },
})

t.test('only an API key with the scope of agents may call', async (t) => {
  const service = await startService(t)
  const user = await service.newUser()
  const nobody = await send(service, undefined, initialize)
  t.equal(nobody.status, 401)
  t.equal(nobody.headers['www-authenticate'], 'Bearer')
  t.match((await send(service, 'sbx_wrong', initialize)).headers['www-authenticate'], /^Bearer/)
  t.equal((await send(service, user.token, initialize)).status, 403)
  t.equal((await send(service, await user.newKey(['read']), initialize)).status, 403)
  t.equal((await send(service, await user.newKey(), initialize)).status, 200)
})

t.test('there is nothing to listen to and nothing to delete', async (t) => {
  const service = await startService(t)
  const token = await (await service.newUser()).newKey()
  for (const path of ['/mcp', '/mcp/']) {
    for (const method of ['GET', 'DELETE'] as const) {
      const answer = await service.request(method, path, { token, headers: ACCEPT })
      t.equal(answer.status, 405)
      t.equal(answer.headers['allow'], 'POST')
    }
  }
})

t.test('a session is known on every process, by what its id says', async (t) => {
  const service = await startService(t)
  const user = await service.newUser()
  const key = await user.newKey()
  const opened = await send(service, key, initialize)
  t.equal(opened.body.result.protocolVersion, '2025-06-18')
  const sessionId = String(opened.headers['mcp-session-id'])
  t.match(sessionId, /^[\x21-\x7e]+$/)

  const typeWith = async (headers: Record<string, string>) => {
    const { body } = await send(service, key, logStep({}), headers)
    const run = await user.call('GET', `/agent-instances/${body.result.structuredContent.agent_instance_id}`)
    return run.body.agent_type_name
  }
  t.equal(await typeWith({ 'mcp-session-id': sessionId }), 'some agent')
  t.equal(await typeWith({}), 'mcp')
  t.equal(await typeWith({ 'mcp-session-id': sessionId, 'x-client-type': ' Nightly\tJob' }), 'nightly job')
  const utf8 = Buffer.from('Größe', 'utf8').toString('latin1')
  t.equal(await typeWith({ 'x-client-type': utf8 }), 'größe', 'clients send UTF-8 too')
  const unseen = Buffer.from('\u200b', 'utf8').toString('latin1')
  for (const none of ['', unseen]) {
    t.equal(await typeWith({ 'mcp-session-id': sessionId, 'x-client-type': none }), 'some agent')
  }
  for (const odd of ['x', `${randomUUID()}.`, `${randomUUID()}.${'_w'.repeat(900)}`, `${randomUUID()}.AAAA`]) {
    t.equal(await typeWith({ 'mcp-session-id': odd }), 'mcp', 'what is no name of ours is none')
  }
})

t.test('what is no JSON-RPC, or too large, is refused', async (t) => {
  const service = await startService(t)
  const key = await (await service.newUser()).newKey()
  t.equal((await send(service, key, { hello: 'world' })).status, 400)
  t.equal((await send(service, key, initialize, { accept: 'text/html, image/*' })).status, 406)
  t.equal((await send(service, key, initialize, { 'mcp-protocol-version': '1999-01-01' })).status, 200)
  t.equal((await send(service, key, logStep({}), { 'mcp-protocol-version': '1999-01-01' })).status, 400)
  t.equal((await send(service, key, logStep({ step_description: 'x'.repeat(1024 * 1024) }))).status, 413)
  const many = Array.from({ length: 101 }, (_, id) => ({ ...logStep({ step_description: 'x' }), id }))
  t.match(
    await send(service, key, many),
    { status: 400, body: { error: { code: -32600, data: { errors: [{ path: 'body' }] } } } },
    'many messages at once',
  )
})

t.test('a request that cannot be read gets an error of the protocol, which says what REST says', async (t) => {
  const service = await startService(t)
  const token = await (await service.newUser()).newKey()
  const json = { 'content-type': 'application/json' }
  const cases: [name: string, body: string | Buffer, headers: Record<string, string>, status: number, code: number][] =
    [
      ['no JSON', '{"jsonrpc":', json, 400, -32700],
      ['no UTF-8', Buffer.from([0x22, 0xff, 0x22]), json, 400, -32700],
      ['too large', `{"a":"${'x'.repeat(1024 * 1024)}"}`, json, 413, -32600],
      ['too many values', `[${'0,'.repeat(100_001)}0]`, json, 413, -32600],
      ['too deep', `{"a":${'['.repeat(64)}${']'.repeat(64)}}`, json, 400, -32600],
      ['much too deep', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, json, 400, -32600],
      ['another type', 'a=b', { 'content-type': 'text/plain' }, 415, -32600],
      ['another encoding', '{}', { ...json, 'content-encoding': 'br' }, 415, -32600],
      ['not so encoded', '{}', { ...json, 'content-encoding': 'gzip' }, 400, -32600],
      ['an id that would change', '{"jsonrpc":"2.0","id":9007199254740993}', json, 400, -32600],
    ]
  for (const [name, body, headers, status, code] of cases) {
    const answer = await service.request('POST', '/mcp', { token, body, headers: { ...ACCEPT, ...headers } })
    t.match(answer, { status, body: { jsonrpc: '2.0', error: { code, message: String } } }, name)
    t.equal(answer.body.id, null, 'of whatever message')
    t.match(answer.headers['content-type'], /^application\/json/)
    const { data, message } = answer.body.error
    t.strictSame([data.status, data.detail, data.request_id], [status, message, answer.headers['x-request-id']])
    const rest = await service.request('POST', '/api/v1/messages/user', { token, body, headers })
    t.equal(rest.body.code, name === 'an id that would change' ? 'invalid_request' : data.code, 'by the same names')
    if (status === 415) t.equal(message, rest.body.detail)
  }
  const wrong = await send(service, 'sbx_wrong', initialize)
  t.match(wrong, { status: 401, body: { code: 'invalid_api_key' } }, 'who may not call is told as everywhere')
})

t.test('an agent is served in the form that it takes', async (t) => {
  const service = await startService(t)
  const key = await (await service.newUser()).newKey()
  const ask = message('tools/call', { name: 'ask_question', arguments: { question_text: 'x' } })
  const typeOf = async (accept: string | undefined, body: object) => {
    const answer = await service.request('POST', '/mcp', {
      body,
      token: key,
      headers: accept === undefined ? {} : { accept },
    })
    t.equal(answer.status, 200, `Accept: ${accept}`)
    return String(answer.headers['content-type']).split(';', 1)[0]
  }
  for (const accept of [undefined, '', '*/*', 'text/html, */*;q=0.8', ACCEPT.accept]) {
    t.equal(await typeOf(accept, initialize), 'application/json')
    t.equal(await typeOf(accept, ask), 'text/event-stream')
  }
  for (const body of [initialize, ask]) {
    t.equal(await typeOf('application/json', body), 'application/json')
    t.equal(await typeOf('text/event-stream', body), 'text/event-stream')
  }
})

t.test('each request of a batch counts', async (t) => {
  const service = await startService(t, { RATE_LIMIT_MAX: 6 })
  // The request for the key is the account's first.
  const key = await (await service.newUser()).newKey()
  const batch = [logStep({}, 1), logStep({}, 2), logStep({}, 3)]
  const answer = await send(service, key, batch)
  t.equal(answer.body.length, 3)
  t.equal(answer.headers['ratelimit-remaining'], '2')
  const refused = await send(service, key, batch)
  t.equal(refused.status, 429)
})

t.test('pages of other origins may not call', async (t) => {
  const service = await startService(t, {
    CORS_ORIGINS: 'https://app.example.com',
    PUBLIC_URL: 'https://sb.example.com',
  })
  const key = await (await service.newUser()).newKey()
  const from = async (origin: string) => (await send(service, key, initialize, { origin })).status
  for (const origin of ['https://evil.example.com', 'null', 'http://localhost.example.com']) {
    t.equal(await from(origin), 403, origin)
  }
  for (const origin of ['https://app.example.com', 'https://sb.example.com', 'http://localhost:6274']) {
    t.equal(await from(origin), 200, origin)
  }
})

t.test('a key that is bound to one run is good for that run, by each tool, and no other', async (t) => {
  const service = await startService(t)
  const url = await listen(service)
  const user = await service.newUser()
  const free = await connectAgent(t, url, await user.newKey())
  const [mine, other] = [await free.start(), await free.start()]
  const bound = await service.services.apiKeys.create(service.database.tenant(user.id), {
    ...{ name: 'bound', scopes: ['agent'], expiresInDays: null, instanceId: mine },
  })
  const agent = await connectAgent(t, url, bound.api_key)
  const step = await agent.call('log_step', { step_description: 'x' })
  t.strictSame([step.result.agent_instance_id, step.result.step_number], [mine, 2], 'without an id, it is its own')
  for (const id of [other, randomUUID()]) {
    for (const tool of ['log_step', 'ask_question', 'end_session']) {
      const args = { agent_instance_id: id, step_description: 'x', question_text: 'x' }
      const answer = await agent.call(tool, args)
      t.ok(answer.isError)
      t.match(answer.text, /one agent instance and nothing else/)
    }
  }
  const asked = await agent.call('ask_question', { agent_instance_id: mine, question_text: 'x', timeout_seconds: 0 })
  t.equal(asked.result.answer, null)
  t.notOk((await agent.call('end_session', { agent_instance_id: mine })).isError)
})

t.test("another tenant's runs are as good as none", async (t) => {
  const service = await startService(t)
  const url = await listen(service)
  const [mine, theirs] = [await service.newUser(), await service.newUser()]
  const id = await (await connectAgent(t, url, await theirs.newKey())).start()
  const before = (await theirs.call('GET', `/agent-instances/${id}`)).body
  const agent = await connectAgent(t, url, await mine.newKey())
  for (const tool of ['ask_question', 'end_session']) {
    const answer = await agent.call(tool, { agent_instance_id: id, question_text: 'x' })
    t.ok(answer.isError)
    t.match(answer.text, /not found/)
  }
  const step = await agent.call('log_step', { agent_instance_id: id, step_description: 'mine' })
  t.equal(step.result.step_number, 1, 'the same id is another run here')
  t.strictSame((await theirs.call('GET', `/agent-instances/${id}`)).body, before)
})

t.test('people are shown how to connect', async (t) => {
  const service = await startService(t)
  const user = await service.newUser()
  const { body } = await user.call('GET', '/agents/connect', undefined, { headers: { host: 'box.example.com:8000' } })
  t.equal(body.mcp_url, 'http://box.example.com:8000/mcp')
  t.strictSame(
    body.snippets.map(({ id }: { id: string }) => id),
    ['curl', 'claude-code', 'cursor', 'vscode', 'codex', 'python-sdk'],
  )
  for (const { id, language, code } of body.snippets) {
    t.match(code, 'http://box.example.com:8000', id)
    if (language === 'json') t.doesNotThrow(() => JSON.parse(code))
  }
  const odd = await user.call('GET', '/agents/connect', undefined, { headers: { host: 'x$(reboot)' } })
  t.notMatch(JSON.stringify(odd.body), 'reboot')

  const url = new URL(await listen(service))
  for (const host of ['', 'Host: a b\r\n', 'Host: x$(reboot):1\r\n']) {
    const socket = connect(Number(url.port), url.hostname)
    socket.write(`GET /api/v1/agents/connect HTTP/1.0\r\n${host}Authorization: Bearer ${user.token}\r\n\r\n`)
    t.match(await text(socket), `"mcp_url":"http://localhost:${url.port}/mcp"`, host)
  }

  const known = await startService(t, { PUBLIC_URL: 'https://signalbox.example.com' })
  const { body: there } = await (await known.newUser()).call('GET', '/agents/connect')
  t.equal(there.base_url, 'https://signalbox.example.com')
  t.match(JSON.stringify(there.snippets), 'claude mcp add --transport http signalbox https://signalbox.example.com/mcp')
})
