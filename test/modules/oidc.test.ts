import { decodeJwt, decodeProtectedHeader } from 'jose'
import t from 'tap'
import { startOn, startService } from '../helpers/app.js'
import { AUDIENCE, CLIENT, startProvider } from '../helpers/openid-provider.js'
import { until } from '../helpers/wait-timeout.js'

t.test('a person who signs in at the provider has an account here', async (t) => {
  const provider = await startProvider(t, { ada: { email: 'Ada@Example.com', email_verified: true, name: 'Ada' } })
  const { request } = await startService(t, {
    OIDC_ISSUER: provider.issuer,
    OIDC_AUDIENCE: `${AUDIENCE}, ${CLIENT.client_id}`,
  })
  const { accessToken, idToken } = await provider.signIn('ada')
  t.equal(decodeJwt(accessToken).aud, AUDIENCE)
  t.equal(decodeJwt(idToken).aud, CLIENT.client_id)
  t.match(decodeProtectedHeader(accessToken), { alg: 'ES256', typ: 'at+jwt' })

  const me = await request('GET', '/api/v1/auth/me', { token: accessToken })
  t.equal(me.status, 200)
  t.match(me.body, { email: 'ada@example.com', display_name: 'Ada' })
  const session = await request('GET', '/api/v1/auth/session', { token: idToken })
  t.strictSame(session.body, me.body, 'with an ID token it is the same person')
})

t.test('first requests that race over two replicas make one user', async (t) => {
  const provider = await startProvider(t)
  const config = { OIDC_ISSUER: provider.issuer, OIDC_AUDIENCE: AUDIENCE }
  const one = await startService(t, config)
  const other = await startOn(t, one.testDatabase, config)
  const token = await provider.sign(provider.rsa, 'racer', { claims: { email: 'r@example.com', email_verified: true } })

  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, i) => (i % 2 ? one : other).request('GET', '/api/v1/auth/me', { token })),
  )
  for (const { status } of answers) t.equal(status, 200)
  t.equal(new Set(answers.map(({ body }) => body.id)).size, 1)
  t.equal(new Set(answers.map(({ body }) => body.email)).size, 1)

  const someoneElse = await provider.sign(provider.rsa, 'Racer')
  const theirs = await other.request('GET', '/api/v1/auth/me', { token: someoneElse })
  t.not(theirs.body.id, answers[0]?.body.id, 'a subject in another case is another person')
})

t.test('people of the provider and local people work side by side', async (t) => {
  const provider = await startProvider(t)
  const service = await startService(t, { OIDC_ISSUER: provider.issuer, OIDC_AUDIENCE: AUDIENCE })
  const { request } = service
  const local = await service.newUser()
  t.equal((await local.call('GET', '/auth/me')).status, 200)

  const token = await provider.sign(provider.ed, 'eve|1')
  const me = (await request('GET', '/api/v1/auth/me', { token })).body
  t.not(me.id, local.id)
  t.match(me.email, /^[0-9a-f-]{36}@no-address\.invalid$/, 'without an address it still has the form of one')

  const key = await request('POST', '/api/v1/auth/api-keys', { token, body: { name: 'mine' } })
  const verified = await request('GET', '/api/v1/auth/verify', { token: key.body.api_key })
  t.match(verified.body, { success: true, user_id: me.id, email: me.email })

  const sync = (id: string) => request('POST', '/api/v1/auth/sync-user', { token, body: { id, display_name: id } })
  t.equal((await sync(me.id)).status, 200)
  t.equal((await sync('eve|1')).status, 200, 'the id at the provider is known as well')
  t.match(await sync(local.id), { status: 403, body: { code: 'not_your_account' } })
  t.match(await sync('eve|2'), { status: 403, body: { code: 'not_your_account' } })

  t.match(await request('DELETE', '/api/v1/auth/me', { token }), {
    status: 403,
    body: { code: 'reauthentication_required', detail: /^\w/ },
  })
  const signedIn = (secondsAgo: number) =>
    provider.sign(provider.ed, 'eve|1', { claims: { auth_time: Math.floor(Date.now() / 1000) - secondsAgo } })
  const longAgo = await request('DELETE', '/api/v1/auth/me', { token: await signedIn(301) })
  t.match(longAgo, { status: 403, body: { code: 'reauthentication_required' } })
  t.equal((await request('DELETE', '/api/v1/auth/me', { token: await signedIn(200) })).status, 200)
  t.equal((await local.call('GET', '/auth/me')).status, 200)
})

