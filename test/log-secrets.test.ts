import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { pino } from 'pino'
import t from 'tap'
import { Database } from '../db/client.js'
import { buildApp } from '../src/app.js'
import { loadConfig } from '../src/config.js'
import { loggerOptions, withoutSecrets } from '../src/logging/log.js'
import { cookieOf, JWT_SECRET, PASSWORD, SECRETS_KEY, startService } from './helpers/app.js'
import { chatOf } from './helpers/chat.js'
import { openStream } from './helpers/live-view.js'
import { listen } from './helpers/network.js'
import { ended, spawnService } from './helpers/process.js'
import { SecretWatch } from './helpers/secret-watch.js'
import { claims, sign } from './helpers/tokens.js'

/** Every test looks for its secrets in what the service logged. This one uses as many as there are, in every way. */
t.test('nothing that the service logs, at whatever level, has a secret', async (t) => {
  const service = await startService(t, { LEGACY_SIGN_IN: 'on' })
  const { request, secrets, logged } = service
  const user = await service.newUser()
  const agent = await user.newAgent(['agent', 'read'])
  const chat = chatOf(user, agent, randomUUID())
  await chat.post('a step', { agent_type: 'tester' })

  await t.test('signing in and out', async () => {
    const login = (password: string, extra = {}) =>
      request('POST', '/api/v1/auth/login', { body: { email: user.email, password, ...extra } })
    await login('a wrong password of somebody')
    await login('a password in a bad request', { token: 'a secret in an unknown field' })
    const cookie = cookieOf(await login(PASSWORD))
    const refreshed = await request('POST', '/api/v1/auth/refresh', { headers: { cookie } })
    await request('POST', '/api/v1/auth/refresh', { headers: { cookie } })
    await request('POST', '/api/v1/auth/refresh', { headers: { cookie: 'signalbox_refresh=made-up-by-somebody' } })
    await request('POST', '/api/v1/auth/logout', { headers: { cookie: cookieOf(refreshed) } })
    const legacy = (grant: string, body: object) => request('POST', `/auth/v1/token?grant_type=${grant}`, { body })
    const { refresh_token } = (await legacy('password', { email: user.email, password: PASSWORD })).body
    await legacy('refresh_token', { refresh_token })
    await legacy('refresh_token', { refresh_token: 'made-up-by-somebody-else' })
    await legacy('refresh_token', { refresh_token: { nested: 'a-token-in-a-bad-request' } })
  })

  await t.test('keys, good and bad', async () => {
    const { body } = await user.call(
      'POST',
      '/auth/api-keys',
      { name: 'x' },
      { headers: { 'idempotency-key': 'once' } },
    )
    await user.call('POST', '/auth/api-keys', { name: 'x' }, { headers: { 'idempotency-key': 'once' } })
    await user.call('POST', '/auth/cli-key', {})
    await user.call('POST', `/auth/api-keys/${body.id}/rotate`, {})
    await user.call('DELETE', `/auth/api-keys/${body.id}`)
    for (const token of [
      body.api_key,
      `${body.api_key}x`,
      user.token,
      sign(claims(user), { secret: 'x'.repeat(40) }),
    ]) {
      await request('GET', '/api/v1/auth/verify', { token })
      await request('GET', '/api/v1/auth/me', { token })
    }
    await request('GET', '/api/v1/auth/me', { headers: { authorization: `Basic ${btoa('ada:a basic password')}` } })
  })

  await t.test('tokens in URLs, however they are written', async () => {
    const base = await listen(service)
    const stream = await openStream(base, chat.id, { query: { token: user.token } })
    stream.destroy()
    const path = `/api/v1/agent-instances/${chat.id}/messages/stream`
    for (const url of [
      `${path}?%74oken=${user.token}`,
      `${path}?%74%6f%6B%65%6e=${user.token}`,
      `${path}?token=${user.token}&token=${user.token}`,
      `${path}?a=b&token=${user.token}&c=d`,
      `${path}x?token=${user.token}`,
      `/api/v1/agent-instances/x/messages/stream?token=${user.token}`,
      `/nothing?token=${user.token}`,
      `/%ff?token=${user.token}`,
      `/?token=${user.token}&${'x'.repeat(9_000)}`,
      `/health?${'&'.repeat(4_000)}token=${user.token}`,
      `/health?token=${user.token}${'&'.repeat(4_000)}`,
      // The middle of the token, its first half and its last, is where the line ends.
      ...[500, 450, 400, 300].map((length) => `/health?${'x'.repeat(length - 9)}&token=${user.token}`),
      ...[500, 450, 400, 300].map((length) => `/health?${'x'.repeat(length - 9)}&other=${user.token}`),
      ...[500, 450, 400, 300].map((length) => `/${'x'.repeat(length - 2)}/${user.token}`),
    ]) {
      const answer = await fetch(base + url)
      await answer.body?.cancel()
    }
  })

  await t.test('a database that fails', async (t) => {
    const owner = new pg.Client({ connectionString: service.testDatabase.ownerUrl })
    await owner.connect()
    t.teardown(() => owner.end())
    await owner.query('alter table users rename to elsewhere')
    const body = { email: 'ada@example.com', password: 'a password for a broken database' }
    t.equal((await request('POST', '/api/v1/auth/login', { body })).status, 500)
    t.equal((await request('POST', '/api/v1/auth/register', { body })).status, 500)
    await owner.query('alter table elsewhere rename to users')
  })

  t.ok(secrets.size > 15, `${secrets.size} secrets were used`)
  t.doesNotThrow(() => secrets.mustNotBeIn(logged))
  const lines = logged.map((line) => JSON.parse(line))
  t.ok(lines.filter(({ msg }) => msg === 'request').length > 25, 'requests were logged')
  t.ok(lines.filter(({ level }) => level >= 50).length >= 2, 'and errors')
})

