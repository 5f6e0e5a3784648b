import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createClient, type WebSocketLikeConstructor } from '@supabase/supabase-js'
import { decodeJwt } from 'jose'
import { sql } from 'kysely'
import t from 'tap'
import { WebSocket } from 'undici'
import { wasUsedLately } from '../../src/modules/accounts/session-queries.js'
import { FREE_GUESSES } from '../../src/rate-limits/backoff.js'
import { type Answer, PASSWORD, SECRETS_KEY, startOn, startService, type TestService } from '../helpers/app.js'
import { listen } from '../helpers/network.js'
import { connectAsOwner } from '../helpers/owner.js'
import { claims, sign } from '../helpers/tokens.js'

const ON = { LEGACY_SIGN_IN: 'on' } as const

// Node.js 20 has none of its own, and supabase-js wants one. DOM and Node.js declare different Blobs.
const transport = WebSocket as unknown as WebSocketLikeConstructor

/** What most of the tests need: each of them makes accounts of its own. */
const shared = await startService(t, ON)
const owner = await connectAsOwner(t, shared.testDatabase)

const ROUTES = [
  ['POST', '/auth/v1/signup'],
  ['POST', '/auth/v1/token?grant_type=password'],
  ['POST', '/auth/v1/token?grant_type=refresh_token'],
  ['GET', '/auth/v1/user'],
  ['POST', '/auth/v1/logout'],
] as const

function legacy({ request }: Pick<TestService, 'request'>, headers: Record<string, string> = {}) {
  const body =
    (path: string) =>
    (content: unknown, more: Record<string, string> = {}) =>
      request('POST', path, { body: content, headers: { ...headers, ...more } })
  const signUp = body('/auth/v1/signup')
  const signIn = body('/auth/v1/token?grant_type=password')
  const exchange = body('/auth/v1/token?grant_type=refresh_token')
  return {
    signUp,
    signIn,
    refresh: (refresh_token: unknown) => exchange({ refresh_token }),
    user: (token: string) => request('GET', '/auth/v1/user', { token }),
    logout: (token: string, scope?: string) =>
      request('POST', '/auth/v1/logout', { token, ...(scope === undefined ? {} : { query: { scope } }) }),
    /** A new account. @returns its session */
    async newSession(email = `${randomUUID()}@example.com`) {
      const { body } = await signUp({ email, password: PASSWORD })
      return { ...body, email }
    },
  }
}

/** What is wrong, in the words of GoTrue. */
function errorOf({ status, body, headers }: Answer) {
  const { code, error_code, msg, ...rest } = body
  if (typeof msg !== 'string' || code !== status || !/^application\/json/.test(String(headers['content-type']))) {
    throw new Error(`no error of GoTrue: ${status} ${JSON.stringify(body)}`)
  }
  return { status, error_code, ...rest }
}

/** Sets when the tokens of a session were exchanged: an hour from now is as good as just now, however slow the machine. */
async function setExchanged(accessToken: string, secondsFromNow: number): Promise<void> {
  const { rowCount } = await owner.query(
    `update refresh_tokens set used_at = now() + make_interval(secs => $2) where session_id = $1 and used_at is not null`,
    [decodeJwt(accessToken)['sid'], secondsFromNow],
  )
  if (rowCount === 0) throw new Error('no token was exchanged')
}

const HOUR = 60 * 60

t.test('unless it is turned on, nothing is there', async (t) => {
  const { request } = await startService(t)
  for (const [method, path] of ROUTES) {
    t.match(await request(method, path), { status: 404, body: { code: 'not_found' } }, `${method} ${path}`)
  }
})

t.test('the contract is the same with it: these routes have one of their own', async (t) => {
  const { request } = shared
  const committed = new URL('../../../schemas/generated/openapi.json', import.meta.url)
  t.strictSame((await request('GET', '/openapi.json')).body, JSON.parse(await readFile(committed, 'utf8')))
})

