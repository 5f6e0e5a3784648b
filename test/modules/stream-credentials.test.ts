import t, { type Test } from 'tap'
import { PASSWORD, startOn, startService, type TestService } from '../helpers/app.js'
import { startChat } from '../helpers/chat.js'
import { LiveView, refusal } from '../helpers/live-view.js'
import { listen } from '../helpers/network.js'
import { AUDIENCE, startProvider } from '../helpers/openid-provider.js'
import { claims, encode, sign } from '../helpers/tokens.js'
import { until } from '../helpers/wait-timeout.js'

const TICKETS = 'signalbox streams'
const now = () => Math.floor(Date.now() / 1000)

/** Two processes of the service on one database, and somebody's account with a run. */
async function newAccount(t: Test) {
  const service = await startService(t)
  const other = await startOn(t, service.testDatabase)
  const bases = [await listen(service), await listen(other)] as const
  const user = await service.newUser()
  return { service, other, bases, user, chat: await startChat(user) }
}

/** A person signs in: a session with an access token and a refresh token of its own. */
async function signIn(service: TestService, email: string) {
  const answer = await service.request('POST', '/api/v1/auth/login', { body: { email, password: PASSWORD } })
  return { token: String(answer.body.access_token), headers: { cookie: cookieOf(answer.headers) } }
}

const cookieOf = (headers: Record<string, unknown>) => String(headers['set-cookie']).split(';', 1)[0] ?? ''

async function ticketOf(service: TestService, token: string): Promise<string> {
  const { status, body } = await service.request('POST', '/api/v1/events/ticket', { token })
  if (status !== 200) throw new Error(`no ticket: ${status}`)
  return body.ticket
}

/** Streams on both processes, of the account and of a run, opened by token and by ticket. */
async function openAll(t: Test, { service, bases, chat }: Awaited<ReturnType<typeof newAccount>>, token: string) {
  const ticket = await ticketOf(service, token)
  return Promise.all([
    LiveView.open(t, bases[0], 'account', { token }),
    LiveView.open(t, bases[1], chat.id, { query: { token } }),
    LiveView.open(t, bases[0], chat.id, { query: { ticket } }),
    LiveView.open(t, bases[1], 'account', { query: { ticket } }),
  ])
}

t.test('a ticket opens streams and nothing else, soon expires, and stands in no line of the log', async (t) => {
  const { service, bases, user, chat } = await newAccount(t)
  const { body } = await service.request('POST', '/api/v1/events/ticket', { token: user.token })
  t.ok(body.expires_in <= 60)
  const query = { ticket: String(body.ticket) }
  const view = await LiveView.open(t, bases[0], 'account', { query })
  await LiveView.open(t, bases[1], chat.id, { query })
  await chat.post('step')
  await view.untilCount('message', 1)

  const elsewhere = {
    'in the header': await service.request('GET', '/api/v1/auth/me', { token: body.ticket }),
    'in the query': await service.request('GET', '/api/v1/auth/me', { query }),
    'for another ticket': await service.request('POST', '/api/v1/events/ticket', { token: body.ticket }),
    'for another ticket, in the query': await service.request('POST', '/api/v1/events/ticket', { query }),
  }
  for (const [place, { status }] of Object.entries(elsewhere)) t.equal(status, 401, place)
  const refused = {
    'a ticket as an access token': { query: { token: body.ticket } },
    'a ticket in the header': { token: body.ticket },
    'an access token as a ticket': { query: { ticket: user.token } },
    'an API key as a ticket': { query: { ticket: await user.newKey() } },
    'an empty one': { query: { ticket: '' } },
    'a good one beside a bad header': { query, token: 'nonsense' },
  }
  for (const [what, options] of Object.entries(refused)) {
    t.match(await refusal(bases[0], 'account', options), { status: 401, contentType: /problem\+json/ }, what)
  }
  t.equal((await refusal(bases[0], 'account', { query: { ...query, last_event_id: 'x' } })).status, 400)
  view.leave()
  await service.app.close()
  t.ok(service.logged.some((line) => line.includes('events/stream?ticket=[redacted]')))
  t.notOk(service.logged.some((line) => line.includes(body.ticket)))
})

t.test('a ticket that was made by hand is good only if the service could have made it', async (t) => {
  const { bases, user } = await newAccount(t)
  const ticket = (changes: Record<string, unknown> = {}, options: Parameters<typeof sign>[1] = {}) =>
    sign(claims(user, { aud: TICKETS, until: Date.now() + 60_000, exp: now() + 60, ...changes }), options)
  const view = await LiveView.open(t, bases[0], 'account', { query: { ticket: ticket() } })
  t.equal(view.ended, false, 'this one could be the service’s own')
  const bad = {
    expired: ticket({ exp: now() - 1 }),
    'without an end': ticket({ exp: undefined }),
    'without the end of the token': ticket({ until: undefined }),
    'for somebody else': ticket({ aud: 'signalbox' }),
    'of somebody else': ticket({ iss: 'else' }),
    'of nobody': ticket({ sub: undefined }),
    'by another algorithm': ticket({}, { alg: 'HS512' }),
    'by another secret': ticket({}, { secret: 'x'.repeat(32) }),
    unsigned: `${encode({ alg: 'none', typ: 'JWT' })}.${encode(claims(user, { aud: TICKETS, until: 1 }))}.`,
  }
  for (const [what, text] of Object.entries(bad)) {
    t.equal((await refusal(bases[0], 'account', { query: { ticket: text } })).status, 401, what)
  }
})

