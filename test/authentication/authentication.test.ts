import { randomUUID } from 'node:crypto'
import t, { type Test } from 'tap'
import { type Answer, PASSWORD, startService } from '../helpers/app.js'
import { newInstance } from '../helpers/instances.js'
import { claims, encode, sign } from '../helpers/tokens.js'

t.test('access tokens', async (t) => {
  const { app, request, newUser } = await startService(t)
  const user = await newUser()

  t.test('one is good for 15 minutes, and says for whom and for what', async (t) => {
    const [header, payload] = user.token.split('.').map((part) => Buffer.from(part, 'base64url').toString())
    t.equal(JSON.parse(header ?? '').alg, 'HS256')
    const { iat, exp, sid, ...rest } = JSON.parse(payload ?? '')
    t.equal(exp - iat, 900)
    t.match(sid, /^[0-9a-f-]{36}$/, 'the session that it belongs to')
    t.strictSame(rest, { sub: user.id, iss: 'signalbox', aud: 'signalbox' })
    t.equal((await request('GET', '/api/v1/auth/me', { token: sign(claims(user)) })).status, 200)
  })

  t.test('forged and expired ones are refused, for reading and for writing', async (t) => {
    const now = Math.floor(Date.now() / 1000)
    const [header, payload, signature = ''] = user.token.split('.')
    const cases: Record<string, string> = {
      'expired a second ago': sign(claims(user, { iat: now - 901, exp: now - 1 })),
      'never expires': sign(claims(user, { exp: undefined })),
      'not yet good': sign(claims(user, { nbf: now + 600 })),
      'of another issuer': sign(claims(user, { iss: 'somebody' })),
      'of no issuer': sign(claims(user, { iss: undefined })),
      'for another audience': sign(claims(user, { aud: 'somebody' })),
      'for no audience': sign(claims(user, { aud: undefined })),
      'for nobody': sign(claims(user, { sub: undefined })),
      'of no session': sign(claims(user, { sid: undefined })),
      'signed with another secret': sign(claims(user), { secret: 'another secret, which is long enough too' }),
      'signed with an empty secret': sign(claims(user), { secret: '' }),
      'signed with HS512': sign(claims(user), { alg: 'HS512' }),
      'alg none': sign(claims(user), { alg: 'none' }),
      'alg None': sign(claims(user), { alg: 'None' }),
      'alg none with the old signature': `${encode({ alg: 'none', typ: 'JWT' })}.${payload}.${signature}`,
      'without its signature': `${header}.${payload}.`,
      'with a changed payload': `${header}.${encode(claims(randomUUID()))}.${signature}`,
      'with a changed signature': `${header}.${payload}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`,
      'cut short': user.token.slice(0, 40),
      'no token': 'nonsense',
      'dots alone': '..',
    }
    for (const [name, token] of Object.entries(cases)) {
      const code = name.startsWith('expired') ? 'token_expired' : 'invalid_token'
      for (const answer of [
        await request('GET', '/api/v1/auth/me', { token }),
        await request('POST', '/api/v1/user-agents', { token, body: { name } }),
      ]) {
        t.equal(answer.status, 401, name)
        t.equal(answer.body.code, code, name)
        t.match(answer.headers['www-authenticate'], /^Bearer error="invalid_token"/)
      }
    }
    t.strictSame((await user.call('GET', '/user-agents')).body, [], 'nothing was written')
  })

  t.test('a header that is not `Bearer` and one credential is refused', async (t) => {
    const basic = Buffer.from(`${user.email}:${PASSWORD}`).toString('base64')
    const headers = ['', 'Bearer', 'Bearer ', `Basic ${basic}`, user.token, `Bearer ${user.token} x`]
    for (const authorization of [...headers, `Bearer${user.token}`, `Token ${user.token}`]) {
      const answer = await request('GET', '/api/v1/auth/me', { headers: { authorization } })
      t.equal(answer.status, 401, authorization.slice(0, 12))
      t.equal(answer.body.code, 'missing_credentials')
      t.equal(answer.headers['www-authenticate'], 'Bearer')
    }
    t.equal((await request('GET', '/api/v1/auth/me')).body.code, 'missing_credentials', 'no header at all')
  })

  t.test('the scheme counts in any case', async (t) => {
    for (const scheme of ['bearer', 'BEARER']) {
      const answer = await request('GET', '/api/v1/auth/me', { headers: { authorization: `${scheme} ${user.token}` } })
      t.equal(answer.status, 200)
    }
  })

  t.test('a token in the URL is taken by no route but the stream', async (t) => {
    t.equal((await request('GET', '/api/v1/auth/me', { query: { token: user.token } })).status, 401)
  })

  t.test('credentials are checked before anything else of the request is', async (t) => {
    for (const path of ['/user-agents/not-a-uuid', `/user-agents/${randomUUID()}`]) {
      t.equal((await request('DELETE', `/api/v1${path}`)).status, 401)
    }
    const headers = { 'content-type': 'application/json' }
    const malformed = await app.inject({ method: 'POST', url: '/api/v1/user-agents', headers, payload: '{' })
    t.equal(malformed.statusCode, 401)
  })
})