t.test('each request is one line', async (t) => {
  const { request, logged } = await startService(t)
  const before = logged.length
  const headers = { 'x-request-id': 'the-one' }
  await request('GET', '/api/v1/auth/me?a=b', { headers })
  await request('GET', '/api/v1/nothing', { headers })
  const lines = logged.slice(before).map((line) => JSON.parse(line))
  t.match(lines, [
    { msg: 'request', method: 'GET', url: '/api/v1/auth/me?a=b', status: 401, request_id: 'the-one', ip: '127.0.0.1' },
    { msg: 'request', url: '/api/v1/nothing', status: 404 },
  ])
  t.equal(lines.length, 2)
})

t.test('the line of a request names the account, and the key by what lists show of it', async (t) => {
  const { request, newUser, logged } = await startService(t)
  const user = await newUser()
  const key = await user.newKey()
  const before = logged.length
  await user.call('GET', '/auth/me')
  await request('GET', '/api/v1/auth/verify', { token: key })
  const lines = logged.slice(before).map((line) => JSON.parse(line))
  t.match(lines, [
    { url: '/api/v1/auth/me', user_id: user.id, key: undefined },
    { url: '/api/v1/auth/verify', user_id: user.id, key: key.slice(0, 12) },
  ])
})

t.test('of a long URL 512 characters are logged at most, and none of them is a piece of something', async (t) => {
  const { request, logged } = await startService(t)
  const ends: [url: string, logged: string][] = [
    [`/health?${'&'.repeat(8_000)}`, `/health?${'&'.repeat(504)}…`],
    [`/health?a=b&${'x'.repeat(8_000)}`, '/health?a=b&…'],
    [`/health?a=b&token=${'x'.repeat(8_000)}`, '/health?a=b&…'],
    [`/health?a=b&token=x&${'x'.repeat(8_000)}`, '/health?a=b&token=[redacted]&…'],
    [`/health?%74%6f%6B%65%6e=x`, '/health?token=[redacted]'],
    [`/health?tok%zzen=x&to+ken=x&${'%74'.repeat(7)}=x`, `/health?tok%zzen=x&to+ken=x&${'%74'.repeat(7)}=x`],
    ['/health?token&ticket=', '/health?token=[redacted]&ticket=[redacted]'],
    [`/nothing/${'x'.repeat(8_000)}`, '/nothing/…'],
    ['/health?a=b?token=x', '/health?a=b?token=x'],
  ]
  const before = logged.length
  for (const [url] of ends) await request('GET', url)
  const lines = logged.slice(before).map((line) => JSON.parse(line))
  t.strictSame(
    lines.filter(({ msg }) => msg === 'request').map(({ url }) => url),
    ends.map(([, end]) => end),
  )
})

t.test('a database that cannot be reached does not show its password', async (t) => {
  const passwords = ['a-password-in-the-authority', 'a-password-in-the-parameters']
  for (const url of [
    `postgres://somebody_service:${passwords[0]}@127.0.0.1:1/nothing`,
    `postgres://127.0.0.1:1/nothing?user=somebody_service&password=${passwords[1]}`,
  ]) {
    const logged: string[] = []
    const database = new Database({ url, poolMax: 2 })
    const { app } = await buildApp({
      config: loadConfig({}),
      database,
      jwtSecret: JWT_SECRET,
      secretsKeys: [SECRETS_KEY],
      logger: pino({ level: 'trace' }, { write: (line) => logged.push(line) }),
    })
    t.teardown(async () => {
      await app.close()
      await database.close()
    })
    const payload = { email: 'ada@example.com', password: PASSWORD }
    t.equal((await app.inject({ method: 'POST', url: '/api/v1/auth/login', payload })).statusCode, 503)
    t.equal((await app.inject('/ready')).statusCode, 503)
    t.ok(logged.some((line) => JSON.parse(line).level >= 50))
    t.doesNotThrow(() => new SecretWatch([...passwords, PASSWORD, JWT_SECRET]).mustNotBeIn(logged))
  }
})

