import t from 'tap'
import { PASSWORD, startOn, startService, type TestService } from '../helpers/app.js'
import { startChat } from '../helpers/chat.js'
import { LiveView, refusal } from '../helpers/live-view.js'
import { listen } from '../helpers/network.js'
import { connectAsOwner } from '../helpers/owner.js'
import { until } from '../helpers/wait-timeout.js'

/** Two processes of the service on one database. */
async function start(t: Parameters<typeof startService>[0]) {
  const service = await startService(t)
  return { service, other: await startOn(t, service.testDatabase) }
}

/** A person signs in once more. */
async function signIn(
  { request }: TestService,
  email: string,
  headers: Record<string, string> = {},
  password = PASSWORD,
) {
  const answer = await request('POST', '/api/v1/auth/login', { body: { email, password }, headers })
  const token = String(answer.body.access_token)
  const cookie = String(answer.headers['set-cookie']).split(';', 1)[0] ?? ''
  const call = (method: 'GET' | 'PUT' | 'DELETE', path: string, body?: unknown) =>
    request(method, `/api/v1/auth/${path}`, { token, body })
  return { status: answer.status, token, headers: { cookie }, call, me: () => call('GET', 'me') }
}

t.test('a person sees where they are signed in', async (t) => {
  const { service } = await start(t)
  const user = await service.newUser()
  const browser = await signIn(service, user.email, { 'user-agent': `${'x'.repeat(300)}` })
  await signIn(service, (await service.newUser()).email)

  const { body: sessions } = await browser.call('GET', 'sessions')
  t.equal(sessions.length, 2, 'nobody else is among them')
  const [latest, first] = sessions
  t.strictSame(Object.keys(latest).sort(), ['address', 'created_at', 'id', 'is_current', 'last_used_at', 'user_agent'])
  t.match(latest, { is_current: true, address: '127.0.0.1', user_agent: 'x'.repeat(256) })
  t.match(first, { id: user.sessionId, is_current: false })

  const owner = await connectAsOwner(t, service.testDatabase)
  const lastUse = `update sessions set last_used_at = now() - interval '1 hour' where id = $1`
  await owner.query(lastUse, [user.sessionId])
  service.services.revocations.note(user.id)
  await user.call('GET', '/auth/me')
  const used = (await user.call('GET', '/auth/sessions')).body.find(({ id }: { id: string }) => id === user.sessionId)
  t.ok(Date.parse(used.last_used_at) > Date.now() - 600_000, 'an access token that is used shows')
})

t.test('a session that is ended stops at once, on every process, with its tokens and streams', async (t) => {
  const { service, other } = await start(t)
  const [base, elsewhere] = [await listen(service), await listen(other)]
  const user = await service.newUser()
  const { id: run } = await startChat(user)
  const lost = await signIn(service, user.email)
  const ticket = (await service.request('POST', '/api/v1/events/ticket', { token: lost.token })).body.ticket
  const views = [
    await LiveView.open(t, base, 'account', { token: lost.token }),
    await LiveView.open(t, elsewhere, run, { query: { ticket } }),
  ]
  const [{ id }] = (await lost.call('GET', 'sessions')).body

  t.equal((await user.call('DELETE', `/auth/sessions/${id}`)).status, 204)
  t.match(await lost.me(), { status: 401, body: { code: 'session_ended' } }, 'its access token')
  t.equal((await service.request('POST', '/api/v1/auth/refresh', { headers: lost.headers })).status, 401, 'its cookie')
  t.equal((await refusal(base, 'account', { query: { ticket } })).status, 401, 'its ticket')
  for (const view of views) await view.untilEnded()
  const began = performance.now()
  await until('the other process to refuse it', async () => {
    return (await other.request('GET', '/api/v1/auth/me', { token: lost.token })).status === 401
  })
  t.ok(performance.now() - began < 5_000)
  t.equal((await user.call('GET', '/auth/me')).status, 200, 'the others go on')
  t.equal((await user.call('DELETE', `/auth/sessions/${id}`)).status, 404, 'it is gone')
  const stranger = await service.newUser()
  t.equal((await stranger.call('DELETE', `/auth/sessions/${user.sessionId}`)).status, 404, "somebody else's")

  t.equal((await user.call('DELETE', '/auth/sessions')).status, 204)
  t.equal((await user.call('GET', '/auth/me')).status, 401, 'all sessions, this one included')
})