t.test('a token whose account is gone gets 401 on every route for people', async (t) => {
  const { newUser } = await startService(t)
  const user = await newUser()
  const agent = await user.newAgent(['agent', 'read'])
  const run = await newInstance(agent)
  const type = (await user.call('GET', '/agent-types')).body[0].id
  t.equal((await user.call('DELETE', '/auth/me')).status, 200)

  const id = randomUUID()
  const calls: ['GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', string, object?][] = [
    ['GET', '/auth/me'],
    ['GET', '/auth/session'],
    ['PATCH', '/auth/me', { display_name: 'x' }],
    ['PATCH', '/auth/me', {}],
    ['DELETE', '/auth/me'],
    ['POST', '/auth/sync-user', { id: user.id, display_name: 'x' }],
    ['GET', '/auth/api-keys'],
    ['POST', '/auth/api-keys', { name: 'x' }],
    ['POST', '/auth/cli-key'],
    ['DELETE', `/auth/api-keys/${id}`],
    ['GET', '/user-agents'],
    ['POST', '/user-agents', { name: 'x' }],
    ['PATCH', `/user-agents/${type}`, { name: 'x' }],
    ['DELETE', `/user-agents/${type}`],
    ['GET', `/user-agents/${type}/instances`],
    ['GET', '/agent-types'],
    ['GET', `/agent-types/${type}/instances`],
    ['GET', '/agent-summary'],
    ['GET', '/agent-instances'],
    ['GET', `/agent-instances/${run}`],
    ['PATCH', `/agent-instances/${run}`, { name: 'x' }],
    ['DELETE', `/agent-instances/${run}`],
    ['PUT', `/agent-instances/${run}/status`, { status: 'PAUSED' }],
    ['GET', `/agent-instances/${run}/messages`],
    ['POST', `/agent-instances/${run}/messages`, { content: 'x' }],
    ['GET', `/agent-instances/${run}/messages/stream`],
  ]
  for (const [method, path, body] of calls) {
    const answer = await user.call(method, path, body)
    t.equal(answer.status, 401, `${method} ${path}`)
    t.equal(answer.body.code, 'account_gone', `${method} ${path}`)
    t.ok(answer.headers['www-authenticate'])
  }
  t.equal((await agent('GET', '/auth/verify')).body.code, 'invalid_api_key')
  t.equal((await agent('POST', '/messages/agent', { agent_instance_id: run, content: 'x' })).status, 401)
})

t.test('what is written while the account is being deleted is done or refused with 401', async (t) => {
  const { newUser } = await startService(t)
  const user = await newUser()
  const agent = await user.newAgent()
  const writes = Array.from({ length: 12 }, (_, index) => [
    user.call('POST', '/user-agents', { name: `agent ${index}` }),
    user.call('POST', '/auth/api-keys', { name: `key ${index}` }),
    agent('POST', '/messages/agent', { agent_instance_id: randomUUID(), agent_type: `t${index}`, content: 'x' }),
  ]).flat()
  const deletion = user.call('DELETE', '/auth/me')
  for (const answer of await Promise.all([...writes, deletion])) {
    t.ok(answer.status === 200 || answer.status === 401, `${answer.status} ${answer.raw.payload}`)
  }
  t.equal((await user.call('GET', '/user-agents')).status, 401)
})