t.test('who signs up, or in, gets a session in the body, whose token is one of the API', async (t) => {
  const service = shared
  const { signUp, signIn, user } = legacy(service)
  const email = `${randomUUID()}@Example.com`
  const body = {
    email,
    password: PASSWORD,
    data: { display_name: 'Ada', plan: 'x' },
    gotrue_meta_security: {},
    code_challenge: null,
  }
  const headers = {
    authorization: 'Bearer the-anon-key',
    apikey: 'the-anon-key',
    'x-supabase-api-version': '2024-01-01',
  }
  const signedUp = await signUp(body, headers)
  t.equal(signedUp.status, 200)
  t.notOk(signedUp.headers['set-cookie'])
  const { access_token, refresh_token, expires_at, user: account, ...rest } = signedUp.body
  t.strictSame(rest, { token_type: 'bearer', expires_in: 900 })
  t.match(refresh_token, /^sbr_[\w-]{43}$/)
  t.ok(Math.abs(expires_at - Number(decodeJwt(access_token).exp)) <= 1)
  const { id, created_at } = account
  t.strictSame(account, {
    id,
    aud: 'authenticated',
    role: 'authenticated',
    email: email.toLowerCase(),
    created_at,
    app_metadata: { provider: 'email', providers: ['email'] },
    user_metadata: { display_name: 'Ada' },
    identities: [
      {
        identity_id: id,
        id,
        user_id: id,
        provider: 'email',
        identity_data: { sub: id, email: email.toLowerCase() },
        created_at,
      },
    ],
  })
  t.match(created_at, /^\d{4}-\d\d-\d\dT[\d:.]{12}Z$/)

  const signedIn = await signIn({ email, password: PASSWORD, gotrue_meta_security: {} }, headers)
  t.equal(signedIn.status, 200)
  t.strictSame(signedIn.body.user, account)
  for (const { body } of [signedUp, signedIn]) {
    t.strictSame((await user(body.access_token)).body, account)
    const me = await service.request('GET', '/api/v1/auth/me', { token: body.access_token })
    t.match(me.body, { id, display_name: 'Ada' })
    const synced = { id, email, display_name: 'Ada' }
    const sync = await service.request('POST', '/api/v1/auth/sync-user', { token: body.access_token, body: synced })
    t.equal(sync.status, 200)
  }
  for (const data of [undefined, null, {}, { display_name: null }, { display_name: '' }]) {
    const { body } = await signUp({ email: `${randomUUID()}@example.com`, password: PASSWORD, data })
    t.strictSame(body.user.user_metadata, { display_name: null }, JSON.stringify(data))
  }
})

t.test('errors are those of GoTrue', async (t) => {
  const service = shared
  const { request } = service
  const { signUp, signIn, refresh, user, logout, newSession } = legacy(service)
  const { email, access_token: token } = await newSession()
  const person = await service.newUser()
  const token400 = (query: string) => request('POST', `/auth/v1/token${query}`, { body: { email, password: PASSWORD } })
  const json = { 'content-type': 'application/json' }
  const gone = (await newSession()).access_token
  await request('DELETE', '/api/v1/auth/me', { token: gone })
  const cases: [name: string, Promise<Answer>, status: number, code: string][] = [
    ['a wrong password', signIn({ email, password: 'wrong' }), 400, 'invalid_credentials'],
    ['an unknown address', signIn({ email: 'x@example.com', password: 'wrong' }), 400, 'invalid_credentials'],
    ['a made-up refresh token', refresh('made-up-by-somebody'), 400, 'refresh_token_not_found'],
    ['no refresh token', refresh(undefined), 400, 'validation_failed'],
    ['no password', signIn({ email }), 400, 'validation_failed'],
    ['no address', signIn({ password: PASSWORD }), 400, 'validation_failed'],
    ['no body', request('POST', '/auth/v1/signup', { headers: json }), 400, 'validation_failed'],
    ['an address that is taken', signUp({ email, password: PASSWORD }), 422, 'user_already_exists'],
    ['an address that is none', signUp({ email: 'ada', password: PASSWORD }), 400, 'validation_failed'],
    ['NUL', signUp({ email, password: PASSWORD, data: { display_name: 'a\0' } }), 400, 'validation_failed'],
    ['another grant', token400('?grant_type=pkce'), 400, 'validation_failed'],
    ['no grant', token400(''), 400, 'validation_failed'],
    ['two grants', token400('?grant_type=password&grant_type=refresh_token'), 400, 'validation_failed'],
    ['no JSON', request('POST', '/auth/v1/signup', { body: '{"email"', headers: json }), 400, 'bad_json'],
    ['another type', request('POST', '/auth/v1/signup', { body: 'email=x' }), 415, 'validation_failed'],
    ['a large body', signUp({ email: 'x'.repeat(5000) }), 413, 'validation_failed'],
    ['no token', request('GET', '/auth/v1/user'), 401, 'no_authorization'],
    ['a made-up token', user('made-up-by-somebody'), 401, 'bad_jwt'],
    ['an expired token', user(sign(claims(person, { exp: 1 }))), 401, 'bad_jwt'],
    ['a token of a session that is none', user(sign(claims(person.id))), 401, 'session_not_found'],
    ['a token of an account that is gone', user(gone), 401, 'user_not_found'],
    ['an API key', user(await person.newKey()), 403, 'bad_jwt'],
    ['another scope', logout(token, 'everybody'), 400, 'validation_failed'],
    ['another path', request('POST', '/auth/v1/otp', { body: { email } }), 404, 'validation_failed'],
    ['another method', request('PUT', '/auth/v1/user', { body: {}, token }), 405, 'validation_failed'],
  ]
  for (const [name, answer, status, error_code] of cases) {
    t.strictSame(errorOf(await answer), { status, error_code }, name)
  }
  const weak = await signUp({ email: 'new@example.com', password: 'short' })
  t.strictSame(errorOf(weak), { status: 422, error_code: 'weak_password', weak_password: { reasons: ['length'] } })
  t.equal((await signIn({ email, password: 'wrong' })).headers['www-authenticate'], undefined)
  t.ok((await user('made-up-by-somebody')).headers['www-authenticate'], 'as RFC 9110 wants of every 401')
  t.match((await request('PUT', '/auth/v1/user', { token })).headers, { allow: 'GET, HEAD' })
  t.equal((await user(token)).status, 200, 'none of it has ended a session')
})

