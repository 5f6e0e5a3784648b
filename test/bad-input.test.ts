import { randomUUID } from 'node:crypto'
import { connect } from 'node:net'
import t from 'tap'
import { type Answer, startService } from './helpers/app.js'
import { listen } from './helpers/network.js'
import { claims, sign } from './helpers/tokens.js'

/** Each of these is refused with the right status, as a problem that a program and a person understand. */
t.test('bad input gets a clear problem', async (t) => {
  const service = await startService(t)
  const { request } = service
  const user = await service.newUser()
  const key = await user.newKey()
  const id = randomUUID()
  const post = (body: unknown, headers: Record<string, string> = {}) =>
    request('POST', '/api/v1/messages/agent', { token: key, body, headers })
  const step = (fields: object) => post({ agent_instance_id: id, agent_type: 'x', content: 'x', ...fields })
  const unsigned = sign(claims(user), { alg: 'none' })
  const json = { 'content-type': 'application/json' }

  const cases: [name: string, answer: () => Promise<Answer>, status: number, code: string, path?: string][] = [
    ['malformed JSON', () => post('{"content":', json), 400, 'invalid_json'],
    ['bytes that are not UTF-8', () => post(Buffer.from([0x22, 0xff, 0x22]), json), 400, 'invalid_json'],
    [
      'a field called __proto__ where none is taken',
      () =>
        request('POST', '/api/v1/auth/register', {
          body: '{"email":"a@b.co","password":"12345678","__proto__":{"a":1}}',
          headers: json,
        }),
      400,
      'invalid_request',
      'body.__proto__',
    ],
    [
      'a number beyond all numbers',
      () => post(`{"agent_instance_id":"${id}","content":"x","message_metadata":{"a":[1e400]}}`, json),
      400,
      'invalid_request',
      'body.message_metadata.a.0',
    ],
    ['an array for an object', () => post([]), 400, 'invalid_request', 'body'],
    ['null for an object', () => post('null', json), 400, 'invalid_request', 'body'],
    ['no body at all', () => post(undefined), 400, 'invalid_request', 'body'],
    ['an empty JSON body', () => post('', json), 400, 'invalid_request', 'body'],
    ['a number for a string', () => step({ content: 1 }), 400, 'invalid_request', 'body.content'],
    [
      'a string for a boolean',
      () => step({ requires_user_input: 'true' }),
      400,
      'invalid_request',
      'body.requires_user_input',
    ],
    ['a list for metadata', () => step({ message_metadata: [] }), 400, 'invalid_request', 'body.message_metadata'],
    ['empty content', () => step({ content: '' }), 400, 'invalid_request', 'body.content'],
    ['missing content', () => post({ agent_instance_id: id }), 400, 'invalid_request', 'body.content'],
    ['a bad UUID', () => step({ agent_instance_id: 'x' }), 400, 'invalid_request', 'body.agent_instance_id'],
    [
      'a UUID as a URN',
      () => step({ agent_instance_id: `urn:uuid:${id}` }),
      400,
      'invalid_request',
      'body.agent_instance_id',
    ],
    ['an over-long type', () => step({ agent_type: 'x'.repeat(256) }), 400, 'invalid_request', 'body.agent_type'],
    ['a blank type', () => step({ agent_instance_id: randomUUID(), agent_type: ' ' }), 400, 'agent_type_required'],
    ['a NUL character', () => step({ agent_type: 'a\0b' }), 400, 'invalid_request', 'body.agent_type'],
    ['a NUL character in a key', () => step({ unknown: { 'a\0': 1 } }), 400, 'invalid_request', 'body.unknown'],
    [
      'a NUL deep in a field',
      () => step({ unknown: { a: [{ b: '\0' }] } }),
      400,
      'invalid_request',
      'body.unknown.a.0.b',
    ],
    [
      'a lone surrogate',
      () => post(`{"agent_instance_id":"${id}","content":"x","agent_type":"\\ud800"}`, json),
      400,
      'invalid_request',
      'body.agent_type',
    ],
    [
      'bottomless nesting',
      () => post(`{"message_metadata":${'['.repeat(9999)}${']'.repeat(9999)}}`, json),
      400,
      'invalid_request',
      'body',
    ],
    ['a body over 1 MiB', () => step({ content: 'x'.repeat(1024 * 1024) }), 413, 'body_too_large'],
    [
      'a body over 1 MiB elsewhere',
      () => user.call('POST', '/user-agents', { name: 'x'.repeat(1024 * 1024) }),
      413,
      'body_too_large',
    ],
    [
      'a form',
      () => post('a=b', { 'content-type': 'application/x-www-form-urlencoded' }),
      415,
      'unsupported_media_type',
    ],
    ['plain text', () => post('hello', { 'content-type': 'text/plain' }), 415, 'unsupported_media_type'],
    [
      'a form for an unknown route',
      () => request('POST', '/api/v1/nothing', { body: 'a=b', headers: { 'content-type': 'text/plain' } }),
      404,
      'not_found',
    ],
    ['an unknown route', () => request('GET', '/api/v1/nothing'), 404, 'not_found'],
    ['an unknown method', () => user.call('DELETE', '/agent-instances'), 405, 'method_not_allowed'],
    ['a bad id in the path', () => user.call('GET', '/agent-instances/x'), 400, 'invalid_request', 'params.id'],
    ['a bad escape in the path', () => request('GET', '/api/v1/agent-instances/%ff'), 400, 'invalid_request'],
    ['a limit of 0', () => user.call('GET', '/agent-instances?limit=0'), 400, 'invalid_request', 'query.limit'],
    ['a limit over 200', () => user.call('GET', '/agent-instances?limit=201'), 400, 'invalid_request', 'query.limit'],
    [
      'an endless limit',
      () => user.call('GET', '/agent-instances?limit=Infinity'),
      400,
      'invalid_request',
      'query.limit',
    ],
    [
      'a limit beyond all numbers',
      () => user.call('GET', '/agent-instances?limit=1e999'),
      400,
      'invalid_request',
      'query.limit',
    ],
    ['an empty limit', () => user.call('GET', '/agent-instances?limit='), 400, 'invalid_request', 'query.limit'],
    [
      'a limit that is no number',
      () => user.call('GET', '/agent-instances?limit=x'),
      400,
      'invalid_request',
      'query.limit',
    ],
    [
      'a limit given twice',
      () => user.call('GET', '/agent-instances?limit=1&limit=2'),
      400,
      'invalid_request',
      'query.limit',
    ],
    ['a NUL in the query', () => user.call('GET', '/agent-instances?q=%00'), 400, 'invalid_request', 'query.q'],
    ['a foreign cursor', () => user.call('GET', '/agent-instances?cursor=x'), 400, 'invalid_request', 'query.cursor'],
    ['an unknown status', () => user.call('GET', '/agent-instances?status=x'), 400, 'invalid_request', 'query.status'],
    ['a bad e-mail', () => register({ email: 'x', password: '12345678' }), 400, 'invalid_request', 'body.email'],
    ['a short password', () => register({ email: 'a@b.co', password: '1' }), 400, 'invalid_request', 'body.password'],
    [
      'an unknown field',
      () => register({ email: 'a@b.co', password: '12345678', x: 1 }),
      400,
      'invalid_request',
      'body.x',
    ],
    [
      'a field where none is taken',
      () => user.call('POST', '/events/ticket', { x: 1 }),
      400,
      'invalid_request',
      'body.x',
    ],
    ['a list where nothing is taken', () => user.call('POST', '/events/ticket', [1]), 400, 'invalid_request', 'body.0'],
    ['no credentials', () => request('GET', '/api/v1/auth/me'), 401, 'missing_credentials'],
    ['another scheme', () => bearing(`Basic ${btoa('a:b')}`), 401, 'missing_credentials'],
    ['no token', () => bearing('Bearer '), 401, 'missing_credentials'],
    ['a forged token', () => bearing(`Bearer ${sign(claims(user), { secret: 'x'.repeat(40) })}`), 401, 'invalid_token'],
    ['an unsigned token', () => bearing(`Bearer ${unsigned}`), 401, 'invalid_token'],
    ['an expired token', () => bearing(`Bearer ${sign(claims(user, { exp: 1 }))}`), 401, 'token_expired'],
    [
      'a mistyped key',
      () => bearing(`Bearer ${key.slice(0, -1)}${key.endsWith('0') ? '1' : '0'}`),
      401,
      'invalid_api_key',
    ],
    ['a user token for an agent', () => user.call('GET', '/auth/verify'), 403, 'wrong_credential_kind'],
    ['a key for a person', () => request('GET', '/api/v1/auth/me', { token: key }), 403, 'wrong_credential_kind'],
    ['a key without the scope', () => request('GET', '/api/v1/agent-types', { token: key }), 403, 'insufficient_scope'],
  ]

  for (const [name, send, status, code, path] of cases) {
    const { status: got, body, headers } = await send()
    t.match({ status: got, body }, { status, body: { status, code } }, name)
    t.match(headers['content-type'], 'application/problem+json', `${name}: is a problem`)
    t.ok(typeof body.detail === 'string' && body.detail.length > 0, `${name}: says what is wrong`)
    t.equal(body.request_id, headers['x-request-id'], `${name}: can be found in the log`)
    t.equal(body.errors?.[0].path, path, `${name}: names the field`)
    if (status === 401) t.match(headers['www-authenticate'], /^Bearer/, `${name}: says how to authenticate`)
  }
  t.equal(
    (await bearing(`Bearer ${sign(claims(user))}`)).status,
    200,
    'a token made like the bad ones, but good, works',
  )
  t.notMatch(service.logged.join('\n'), /"level":50/, 'nothing of this is an error of the service')

  function register(body: object) {
    return request('POST', '/api/v1/auth/register', { body })
  }
  function bearing(authorization: string) {
    return request('GET', '/api/v1/auth/me', { headers: { authorization } })
  }
})