t.test('kinds of credentials', async (t) => {
  const { request, newUser } = await startService(t)
  const user = await newUser()
  const agent = await user.newAgent()
  const run = await newInstance(agent)

  t.test('an API key is refused where people are meant', async (t) => {
    for (const answer of [
      await agent('GET', '/auth/me'),
      await agent('GET', '/auth/api-keys'),
      await agent('POST', '/auth/api-keys', { name: 'more' }),
      await agent('GET', '/user-agents'),
      await agent('PATCH', `/agent-instances/${run}`, { name: 'x' }),
      await agent('DELETE', `/agent-instances/${run}`),
      await agent('POST', `/agent-instances/${run}/messages`, { content: 'x' }),
      await agent('GET', `/agent-instances/${run}/messages/stream`),
    ]) {
      isForbidden(t, answer, 'wrong_credential_kind')
    }
  })

  t.test('an access token is refused where agents are meant', async (t) => {
    for (const answer of [
      await user.call('GET', '/auth/verify'),
      await user.call('POST', '/messages/agent', { agent_instance_id: run, content: 'x' }),
      await user.call('GET', '/messages/pending', undefined, { query: { agent_instance_id: run } }),
      await user.call('POST', '/messages/user', { agent_instance_id: run, content: 'x' }),
      await user.call('POST', '/sessions/end', { agent_instance_id: run }),
      await user.call('POST', '/agent-instances', { agent_type: 'x' }),
      await user.call('POST', `/agents/instances/${run}/heartbeat`),
    ]) {
      isForbidden(t, answer, 'wrong_credential_kind')
    }
    t.equal((await user.call('GET', `/agent-instances/${run}`)).body.messages.length, 1, 'nothing was written')
  })

  t.test('people and agents may both read one run and set its status', async (t) => {
    for (const call of [user.call, agent]) {
      t.equal((await call('GET', `/agent-instances/${run}`)).status, 200)
      t.equal((await call('PUT', `/agent-instances/${run}/status`, { status: 'PAUSED' })).status, 200)
    }
  })

  t.test('a key does what its scopes say', async (t) => {
    const [writer, reader, both] = [agent, await user.newAgent(['read']), await user.newAgent(['agent', 'read'])]
    const { body: types } = await user.call('GET', '/agent-types')
    const lists = ['/agent-types', `/agent-types/${types[0].id}/instances`, '/agent-instances', '/agent-summary']
    for (const path of lists) {
      t.equal((await reader('GET', path)).status, 200, path)
      t.strictSame((await both('GET', path)).body, (await user.call('GET', path)).body)
      const refused = await writer('GET', path)
      isForbidden(t, refused, 'insufficient_scope')
      t.equal(refused.headers['www-authenticate'], 'Bearer error="insufficient_scope", scope="read"')
    }
    const step = { agent_instance_id: run, content: 'x' }
    isForbidden(t, await reader('POST', '/messages/agent', step), 'insufficient_scope')
    isForbidden(t, await reader('PUT', `/agent-instances/${run}/status`, { status: 'KILLED' }), 'insufficient_scope')
    t.equal((await both('POST', '/messages/agent', step)).status, 200)
  })

  t.test("a person's lists of user agents are for no key, whatever its scopes", async (t) => {
    const key = await user.newAgent(['agent', 'read'])
    const { body: agents } = await user.call('GET', '/user-agents')
    t.equal((await user.call('GET', `/user-agents/${agents[0].id}/instances`)).status, 200)
    isForbidden(t, await key('GET', `/user-agents/${agents[0].id}/instances`), 'wrong_credential_kind')
    isForbidden(t, await key('GET', '/user-agents'), 'wrong_credential_kind')
  })

  t.test('login and registration need no credentials, and do not mind bad ones', async (t) => {
    const body = { email: user.email, password: PASSWORD }
    t.equal((await request('POST', '/api/v1/auth/login', { body, token: 'nonsense' })).status, 200)
  })
})

t.test('no secret reaches the log', async (t) => {
  const { request, newUser, logged } = await startService(t)
  const user = await newUser()
  const key = await user.newKey()
  const login = await request('POST', '/api/v1/auth/login', { body: { email: user.email, password: PASSWORD } })
  const refreshToken = login.raw.cookies[0]?.value ?? ''
  const wrong = 'wrong horse battery staple'
  await request('POST', '/api/v1/auth/login', { body: { email: user.email, password: wrong } })
  await request('POST', '/api/v1/auth/login', { body: { email: user.email, password: wrong, extra: wrong } })
  await request('POST', '/api/v1/auth/refresh', { headers: { cookie: `signalbox_refresh=${refreshToken}` } })
  await request('POST', '/api/v1/auth/refresh', { headers: { cookie: `signalbox_refresh=${refreshToken}` } })
  await request('GET', '/api/v1/auth/verify', { token: key })
  await request('GET', '/api/v1/auth/me', { token: key })
  await request('GET', `/api/v1/agent-instances/${randomUUID()}/messages/stream`, { query: { token: user.token } })
  const log = logged.join('')
  t.match(log, '/api/v1/auth/login', 'requests are logged')
  for (const secret of [PASSWORD, wrong, key, refreshToken, user.token, login.body.access_token]) {
    t.ok(secret.length > 10)
    t.notOk(log.includes(secret))
  }
})

function isForbidden(t: Test, { status, body }: Answer, code: string) {
  t.equal(status, 403)
  t.equal(body.code, code)
}