t.test('nor does a process that cannot start', async (t) => {
  const DATABASE_URL = 'postgres://somebody_service:a-password-of-a-database@127.0.0.1:1/nothing'
  const service = spawnService(t, { DATABASE_URL, JWT_SECRET, LOG_LEVEL: 'trace' })
  t.strictSame(await ended(service), [1, null])
  t.match(service.stderr(), 'cannot connect to the database nothing')
  const watch = new SecretWatch(['a-password-of-a-database', JWT_SECRET])
  t.doesNotThrow(() => watch.mustNotBeIn([service.stdout(), service.stderr()]))
})

t.test('a secret that gets as far as the logger is cut out there', async (t) => {
  const logged: string[] = []
  const logger = pino(loggerOptions('trace', []), { write: (line) => logged.push(line) })
  const key = 'sbx_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ'
  const token = sign(claims(randomUUID()))
  const refreshToken = 'sbr_0123456789abcdefghijklmnopqrstuvwxyz_-ABCDE'
  const watch = new SecretWatch([PASSWORD, key, token, refreshToken, 'opaque-refresh-token', 'database-password'])

  logger.info({ password: PASSWORD, headers: { authorization: `Bearer ${token}`, cookie: 'opaque-refresh-token' } })
  logger.info({ req: { headers: { authorization: `Bearer ${token}`, 'set-cookie': ['opaque-refresh-token'] } } })
  logger.info({ body: { api_key: key, token, refresh_token: 'opaque-refresh-token', access_token: token } })
  logger.child({ user: { password: PASSWORD } }).info('a child')
  logger.info(`key ${key}, token ${token}, ${JSON.stringify({ key, token, refreshToken })}`)
  logger.info('GET /x?a=b&token=opaque-refresh-token&c=d, signalbox_refresh=opaque-refresh-token; Path=/')
  logger.info('postgres://me:database-password@db/x and postgres:///x?user=me&password=database-password&ssl=1')
  logger.error({ err: new Error(`cannot reach postgres://me:database-password@db/x`, { cause: new Error(key) }) })
  t.doesNotThrow(() => watch.mustNotBeIn(logged))

  const lines = logged.map((line) => JSON.parse(line))
  t.equal(lines.length, 8)
  t.match(lines[0], { password: '[redacted]', headers: { authorization: '[redacted]' } })
  t.equal(
    lines[5].msg,
    'GET /x?a=b&token=[redacted]&c=d, signalbox_refresh=[redacted]; Path=/',
    'what stands around it is left',
  )
  t.equal(lines[6].msg, 'postgres://me:[redacted]@db/x and postgres:///x?user=me&password=[redacted]&ssl=1')
  t.match(lines[7].err, { type: 'Error', message: /^cannot reach .*: sbx_01234567\[redacted\]$/, stack: /at / })
})

t.test('a line takes time in proportion to its length, whatever somebody wrote into a URL', async (t) => {
  // Time that grows with the square of the length would be minutes for each, in which nobody is served.
  for (const part of ['a', 'a-', '?', '?token', '&a?', '://', '://a', ':a', 'eyJ', 'eyJaa-', 'eyJa.', 'sbx_', '@']) {
    const text = part.repeat((1024 * 1024) / part.length)
    for (const end of ['', ' ', ':']) t.equal(withoutSecrets(`GET /${text}${end}`), `GET /${text}${end}`, part)
  }
})

t.test('of an error of the database its values are not logged', async (t) => {
  const logged: string[] = []
  const logger = pino(loggerOptions('info', []), { write: (line) => logged.push(line) })
  const error = new pg.DatabaseError('duplicate key value violates unique constraint "users_email_key"', 1, 'error')
  Object.assign(error, { code: '23505', detail: 'Key (email)=(ada@example.com) already exists.', where: 'a value' })
  logger.error({ err: new Error('not stored', { cause: error }) })
  logger.error({ err: error })
  logger.error({ err: 'no error at all' })
  const lines = logged.map((line) => JSON.parse(line))
  t.match(lines[0].err, { message: 'not stored: duplicate key value violates unique constraint "users_email_key"' })
  t.match(lines[1].err, { type: 'DatabaseError', code: '23505' })
  t.equal(lines[0].err.code, '23505', 'the code is that of the cause')
  t.equal(lines[2].err, 'no error at all')
  t.notMatch(logged.join(''), /ada@example\.com|a value/)
})

t.test('the watch over secrets is awake', async (t) => {
  const watch = new SecretWatch(['a-known-secret'])
  watch.add('short', 'sbx_01234567********', 'another-secret')
  t.equal(watch.size, 2, 'what is short, or masked, is none')
  watch.mustNotBeIn(['harmless'])
  for (const secret of ['a-known-secret', 'another-secret']) {
    t.throws(() => watch.mustNotBeIn(['harmless', `{"x":"${secret}"}`]), { message: /log: \{"x":"‹the secret›"\}$/ })
  }
})
