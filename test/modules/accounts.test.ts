import { randomUUID } from 'node:crypto'
import t from 'tap'
import { type Answer, PASSWORD, startOn, startService } from '../helpers/app.js'
import { fillRareTables } from '../helpers/everything.js'
import { newInstance } from '../helpers/instances.js'
import { connectAsOwner } from '../helpers/owner.js'

const register = '/api/v1/auth/register'
const login = '/api/v1/auth/login'
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

/** Every table with rows of somebody's. */
const tables = [
  'users',
  'sessions',
  'refresh_tokens',
  'takeovers',
  'account_clocks',
  'account_events',
  'api_keys',
  'user_agents',
  'agent_instances',
  'messages',
  'idempotency_keys',
  'external_identities',
  'webhooks',
  'webhook_cursors',
  'webhook_events',
  'webhook_deliveries',
  'answer_callbacks',
]

t.test('accounts', async (t) => {
  const service = await startService(t)
  const { request, newUser } = service

  t.test('registering creates an account and signs in', async (t) => {
    const body = { email: 'Ada@Example.com', password: PASSWORD, display_name: 'Ada' }
    const answer = await request('POST', register, { body })
    t.equal(answer.status, 201)
    t.strictSame(Object.keys(answer.body).sort(), ['access_token', 'expires_in', 'token_type', 'user'])
    t.equal(answer.body.token_type, 'Bearer')
    t.equal(answer.body.expires_in, 900)
    const { user } = answer.body
    t.strictSame(Object.keys(user).sort(), ['created_at', 'display_name', 'email', 'id'])
    t.match(user.id, UUID)
    t.match(user.created_at, TIME)
    t.equal(user.email, 'ada@example.com')
    t.equal(user.display_name, 'Ada')
    const me = await request('GET', '/api/v1/auth/me', { token: answer.body.access_token })
    t.strictSame(me.body, user)
  })

  t.test('a display name may be left out', async (t) => {
    const answer = await request('POST', register, { body: { email: 'nameless@example.com', password: PASSWORD } })
    t.equal(answer.body.user.display_name, null)
  })

  t.test('an e-mail address is taken whatever the case it is written in', async (t) => {
    const { email } = await newUser('taken@example.com')
    for (const variant of [email, 'TAKEN@example.com', 'Taken@Example.COM']) {
      const answer = await request('POST', register, { body: { email: variant, password: 'another password' } })
      t.equal(answer.status, 409, variant)
      t.equal(answer.body.code, 'email_taken', variant)
      t.notOk(answer.headers['set-cookie'], 'nobody is signed in')
    }
    const still = await request('POST', login, { body: { email, password: PASSWORD } })
    t.equal(still.status, 200, 'the account keeps its password')
  })

  t.test('of those who register one address at the same time, one gets it', async (t) => {
    const answers = await Promise.all(
      ['a', 'b', 'c', 'd'].map((display_name) =>
        request('POST', register, { body: { email: 'race@example.com', password: PASSWORD, display_name } }),
      ),
    )
    t.strictSame(answers.map(({ status }) => status).sort(), [201, 409, 409, 409])
  })

  t.test('logging in takes the address in any case', async (t) => {
    const user = await newUser('Mixed@Example.com')
    for (const email of ['mixed@example.com', 'MIXED@EXAMPLE.COM']) {
      const answer = await request('POST', login, { body: { email, password: PASSWORD } })
      t.equal(answer.status, 200)
      t.equal(answer.body.user.id, user.id)
      t.notMatch(JSON.stringify(answer.body), /password|argon2/, 'no hash comes along')
    }
  })

  t.test('the password counts exactly', async (t) => {
    const { email } = await newUser()
    for (const password of [PASSWORD.toUpperCase(), `${PASSWORD} `, PASSWORD.slice(0, -1)]) {
      t.equal((await request('POST', login, { body: { email, password } })).status, 401)
    }
  })

  t.test('an unknown address and a wrong password get the same answer', async (t) => {
    const { email } = await newUser()
    const wrong = await request('POST', login, { body: { email, password: 'not the password' } })
    const unknown = await request('POST', login, { body: { email: 'nobody@example.com', password: PASSWORD } })
    t.equal(wrong.status, 401)
    t.equal(wrong.body.code, 'invalid_credentials')
    t.strictSame(withoutRequestId(unknown), withoutRequestId(wrong))
    t.equal(unknown.status, wrong.status)
    t.strictSame(Object.keys(unknown.headers).sort(), Object.keys(wrong.headers).sort())
  })

  t.test('bad registrations are refused, naming the field', async (t) => {
    const good = { email: 'new@example.com', password: PASSWORD }
    const cases: [Record<string, unknown>, string][] = [
      [{ password: PASSWORD }, 'body.email'],
      [{ email: 'new@example.com' }, 'body.password'],
      [{ ...good, email: 'not an address' }, 'body.email'],
      [{ ...good, email: `${'a'.repeat(250)}@example.com` }, 'body.email'],
      [{ ...good, email: 7 }, 'body.email'],
      [{ ...good, password: 'short' }, 'body.password'],
      [{ ...good, password: 'x'.repeat(201) }, 'body.password'],
      [{ ...good, password: 'with a \0 in it' }, 'body.password'],
      [{ ...good, display_name: '' }, 'body.display_name'],
      [{ ...good, display_name: 'x'.repeat(256) }, 'body.display_name'],
      [{ ...good, is_admin: true }, 'body.is_admin'],
    ]
    for (const [body, path] of cases) {
      const answer = await request('POST', register, { body })
      t.equal(answer.status, 400, path)
      t.equal(answer.body.errors?.[0]?.path, path)
    }
    const unknownAtLogin = await request('POST', login, { body: { ...good, remember: true } })
    t.equal(unknownAtLogin.body.errors[0].path, 'body.remember')
  })

  t.test('the display name can be changed, removed and left alone', async (t) => {
    const { call } = await newUser()
    t.equal((await call('PATCH', '/auth/me', { display_name: 'Ada L.' })).body.display_name, 'Ada L.')
    t.equal((await call('PATCH', '/auth/me', {})).body.display_name, 'Ada L.')
    t.equal((await call('PATCH', '/auth/me', { display_name: null })).body.display_name, null)
    t.equal((await call('GET', '/auth/me')).body.display_name, null)
  })

  t.test('nothing but the display name can be changed through the profile', async (t) => {
    const { call, id, email } = await newUser()
    const patch = { display_name: 'X', id: randomUUID(), email: 'new-address@example.com', password_hash: 'x' }
    const answer = await call('PATCH', '/auth/me', patch)
    t.equal(answer.status, 200, 'legacy clients may send extras')
    t.equal(answer.body.id, id)
    t.equal(answer.body.email, email)
    t.equal((await request('POST', login, { body: { email, password: PASSWORD } })).status, 200)
  })

  t.test('the session is the profile, and there is none without credentials', async (t) => {
    const { call } = await newUser()
    t.strictSame((await call('GET', '/auth/session')).body, (await call('GET', '/auth/me')).body)
    t.equal((await request('GET', '/api/v1/auth/session')).status, 401)
  })

  t.test('syncing sets the display name of nobody but the caller', async (t) => {
    const [ada, bob] = [await newUser(), await newUser()]
    const synced = await ada.call('POST', '/auth/sync-user', {
      id: ada.id.toUpperCase(),
      email: 'other@example.com',
      display_name: 'Ada',
    })
    t.equal(synced.status, 200)
    t.strictSame(Object.keys(synced.body), ['message'])
    const { body: profile } = await ada.call('GET', '/auth/me')
    t.equal(profile.display_name, 'Ada')
    t.equal(profile.email, ada.email, 'the address stays')

    for (const id of [bob.id, randomUUID()]) {
      const refused = await ada.call('POST', '/auth/sync-user', { id, email: ada.email, display_name: 'Mallory' })
      t.equal(refused.status, 403)
      t.equal(refused.body.code, 'not_your_account')
    }
    t.equal((await bob.call('GET', '/auth/me')).body.display_name, null)
    await ada.call('POST', '/auth/sync-user', { id: ada.id, display_name: null })
    t.equal((await ada.call('GET', '/auth/me')).body.display_name, 'Ada', 'null says nothing')
  })

  t.test('deleting the account takes everything it owns along, and nothing else', async (t) => {
    const owner = await connectAsOwner(t, service.testDatabase)
    // The cleanup of takeovers finds none.
    await owner.query('drop policy errands on takeovers')
    const [leaving, staying] = [await newUser(), await newUser()]
    for (const user of [leaving, staying]) {
      await newInstance(await user.newAgent())
      await fillRareTables(service, user)
    }
    const key = await leaving.newKey()
    const rowsOf = async (userId: string) => {
      const counts: number[] = []
      for (const table of tables) {
        const column = table === 'users' ? 'id' : 'user_id'
        const { rowCount } = await owner.query(`select from ${table} where ${column} = $1`, [userId])
        counts.push(rowCount ?? 0)
      }
      return counts
    }
    const before = await rowsOf(staying.id)
    t.ok(
      (await rowsOf(leaving.id)).every((count) => count > 0),
      'there is something to delete in each table',
    )

    const deleted = await leaving.call('DELETE', '/auth/me', undefined, {
      headers: { 'content-type': 'application/json' },
    })
    t.equal(deleted.status, 200)
    t.strictSame(Object.keys(deleted.body), ['message'])
    t.strictSame(
      await rowsOf(leaving.id),
      tables.map(() => 0),
    )
    t.strictSame(await rowsOf(staying.id), before)

    const { email, password } = leaving
    t.equal((await request('POST', login, { body: { email, password } })).status, 401)
    t.equal((await request('GET', '/api/v1/auth/verify', { token: key })).status, 401)
    t.equal((await leaving.call('DELETE', '/auth/me')).status, 401, 'it is gone already')
    t.equal((await newUser(email)).email, email, 'the address is free again')
  })

  t.test('every table that belongs to a tenant is in the list above', async (t) => {
    const owner = await connectAsOwner(t, service.testDatabase)
    const { rows } = await owner.query<{ name: string }>(
      `select relname as name from pg_class
         where relrowsecurity and relnamespace = 'public'::regnamespace order by relname`,
    )
    t.strictSame(
      rows.map(({ name }) => name),
      tables.toSorted(),
    )
  })
})

t.test('nobody registers where registration is closed, but accounts go on working', async (t) => {
  const open = await startService(t)
  const { email } = await open.newUser()
  const { request } = await startOn(t, open.testDatabase, { REGISTRATION: 'closed' })
  for (const address of ['new@example.com', email]) {
    const refused = await request('POST', register, { body: { email: address, password: PASSWORD } })
    t.equal(refused.status, 403, 'whether or not the address is taken')
    t.equal(refused.body.code, 'registration_closed')
  }
  t.equal((await request('POST', login, { body: { email, password: PASSWORD } })).status, 200)
})

function withoutRequestId({ body: { request_id: _, ...rest } }: Answer) {
  return rest
}