t.test('a path that exists tells which methods it has', async (t) => {
  const { request } = await startService(t)
  const answer = await request('PUT', '/api/v1/agent-instances/anything/')
  t.equal(answer.status, 405)
  t.equal(answer.headers['allow'], 'DELETE, GET, HEAD, PATCH')
  t.equal((await request('OPTIONS', '/health')).headers['allow'], 'GET, HEAD')
})

t.test('what is not HTTP gets a problem too, and the service lives on', async (t) => {
  const service = await startService(t)
  const port = Number(new URL(await listen(service)).port)
  const answer = await converse(port, 'nonsense\r\n\r\n')
  t.match(answer, /^HTTP\/1\.1 400 .*application\/problem\+json.*"code":"invalid_request"/s)
  t.match(answer, /\r\nX-Request-Id: (\S+)\r\n.*"request_id":"\1"/s, 'it carries the id that its problem names')
  const huge = `GET / HTTP/1.1\r\nHost: x\r\nX-Big: ${'x'.repeat(20_000)}\r\n\r\n`
  t.match(await converse(port, huge), /^HTTP\/1\.1 431 .*"code":"headers_too_large"/s)
  for (const hosts of ['Host: a\r\nHost: b', 'Host: a\r\nX: Host\r\nhOST: a']) {
    const twice = await converse(port, `GET /health HTTP/1.1\r\n${hosts}\r\nConnection: close\r\n\r\n`)
    t.match(twice, /^HTTP\/1\.1 400 .*"detail":"There is more than one Host header"/s, hosts)
  }
  t.match(await converse(port, 'GET /health HTTP/1.1\r\nConnection: close\r\n\r\n'), /^HTTP\/1\.1 400 /, 'no Host')
  const expecting = 'GET /nothing HTTP/1.1\r\nHost: x\r\nExpect: wonders\r\nConnection: close\r\n\r\n'
  t.match(await converse(port, expecting), /^HTTP\/1\.1 404 .*application\/problem\+json/s, 'an unknown expectation')
  t.equal((await fetch(`http://127.0.0.1:${port}/health`)).status, 200)
})

t.test('a request id is taken over if it is harmless, else made', async (t) => {
  const { request } = await startService(t)
  const given = await request('GET', '/health', { headers: { 'x-request-id': 'trace-1.2' } })
  t.equal(given.headers['x-request-id'], 'trace-1.2')
  const made = await request('GET', '/health', { headers: { 'x-request-id': 'a b' } })
  t.match(made.headers['x-request-id'], /^[0-9a-f-]{36}$/)
})

/** Sends bytes and returns what comes back until the other side closes. */
function converse(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
    socket.setTimeout(10_000, () => socket.destroy(new Error('no answer')))
    socket.on('data', (chunk) => {
      received += chunk
    })
    socket.on('close', () => resolve(received))
    socket.on('error', reject)
  })
}