t.test('who may register and sign in is as everywhere', async (t) => {
  const service = shared
  const { email, refresh_token: token, access_token } = await legacy(service).newSession()
  const OIDC = { OIDC_ISSUER: 'https://id.example.com', OIDC_AUDIENCE: 'x' }
  const closed = legacy(await startOn(t, service.testDatabase, { ...ON, REGISTRATION: 'closed' }))
  const off = legacy(await startOn(t, service.testDatabase, { ...ON, ...OIDC, LOCAL_ACCOUNTS: 'off' }))
  const account = { email: 'new@example.com', password: PASSWORD }
  const disabled = { status: 422, error_code: 'email_provider_disabled' }
  t.strictSame(errorOf(await closed.signUp(account)), { status: 422, error_code: 'signup_disabled' })
  t.equal((await closed.signIn({ email, password: PASSWORD })).status, 200)
  t.strictSame(errorOf(await off.signUp(account)), disabled)
  t.strictSame(errorOf(await off.signIn({ email, password: PASSWORD })), disabled)
  t.strictSame(errorOf(await off.refresh(token)), disabled)
  const out = { status: 401, error_code: 'bad_jwt' }
  t.strictSame(
    errorOf(await off.logout(access_token)),
    out,
    'tokens of ours are none there, which ends the session in apps',
  )
})

t.test('a refresh gives the next token, and for 10 seconds the same one again', async (t) => {
  const service = shared
  const other = legacy(await startOn(t, service.testDatabase, ON))
  const { refresh, newSession, user } = legacy(service)
  const first = await newSession()
  const answers = await Promise.all([refresh, other.refresh, refresh].map((send) => send(first.refresh_token)))
  t.strictSame(
    answers.map(({ status }) => status),
    [200, 200, 200],
  )
  const successors = new Set(answers.map(({ body }) => body.refresh_token))
  t.equal(successors.size, 1, 'whichever tab asks, and whichever process answers')
  const [second = ''] = successors
  t.match(second, /^sbr_[\w-]{43}$/)
  t.not(second, first.refresh_token)
  for (const { body } of answers) {
    t.equal(decodeJwt(body.access_token)['sid'], decodeJwt(first.access_token)['sid'])
    t.equal((await user(body.access_token)).status, 200)
  }

  const third = (await refresh(second)).body.refresh_token
  await setExchanged(first.access_token, HOUR)
  t.equal((await refresh(first.refresh_token)).body.refresh_token, second, 'the same, also when that one is used')
  t.equal((await refresh(second)).body.refresh_token, third)
  t.equal((await refresh(third)).status, 200)

  await shared.database.tenant(first.user.id).transaction(async (trx) => {
    const { id } = await trx
      .selectFrom('refresh_tokens')
      .select('id')
      .where('used_at', 'is not', null)
      .limit(1)
      .executeTakeFirstOrThrow()
    const usedBefore = async (seconds: number) => {
      const used_at = sql<Date>`now() - make_interval(secs => ${seconds})`
      await trx.updateTable('refresh_tokens').set({ used_at }).where('id', '=', id).execute()
      return wasUsedLately(trx, id)
    }
    t.strictSame([await usedBefore(9.9), await usedBefore(10.1)], [true, false], 'until 10 seconds have passed')
  })
})