t.test('a ticket ends with the token that asked for it, a stream that it opened with the session', async (t) => {
  const { service, bases, user, chat } = await newAccount(t)
  const token = service.app.jwt.sign({ sub: user.id, sid: user.sessionId }, { expiresIn: 2 })
  const ticket = await ticketOf(service, token)
  const view = await LiveView.open(t, bases[1], 'account', { query: { ticket } })
  await until('the token to expire', async () => {
    return (await service.request('GET', '/api/v1/auth/me', { token })).status === 401
  })
  const late = await refusal(bases[1], 'account', { query: { ticket } })
  t.match(late, { status: 401, body: { code: 'token_expired' } }, 'the ticket itself would be good for longer')
  await chat.post('step')
  await view.untilCount('message', 1)
  t.equal(view.ended, false)
  t.equal((await user.call('DELETE', `/auth/sessions/${user.sessionId}`)).status, 204)
  await view.untilEnded()
  t.match(view.events.at(-1), { event: 'error', data: { event_type: 'error', error: /session has ended/ } })
})

t.test('a session that ends takes its streams along on both processes, and leaves those of others', async (t) => {
  const account = await newAccount(t)
  const { service, bases, user, chat } = account
  const others = await openAll(t, account, (await signIn(service, user.email)).token)
  const ways = {
    logout: async (headers: Record<string, string>) => {
      await service.request('POST', '/api/v1/auth/logout', { headers })
    },
    'a refresh token that comes back': async (headers: Record<string, string>) => {
      t.equal((await service.request('POST', '/api/v1/auth/refresh', { headers })).status, 200)
      t.equal((await service.request('POST', '/api/v1/auth/refresh', { headers })).status, 401)
    },
  }
  for (const [way, end] of Object.entries(ways)) {
    const { token, headers } = await signIn(service, user.email)
    const views = await openAll(t, account, token)
    const ticket = await ticketOf(service, token)
    await end(headers)
    for (const view of views) {
      await view.untilEnded()
      t.match(view.events.at(-1), { event: 'error', data: { error: /session has ended/ } }, way)
    }
    for (const options of [{ token }, { query: { ticket } }]) {
      for (const watched of ['account', chat.id]) {
        t.equal((await refusal(bases[1], watched, options)).status, 401, `${way}: nor can new ones be opened`)
      }
    }
  }
  await chat.post('after')
  for (const view of others) await view.untilCount('message', 1)
  t.ok(others.every(({ ended }) => !ended))
})

t.test('the tokens of one session from before and after a refresh watch on', async (t) => {
  const account = await newAccount(t)
  const { service, bases, user, chat } = account
  const { token, headers } = await signIn(service, user.email)
  const before = await LiveView.open(t, bases[0], 'account', { token })
  const refreshed = await service.request('POST', '/api/v1/auth/refresh', { headers })
  const after = await LiveView.open(t, bases[1], 'account', { token: refreshed.body.access_token })
  await chat.post('step')
  for (const view of [before, after]) await view.untilCount('message', 1)
  const cookie = cookieOf(refreshed.headers)
  await service.request('POST', '/api/v1/auth/logout', { headers: { cookie } })
  for (const view of [before, after]) await view.untilEnded()
  t.match(before.events.at(-1)?.data, { error: /session has ended/ })
})

t.test('an account that is deleted ends its streams on both processes', async (t) => {
  const account = await newAccount(t)
  const views = await openAll(t, account, account.user.token)
  t.equal((await account.user.call('DELETE', '/auth/me')).status, 200)
  for (const view of views) await view.untilEnded()
  t.equal((await refusal(account.bases[1], 'account', { token: account.user.token })).status, 401)
})

t.test(
  'an account that its owner takes over with an OpenID provider ends the streams of its old sessions',
  async (t) => {
    const provider = await startProvider(t)
    const settings = { OIDC_ISSUER: provider.issuer, OIDC_AUDIENCE: AUDIENCE }
    const service = await startService(t, settings)
    const other = await startOn(t, service.testDatabase, settings)
    const bases = [await listen(service), await listen(other)] as const
    const squatter = await service.newUser('victim@example.com')
    const chat = await startChat(squatter)
    const views = await openAll(t, { service, other, bases, user: squatter, chat }, squatter.token)
    const owned = { email: 'victim@example.com', email_verified: true }
    const token = await provider.sign(provider.rsa, 'victim', { claims: owned })
    const owner = await LiveView.open(t, bases[0], 'account', { token })
    for (const view of views) {
      await view.untilEnded()
      t.match(view.events.at(-1)?.data, { error: /session has ended/ })
    }
    const ticket = await ticketOf(service, token)
    const byTicket = await LiveView.open(t, bases[1], 'account', { query: { ticket } })
    await service.request('POST', `/api/v1/agent-instances/${chat.id}/messages`, { token, body: { content: 'mine' } })
    for (const view of [owner, byTicket]) await view.untilCount('message', 1)
    t.ok(!owner.ended && !byTicket.ended)
  },
)