t.test('an account of the provider has no password that could be guessed', async (t) => {
  const provider = await startProvider(t)
  const { request } = await startService(t, { OIDC_ISSUER: provider.issuer, OIDC_AUDIENCE: AUDIENCE })
  const claims = { email: 'ada@example.com', email_verified: true }
  await request('GET', '/api/v1/auth/me', { token: await provider.sign(provider.rsa, 'ada', { claims }) })
  const login = (email: string) => request('POST', '/api/v1/auth/login', { body: { email, password: 'null' } })
  const known = await login('ada@example.com')
  const unknown = await login('nobody@example.com')
  t.match(known, { status: 401, body: { code: 'invalid_credentials' } })
  t.equal(known.body.detail, unknown.body.detail)
  const registration = { email: 'ada@example.com', password: 'correct horse battery' }
  t.match(await request('POST', '/api/v1/auth/register', { body: registration }), { body: { code: 'email_taken' } })
})

t.test('with local accounts off, only the provider lets people in', async (t) => {
  const provider = await startProvider(t)
  const config = { OIDC_ISSUER: provider.issuer, OIDC_AUDIENCE: AUDIENCE }
  const before = await startService(t, config)
  const local = await before.newUser()
  const body = { email: local.email, password: local.password }
  const login = await before.request('POST', '/api/v1/auth/login', { body })
  const cookie = String(login.headers['set-cookie']).split(';', 1)[0] ?? ''
  const key = await local.newKey()

  const { request } = await startOn(t, before.testDatabase, { ...config, LOCAL_ACCOUNTS: 'off' })
  const off = { status: 403, body: { code: 'local_accounts_off' } }
  t.match(await request('POST', '/api/v1/auth/login', { body }), off)
  t.match(await request('POST', '/api/v1/auth/register', { body: { ...body, email: 'new@example.com' } }), off)
  t.match(await request('POST', '/api/v1/auth/refresh', { headers: { cookie } }), off)
  t.match(await request('GET', '/api/v1/auth/me', { token: local.token }), {
    status: 401,
    body: { code: 'invalid_token' },
  })
  t.equal((await request('POST', '/api/v1/auth/logout', { headers: { cookie } })).status, 200)
  t.equal((await request('GET', '/api/v1/auth/verify', { token: key })).status, 200, 'keys are no sign-in')
  const token = await provider.sign(provider.rsa, 'ada')
  t.equal((await request('GET', '/api/v1/auth/me', { token })).status, 200)
})

t.test('a burst of requests by one token is one look-up, and one of tickets as well', async (t) => {
  const provider = await startProvider(t)
  const { request, database, services } = await startService(t, {
    OIDC_ISSUER: provider.issuer,
    OIDC_AUDIENCE: AUDIENCE,
  })
  const token = await provider.sign(provider.rsa, 'ada')
  const { id } = (await request('GET', '/api/v1/auth/me', { token })).body
  let lookups = 0
  const { lookup } = database
  database.lookup = (credential) => {
    lookups += 1
    return lookup.call(database, credential)
  }
  services.revocations.note(id)
  const answers = await Promise.all(Array.from({ length: 100 }, () => request('GET', '/api/v1/auth/me', { token })))
  for (const { status } of answers) t.equal(status, 200)
  t.ok(lookups >= 1 && lookups < 100, `${lookups} look-ups`)

  const hash = await services.externalIdentities?.findHash(id, 'ada')
  t.type(hash, 'string')
  lookups = 0
  const found = await Promise.all(Array.from({ length: 100 }, () => services.externalIdentities?.findHash(id, 'ada')))
  t.strictSame([...new Set(found)], [hash])
  t.ok(lookups < 100, `${lookups} look-ups of tickets`)
})

t.test('what is remembered of an identity ends with its account', async (t) => {
  const provider = await startProvider(t)
  const config = { OIDC_ISSUER: provider.issuer, OIDC_AUDIENCE: AUDIENCE }
  const one = await startService(t, config)
  const other = await startOn(t, one.testDatabase, config)
  const claims = { auth_time: Math.floor(Date.now() / 1000) }
  const token = await provider.sign(provider.rsa, 'ada', { claims })
  const me = (service: typeof one | typeof other) => service.request('GET', '/api/v1/auth/me', { token })
  const first = (await me(one)).body
  await one.database.tenant(first.id).updateTable('users').set({ display_name: 'before' }).execute()
  t.equal((await me(other)).body.display_name, 'before')
  t.equal((await one.request('DELETE', '/api/v1/auth/me', { token })).status, 200)
  const here = await me(one)
  t.match(here, { status: 200, body: { display_name: null } }, 'here at once: the account is a new one')
  await until('the other process to look again', async () => (await me(other)).body.display_name === null)
})
