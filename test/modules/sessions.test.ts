import { createHash } from 'node:crypto'
import t from 'tap'
import { type Answer, PASSWORD, startOn, startService, type TestService } from '../helpers/app.js'
import { connectAsOwner, untilWaiting } from '../helpers/owner.js'

const COOKIE = 'signalbox_refresh'
const HOST_COOKIE = '__Host-signalbox_refresh'

t.test('sessions', async (t) => {
  const service = await startService(t)
  const { newUser } = service
  const { signIn, refresh, logout } = sessions(service)

  t.test('the refresh token comes in a cookie that scripts and other sites cannot use', async (t) => {
    const { email } = await newUser()
    const answer = await service.request('POST', '/api/v1/auth/login', { body: { email, password: PASSWORD } })
    t.strictSame(answer.raw.cookies.length, 1)
    const { value, ...attributes } = cookieOf(answer)
    t.strictSame(attributes, {
      name: COOKIE,
      httpOnly: true,
      sameSite: 'Strict',
      path: '/api/v1/auth',
      maxAge: 30 * 24 * 60 * 60,
    })
    t.notMatch(answer.raw.payload, value, 'it is not in the body')
  })

  t.test('only the hash of a refresh token is stored', async (t) => {
    const owner = await connectAsOwner(t, service.testDatabase)
    const token = await signIn((await newUser()).email)
    const { rows } = await owner.query<{ row: string }>('select refresh_tokens::text as row from refresh_tokens')
    const stored = rows.map(({ row }) => row).join('\n')
    t.ok(stored.includes(createHash('sha256').update(token).digest('hex')))
    t.notOk(stored.includes(token))
  })

  t.test('a refresh gives the next token and a new access token', async (t) => {
    const user = await newUser()
    const first = await signIn(user.email)
    const answer = await refresh(first)
    t.equal(answer.status, 200)
    t.equal(answer.body.user.id, user.id)
    t.equal(answer.body.expires_in, 900)
    const me = await service.request('GET', '/api/v1/auth/me', { token: answer.body.access_token })
    t.equal(me.body.id, user.id)
    const second = cookieOf(answer).value
    t.not(second, first)
    t.equal((await refresh(second)).status, 200)
  })

  t.test('clients that send a JSON content type without a body can refresh and log out', async (t) => {
    const token = await signIn((await newUser()).email)
    const headers = { 'content-type': 'application/json' }
    const refreshed = await refresh(token, headers)
    t.equal(refreshed.status, 200)
    t.equal((await logout(cookieOf(refreshed).value, headers)).status, 200)
  })

  t.test('a token that comes back after its use ends the whole session', async (t) => {
    const { email } = await newUser()
    const [stolen, elsewhere] = [await signIn(email), await signIn(email)]
    const second = cookieOf(await refresh(stolen)).value
    const third = cookieOf(await refresh(second)).value

    const reuse = await refresh(stolen)
    t.equal(reuse.status, 401)
    t.equal(reuse.body.code, 'invalid_refresh_token')
    t.notOk(reuse.headers['set-cookie'])
    for (const token of [third, second, stolen]) t.equal((await refresh(token)).status, 401)
    t.equal((await refresh(elsewhere)).status, 200, "the user's other session goes on")
  })

  t.test('of two refreshes with the same token, exactly one wins', async (t) => {
    const owner = await connectAsOwner(t, service.testDatabase)
    const token = await signIn((await newUser()).email)
    const unlock = await lockToken(owner, token)
    const racing = [refresh(token), refresh(token)]
    await untilWaiting(owner, 1)
    await unlock()
    const answers = await Promise.all(racing)
    t.strictSame(answers.map(({ status }) => status).sort(), [200, 401])
    const winner = answers.find(({ status }) => status === 200)
    t.ok(winner)
    if (winner) t.equal((await refresh(cookieOf(winner).value)).status, 401, 'the token was used twice: all end')
  })

  t.test('a session that is revoked while it is being refreshed ends', async (t) => {
    const owner = await connectAsOwner(t, service.testDatabase)
    for (const revoke of [refresh, logout]) {
      const first = await signIn((await newUser()).email)
      const current = cookieOf(await refresh(first)).value
      const unlock = await lockToken(owner, current)
      const refreshing = refresh(current)
      await untilWaiting(owner, 1)
      const revoking = revoke(first)
      await unlock()
      const [refreshed] = await Promise.all([refreshing, revoking])
      // Whoever of the two came first: the token that was made meanwhile is revoked too.
      if (refreshed.status === 200) t.equal((await refresh(cookieOf(refreshed).value)).status, 401)
      else t.equal(refreshed.status, 401)
    }
  })

  t.test('an expired refresh token is refused', async (t) => {
    const owner = await connectAsOwner(t, service.testDatabase)
    const { email, id } = await newUser()
    const token = await signIn(email)
    await owner.query(`update refresh_tokens set expires_at = now() - interval '1 second' where user_id = $1`, [id])
    t.equal((await refresh(token)).status, 401)
    await signIn(email)
    const { rowCount } = await owner.query('select from refresh_tokens where user_id = $1', [id])
    t.equal(rowCount, 1, 'the next login clears expired ones away')
  })

  t.test('logging out ends the session and clears the cookie', async (t) => {
    const { email } = await newUser()
    const [token, elsewhere] = [await signIn(email), await signIn(email)]
    const answer = await logout(token)
    t.equal(answer.status, 200)
    t.strictSame(Object.keys(answer.body), ['message'])
    const cleared = cookieOf(answer)
    t.equal(cleared.value, '')
    t.equal(cleared['path'], '/api/v1/auth')
    t.ok(Number(cleared.expires) < Date.now())
    t.equal((await refresh(token)).status, 401)
    t.equal((await refresh(elsewhere)).status, 200)
  })

  t.test('logging out takes the tokens that came before along, and is always possible', async (t) => {
    const first = await signIn((await newUser()).email)
    const second = cookieOf(await refresh(first)).value
    t.equal((await logout(second)).status, 200)
    t.equal((await logout(second)).status, 200, 'twice')
    t.equal((await logout()).status, 200, 'without a session')
    t.equal((await logout('nonsense')).status, 200, 'with nonsense')
    t.equal((await refresh(first)).status, 401)
  })

  t.test('without a good cookie there is no refresh', async (t) => {
    const access = (await newUser()).token
    for (const cookie of [undefined, '', 'nonsense', access, '%00', 'x'.repeat(4000)]) {
      const answer = await refresh(cookie)
      t.equal(answer.status, 401, `the cookie ${cookie?.slice(0, 20)}`)
      t.equal(answer.body.code, 'invalid_refresh_token')
      t.ok(answer.headers['www-authenticate'], 'as RFC 9110 wants of every 401')
    }
  })

  t.test('a refresh token is no access token', async (t) => {
    const token = await signIn((await newUser()).email)
    t.equal((await service.request('GET', '/api/v1/auth/me', { token })).status, 401)
  })

  t.test('with an https address the cookie is for https only', async (t) => {
    const secure = await startOn(t, service.testDatabase, { PUBLIC_URL: 'https://signalbox.example.com' })
    const { email } = await newUser()
    const answer = await secure.request('POST', '/api/v1/auth/login', { body: { email, password: PASSWORD } })
    const cookie = cookieOf(answer, HOST_COOKIE)
    t.match(cookie, { secure: true, httpOnly: true, sameSite: 'Strict', path: '/' })
    t.notOk('domain' in cookie, 'for this host alone, which the prefix of its name wants')
    const plain = await startOn(t, service.testDatabase, { PUBLIC_URL: 'http://signalbox.example.com' })
    const other = await plain.request('POST', '/api/v1/auth/login', { body: { email, password: PASSWORD } })
    t.notOk(cookieOf(other).secure)
    t.equal((await refresh(cookie.value)).status, 200, 'sessions are good on every replica')
  })

  t.test('over https the cookie of the old name is read as long as its token is of the old form', async (t) => {
    const secure = await startOn(t, service.testDatabase, { PUBLIC_URL: 'https://signalbox.example.com' })
    const owner = await connectAsOwner(t, service.testDatabase)
    const { email } = await newUser()
    const call = (path: string, cookie: string) =>
      secure.request('POST', `/api/v1/auth/${path}`, { headers: { cookie } })

    const planted = await signIn(email)
    t.equal((await call('refresh', `${COOKIE}=${planted}`)).status, 401, 'another host may have set that one')

    const old = 'a'.repeat(43)
    const hashes = [planted, old].map((token) => createHash('sha256').update(token).digest('hex'))
    await owner.query('update refresh_tokens set token_hash = $2 where token_hash = $1', hashes)
    const refreshed = await call('refresh', `${COOKIE}=${old}`)
    t.equal(refreshed.status, 200)
    t.match(cookieOf(refreshed), { value: '', path: '/api/v1/auth' }, 'the old one is taken away')
    const { value } = cookieOf(refreshed, HOST_COOKIE)
    const next = await call('refresh', `${HOST_COOKIE}=${value}; ${COOKIE}=${old}`)
    t.equal(next.status, 200, 'the new one counts')
    const left = await call('logout', `${HOST_COOKIE}=${cookieOf(next, HOST_COOKIE).value}`)
    t.match(cookieOf(left, HOST_COOKIE), { value: '', path: '/', secure: true })
  })

  t.test('of the tokens of a session the last ones are remembered', async (t) => {
    const owner = await connectAsOwner(t, service.testDatabase)
    const { id, email } = await newUser()
    let token = await signIn(email)
    for (let i = 0; i < 40; i++) token = cookieOf(await refresh(token)).value
    const { rows } = await owner.query('select session_id from refresh_tokens where user_id = $1', [id])
    t.ok(rows.length <= 2 + 33, `${rows.length} are kept`)
    t.equal((await refresh(token)).status, 200)
  })
})