t.test('a token that comes back after that ends the session, with its access tokens', async (t) => {
  const service = shared
  const { refresh, newSession, signIn, user } = legacy(service)
  const first = await newSession()
  const elsewhere = (await signIn({ email: first.email, password: PASSWORD })).body
  const second = (await refresh(first.refresh_token)).body
  await setExchanged(first.access_token, -10)
  const refused = { status: 400, error_code: 'refresh_token_not_found' }
  t.strictSame(errorOf(await refresh(first.refresh_token)), refused)
  t.strictSame(errorOf(await refresh(second.refresh_token)), refused, 'the family is revoked')
  t.strictSame(errorOf(await user(second.access_token)), { status: 401, error_code: 'session_not_found' })
  t.equal((await refresh(elsewhere.refresh_token)).status, 200, 'the other session goes on')
})

t.test('successors are kept as hashes, and made by a key that may be replaced', async (t) => {
  const service = shared
  const { refresh, newSession } = legacy(service)
  const key = randomBytes(32)
  const withKeys = async (...secretsKeys: Buffer[]) =>
    legacy(await startOn(t, service.testDatabase, ON, { secretsKeys }))
  const rotated = await withKeys(key, SECRETS_KEY)
  const without = await withKeys(key)

  const first = await newSession()
  const second = (await refresh(first.refresh_token)).body.refresh_token
  const { rows } = await owner.query<{ row: string }>('select refresh_tokens::text as row from refresh_tokens')
  const stored = rows.map(({ row }) => row).join('\n')
  t.ok(stored.includes(createHash('sha256').update(second).digest('hex')))
  t.notOk(stored.includes(second))

  await setExchanged(first.access_token, HOUR)
  t.equal((await rotated.refresh(first.refresh_token)).body.refresh_token, second, 'who knows the old key gives it')
  t.strictSame(
    errorOf(await without.refresh(first.refresh_token)),
    { status: 400, error_code: 'refresh_token_not_found' },
    'who does not gives nothing',
  )
  const third = (await without.refresh(second)).body.refresh_token
  t.ok(third, 'and nothing has ended')
  await setExchanged(first.access_token, HOUR)
  t.equal((await rotated.refresh(second)).body.refresh_token, third)
  t.equal((await refresh(third)).status, 200)
})

t.test('no refresh token is good for the other kind of session', async (t) => {
  const service = shared
  const { request } = service
  const { refresh, newSession, user } = legacy(service)
  const { email, refresh_token: inBody, access_token } = await newSession()
  const login = await request('POST', '/api/v1/auth/login', { body: { email, password: PASSWORD } })
  const inCookie = login.raw.cookies[0]?.value ?? ''
  const byCookie = (path: string, token: string) =>
    request('POST', `/api/v1/auth/${path}`, { headers: { cookie: `signalbox_refresh=${token}` } })

  t.match(await byCookie('refresh', inBody), { status: 401, body: { code: 'invalid_refresh_token' } })
  t.strictSame(errorOf(await refresh(inCookie)), { status: 400, error_code: 'refresh_token_not_found' })
  t.equal((await byCookie('logout', inBody)).status, 200)
  t.equal((await user(access_token)).status, 200, 'which is no way to end it, either')
  const [nextInBody, nextInCookie] = [await refresh(inBody), await byCookie('refresh', inCookie)]
  t.strictSame([nextInBody.status, nextInCookie.status], [200, 200], 'where they belong they are good')
  t.match(await byCookie('refresh', nextInBody.body.refresh_token), { status: 401 }, 'nor are their successors')
  t.equal((await refresh(nextInCookie.raw.cookies[0]?.value)).status, 400)
  t.match(await byCookie('refresh', inCookie), { status: 401 }, 'by cookie, a token is good once')
  t.match(await byCookie('refresh', nextInCookie.raw.cookies[0]?.value ?? ''), { status: 401 }, 'as ever')
})