t.test('a new password ends every session but the one that set it', async (t) => {
  const { service } = await start(t)
  const base = await listen(service)
  const user = await service.newUser()
  const elsewhere = await signIn(service, user.email)
  const key = await user.newKey()
  const view = await LiveView.open(t, base, 'account', { token: elsewhere.token })
  const next = 'another horse battery'
  const change = (body: object) => user.call('PUT', '/auth/password', body)

  t.match(await change({ current_password: 'wrong', new_password: next }), {
    status: 403,
    body: { code: 'wrong_password' },
  })
  t.match(await change({ current_password: PASSWORD, new_password: 'short' }), {
    status: 400,
    body: { errors: [{ path: 'body.new_password' }] },
  })
  t.equal((await elsewhere.me()).status, 200, 'what is refused changes nothing')

  const changed = await change({ current_password: PASSWORD, new_password: next })
  t.equal(changed.status, 204)
  t.equal(changed.body, '')
  t.equal((await elsewhere.me()).status, 401)
  await view.untilEnded()
  t.equal((await user.call('GET', '/auth/me')).status, 200)
  t.equal((await service.request('GET', '/api/v1/auth/verify', { token: key })).status, 200, 'keys stay')
  t.equal((await signIn(service, user.email)).status, 401)
  t.equal((await signIn(service, user.email, {}, next)).status, 200)
})

t.test('an account has at most a hundred sessions: one more ends the one not used for longest', async (t) => {
  const { service } = await start(t)
  const user = await service.newUser()
  const owner = await connectAsOwner(t, service.testDatabase)
  await owner.query(
    `with made as (
       insert into sessions (user_id, id, last_used_at)
       select $1, gen_random_uuid(), now() + n * interval '1 s' from generate_series(1, 99) as n returning user_id, id)
     insert into refresh_tokens (user_id, id, session_id, token_hash, expires_at)
       select user_id, gen_random_uuid(), id, id::text, now() + interval '1 day' from made`,
    [user.id],
  )
  const latest = await signIn(service, user.email)
  t.equal((await latest.call('GET', 'sessions')).body.length, 100)
  t.match(await user.call('GET', '/auth/me'), { status: 401, body: { code: 'session_ended' } })
})

t.test('deleting an account takes its password, unless one has just signed in', async (t) => {
  const { service } = await start(t)
  const user = await service.newUser()
  const owner = await connectAsOwner(t, service.testDatabase)
  const age = async (sessionId: string, minutes: number) => {
    const sql = `update sessions set created_at = now() - $2 * interval '1 minute' where id = $1`
    await owner.query(sql, [sessionId, minutes])
    service.services.revocations.note(user.id)
  }
  await age(user.sessionId, 6)
  const refused = await user.call('DELETE', '/auth/me')
  t.match(refused, { status: 403, body: { code: 'reauthentication_required' } })
  t.type(refused.body.detail, 'string', 'which legacy clients show')
  t.match(await user.call('DELETE', '/auth/me', { password: 'wrong' }), { body: { code: 'wrong_password' } })
  t.equal((await user.call('GET', '/auth/me')).status, 200, 'it is still there')
  t.equal((await user.call('DELETE', '/auth/me', { password: PASSWORD })).status, 200)

  const fresh = await service.newUser()
  const headers = { 'content-type': 'application/json' }
  t.equal((await fresh.call('DELETE', '/auth/me', undefined, { headers })).status, 200, 'as legacy clients send it')
})