function sessions({ request }: TestService) {
  const withCookie =
    (path: string) =>
    (token?: string, headers: Record<string, string> = {}) =>
      request('POST', path, {
        headers: { ...headers, ...(token === undefined ? {} : { cookie: `${COOKIE}=${token}` }) },
      })
  return {
    /** @returns the refresh token of a new session */
    async signIn(email: string): Promise<string> {
      return cookieOf(await request('POST', '/api/v1/auth/login', { body: { email, password: PASSWORD } })).value
    },
    refresh: withCookie('/api/v1/auth/refresh'),
    logout: withCookie('/api/v1/auth/logout'),
  }
}

function cookieOf(answer: Answer, expected = COOKIE) {
  const cookie = answer.raw.cookies.find(({ name }) => name === expected)
  if (!cookie) throw new Error(`no refresh cookie in an answer with status ${answer.status}`)
  return cookie
}

/** Holds back whoever wants to use a refresh token. @returns a function that lets them go on */
async function lockToken(owner: Awaited<ReturnType<typeof connectAsOwner>>, token: string) {
  await owner.query('begin')
  const hash = createHash('sha256').update(token).digest('hex')
  const { rowCount } = await owner.query('select from refresh_tokens where token_hash = $1 for update', [hash])
  if (rowCount !== 1) throw new Error('no such refresh token')
  return () => owner.query('commit')
}