t.test('who signs out says where', async (t) => {
  const service = shared
  const { newSession, signIn, logout, user, refresh } = legacy(service)
  const isOver = async ({ access_token, refresh_token }: { access_token: string; refresh_token: string }) => {
    const statuses = [(await user(access_token)).status, (await refresh(refresh_token)).status]
    if (statuses.join() !== '200,200' && statuses.join() !== '401,400') throw new Error(`half over: ${statuses}`)
    return statuses.join() === '401,400'
  }
  for (const [scope, expected] of [
    ['local', [true, false, false]],
    ['others', [false, true, true]],
    ['global', [true, true, true]],
    [undefined, [true, true, true]],
  ] as const) {
    const here = await newSession()
    const there = (await signIn({ email: here.email, password: PASSWORD })).body
    const body = { email: here.email, password: PASSWORD }
    const byCookie = await service.request('POST', '/api/v1/auth/login', { body })
    const answer = await logout(here.access_token, scope)
    t.strictSame([answer.status, answer.body], [204, ''])
    const me = await service.request('GET', '/api/v1/auth/me', { token: byCookie.body.access_token })
    t.strictSame([await isOver(here), await isOver(there), me.status === 401], expected, `scope=${scope}`)
  }
  const bystander = await newSession()
  await logout((await newSession()).access_token, 'global')
  t.notOk(await isOver(bystander), 'of others nothing ends')
})

t.test('attempts are limited by address and by account, together with those of the API', async (t) => {
  const service = await startService(t, { ...ON, TRUST_PROXY: '1', RATE_LIMIT_AUTH_MAX: 4 })
  const from = (address: string) => ({ 'x-forwarded-for': address })
  const { email, refresh_token } = await legacy(service, from('192.0.2.1')).newSession()
  const here = legacy(service, from('192.0.2.2'))
  const limited = { status: 429, error_code: 'over_request_rate_limit' }
  t.equal((await here.signUp({ email: 'new@example.com', password: PASSWORD })).status, 200)
  t.equal((await here.signIn({ email, password: PASSWORD })).status, 200)
  t.equal((await here.refresh('made-up-by-somebody')).status, 400)
  const login = { body: { email, password: PASSWORD }, headers: from('192.0.2.2') }
  t.equal((await service.request('POST', '/api/v1/auth/login', login)).status, 200)
  const refused = await here.signIn({ email, password: PASSWORD })
  t.strictSame(errorOf(refused), limited)
  t.match(refused.headers['retry-after'], /^\d+$/)
  t.strictSame(errorOf(await here.signUp({ email: 'x@example.com', password: PASSWORD })), limited)
  t.strictSame(errorOf(await here.refresh('another made-up one')), limited)
  t.equal((await here.refresh(refresh_token)).status, 200, 'who has a good token is not held back')

  const guess = (i: number) => legacy(service, from(`198.51.100.${i}`)).signIn({ email, password: 'wrong' })
  const guesses = await Promise.all(Array.from({ length: FREE_GUESSES + 3 }, (_, i) => guess(i)))
  const statuses = guesses.map((answer) => errorOf(answer).status)
  t.equal(statuses.filter((status) => status === 400).length, FREE_GUESSES)
  t.equal(statuses.filter((status) => status === 429).length, 3)
  const elsewhere = { body: { email, password: PASSWORD }, headers: from('203.0.113.1') }
  t.equal((await service.request('POST', '/api/v1/auth/login', elsewhere)).status, 429, 'it is one account')
})

t.test('refreshes are limited by session', async (t) => {
  const service = await startService(t, { ...ON, RATE_LIMIT_ANONYMOUS_MAX: 5 })
  const { newSession, refresh, signIn } = legacy(service)
  const { email, refresh_token } = await newSession()
  let token = refresh_token
  for (let i = 0; i < 60; i++) {
    const { status, body } = await refresh(token)
    if (status !== 200) t.fail(`refresh ${i} is refused: ${JSON.stringify(body)}`)
    token = body.refresh_token
  }
  t.strictSame(errorOf(await refresh(token)), { status: 429, error_code: 'over_request_rate_limit' })
  for (let i = 0; i < 4; i++) t.equal((await signIn({ email, password: PASSWORD })).status, 200)
  const refused = await signIn({ email, password: PASSWORD })
  t.strictSame(errorOf(refused), { status: 429, error_code: 'over_request_rate_limit' }, 'others count as nobody')
})

t.test('a preflight allows what supabase-js sends from a browser', async (t) => {
  const origin = 'https://app.example.com'
  const asked = ['apikey', 'authorization', 'content-type', 'x-client-info', 'x-supabase-api-version']
  const allowed = async (settings: Parameters<typeof startService>[1]) => {
    const { request } = await startService(t, { ...settings, CORS_ORIGINS: origin })
    const { status, headers } = await request('OPTIONS', '/auth/v1/token?grant_type=password', {
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': asked.join(','),
      },
    })
    t.equal(status, 204)
    const names = String(headers['access-control-allow-headers']).toLowerCase().split(/, */)
    return asked.filter((name) => names.includes(name))
  }
  t.strictSame(await allowed(ON), asked)
  t.strictSame(await allowed({}), ['authorization', 'content-type'], 'where nobody signs in so, it is not allowed')
})

t.test('the published supabase-js signs up, in and out', async (t) => {
  const service = shared
  const url = await listen(service)
  const client = () => {
    const { auth } = createClient(url, 'any-key', {
      auth: { autoRefreshToken: false, detectSessionInUrl: false },
      realtime: { transport },
    })
    const events: string[] = []
    const { data } = auth.onAuthStateChange((event) => {
      events.push(event)
    })
    t.teardown(() => data.subscription.unsubscribe())
    return { auth, events }
  }
  const [one, other] = [client(), client()]
  const credentials = { email: `${randomUUID()}@example.com`, password: PASSWORD }
  const signedUp = await one.auth.signUp({ ...credentials, options: { data: { display_name: 'Ada' } } })
  t.equal(signedUp.error, null)
  t.match(signedUp.data, { user: { user_metadata: { display_name: 'Ada' } }, session: { token_type: 'bearer' } })
  t.match((await other.auth.signUp(credentials)).error, { status: 422, code: 'user_already_exists' })
  t.match((await other.auth.signUp({ ...credentials, password: 'short' })).error, { code: 'weak_password' })
  t.match((await other.auth.signInWithPassword({ ...credentials, password: 'wrong' })).error, {
    status: 400,
    code: 'invalid_credentials',
    message: 'Invalid login credentials',
  })
  const signedIn = await other.auth.signInWithPassword(credentials)
  t.equal(signedIn.error, null)
  t.match((await other.auth.getUser()).data, { user: { id: signedUp.data.user?.id, email: credentials.email } })

  const before = (await one.auth.getSession()).data.session
  const refreshed = await one.auth.refreshSession()
  t.equal(refreshed.error, null)
  t.ok(before && refreshed.data.session)
  t.not(refreshed.data.session?.refresh_token, before?.refresh_token)
  await setExchanged(before?.access_token ?? '', HOUR)
  const again = await one.auth.refreshSession({ refresh_token: before?.refresh_token ?? '' })
  t.equal(again.data.session?.refresh_token, refreshed.data.session?.refresh_token, 'as if the answer had been lost')
  t.match((await one.auth.refreshSession({ refresh_token: 'nonsense' })).error, { code: 'refresh_token_not_found' })

  t.equal((await one.auth.signOut({ scope: 'others' })).error, null)
  t.match((await other.auth.getUser()).error, { name: 'AuthSessionMissingError' })
  t.equal((await one.auth.getUser()).error, null)
  t.equal((await other.auth.signInWithPassword(credentials)).error, null)
  t.equal((await other.auth.signOut({ scope: 'local' })).error, null)
  t.equal((await one.auth.getUser()).error, null)
  t.equal((await other.auth.signInWithPassword(credentials)).error, null)
  t.equal((await one.auth.signOut()).error, null)
  t.equal((await one.auth.getSession()).data.session, null)
  t.match((await other.auth.getUser()).error, { name: 'AuthSessionMissingError' }, 'everywhere')
  t.strictSame(
    one.events.filter((event) => event !== 'INITIAL_SESSION'),
    ['SIGNED_IN', 'TOKEN_REFRESHED', 'TOKEN_REFRESHED', 'SIGNED_OUT'],
  )
})
