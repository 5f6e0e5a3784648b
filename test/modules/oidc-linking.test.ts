import { createHash } from 'node:crypto'
import t, { type Test } from 'tap'
import { insertIdentity, lockIdentity } from '../../src/modules/oidc/queries.js'
import { startService } from '../helpers/app.js'
import { AUDIENCE, startProvider } from '../helpers/openid-provider.js'
import { connectAsOwner } from '../helpers/owner.js'
import { superuser } from '../helpers/superuser.js'
import { until } from '../helpers/wait-timeout.js'

async function start(t: Test) {
  const provider = await startProvider(t)
  const service = await startService(t, { OIDC_ISSUER: provider.issuer, OIDC_AUDIENCE: AUDIENCE })
  const tokenOf = (subject: string, claims: Record<string, unknown> = {}) =>
    provider.sign(provider.rsa, subject, { claims })
  const me = async (token: string) => (await service.request('GET', '/api/v1/auth/me', { token })).body
  return { ...service, provider, tokenOf, me }
}

t.test('a verified address leads to the account that has it, and ends every other way into that account', async (t) => {
  const { newUser, request, tokenOf, me, testDatabase } = await start(t)
  const squatter = await newUser('victim@example.com')
  const key = await squatter.newKey()
  const login = { email: squatter.email, password: squatter.password }
  const signedIn = await request('POST', '/api/v1/auth/login', { body: login })
  const cookie = String(signedIn.headers['set-cookie']).split(';', 1)[0] ?? ''

  const token = await tokenOf('victim', { email: 'Victim@Example.com', email_verified: true })
  const seen = await Promise.all(Array.from({ length: 8 }, () => me(token)))
  for (const victim of seen) t.match(victim, { id: squatter.id, email: 'victim@example.com' })

  const otherWays = {
    'the access token': await request('GET', '/api/v1/auth/me', { token: squatter.token }),
    'the password': await request('POST', '/api/v1/auth/login', { body: login }),
    'the session': await request('POST', '/api/v1/auth/refresh', { headers: { cookie } }),
    'the API key': await request('GET', '/api/v1/auth/verify', { token: key }),
  }
  for (const [way, answer] of Object.entries(otherWays)) t.equal(answer.status, 401, `${way} is good for nothing now`)
  const owner = await connectAsOwner(t, testDatabase)
  t.equal((await owner.query('select from external_identities')).rowCount, 1)
})

t.test('an address that the provider has not verified is not taken over', async (t) => {
  const { newUser, tokenOf, me } = await start(t)
  for (const [i, email_verified] of [false, undefined, 'true', 1].entries()) {
    const email = `claimed-${i}@example.com`
    const claims = email_verified === undefined ? { email } : { email, email_verified }
    t.match((await me(await tokenOf(`eve ${i}`, claims))).email, /@no-address\.invalid$/)
    t.equal((await newUser(email)).email, email, 'its owner can still register it')
  }
})

t.test('two people of the provider with one address are two people, and the first one has it', async (t) => {
  const { tokenOf, me } = await start(t)
  const claims = { email: 'shared@example.com', email_verified: true }
  const first = await me(await tokenOf('first', claims))
  const second = await me(await tokenOf('second', claims))
  t.equal(first.email, 'shared@example.com')
  t.not(second.id, first.id)
  t.match(second.email, /@no-address\.invalid$/)
})

t.test('claims that cannot be stored as they are do not keep anybody out', async (t) => {
  const { tokenOf, me } = await start(t)
  const odd: Record<string, unknown>[] = [
    { email: 'a\0@example.com', email_verified: true, name: 'a\0b' },
    { email: `${'x'.repeat(250)}@example.com`, email_verified: true, name: 'x'.repeat(256) },
    { email: ['a@example.com'], email_verified: true, name: { first: 'Ada' } },
    { email: 'no address', email_verified: true, name: '   ' },
  ]
  for (const [i, claims] of odd.entries()) {
    const user = await me(await tokenOf(`odd ${i}`, claims))
    t.match(user, { display_name: null, email: /@no-address\.invalid$/ })
  }
})

t.test('who is signed in to an account can link an identity with the same, verified address', async (t) => {
  const { newUser, request, tokenOf, me } = await start(t)
  const local = await newUser('ada@example.com')
  const verified = { email: 'Ada@example.com', email_verified: true }
  const link = (token: string) => local.call('PUT', '/auth/external-identity', { token })
  const refused = { status: 403, body: { code: 'email_not_verified' } }
  t.match(await link(await tokenOf('ada', { email: 'ada@example.com' })), refused, 'not verified')
  t.match(await link(await tokenOf('ada', { email: 'eve@example.com', email_verified: true })), refused, 'another one')
  t.match(await link(await tokenOf('ada')), refused, 'none at all')
  t.match(await link(await tokenOf('ada', { ...verified, aud: 'x' })), {
    status: 400,
    body: { code: 'invalid_request', errors: [{ path: 'body.token' }] },
  })

  const token = await tokenOf('ada', verified)
  t.equal((await link(token)).status, 200)
  t.equal((await link(token)).status, 200, 'once more changes nothing')
  t.strictSame(await me(token), await me(local.token), 'from then on both are the same account')
  const login = { email: local.email, password: local.password }
  t.equal((await request('POST', '/api/v1/auth/login', { body: login })).status, 200, 'the password stays')
})

t.test('an identity that has an account of its own can be linked once that one is deleted', async (t) => {
  const { newUser, request, tokenOf, me } = await start(t)
  const verified = { email: 'ada@example.com', email_verified: true }
  const own = await me(await tokenOf('ada'))
  const local = await newUser('ada@example.com')
  const token = await tokenOf('ada', verified)
  const link = () => local.call('PUT', '/auth/external-identity', { token })
  t.match(await link(), { status: 409, body: { code: 'identity_in_use' } })
  t.equal((await me(token)).id, own.id)
  const signedIn = await tokenOf('ada', { auth_time: Math.floor(Date.now() / 1000) })
  t.equal((await request('DELETE', '/api/v1/auth/me', { token: signedIn })).status, 200)
  t.equal((await link()).status, 200)
  t.equal((await me(token)).id, local.id)
})

t.test('a first request that comes while the identity is being linked waits, and finds the account', async (t) => {
  const { newUser, tokenOf, me, provider, database, testDatabase } = await start(t)
  const local = await newUser('ada@example.com')
  const token = await tokenOf('ada', { email: 'ada@example.com', email_verified: true })
  const admin = await superuser(t, testDatabase)
  const hash = createHash('sha256')
    .update(JSON.stringify([provider.issuer, 'ada']))
    .digest('hex')
  const identity = { issuer: provider.issuer, subject: 'ada', hash }

  const seen = await database.tenant(local.id).transaction(async (trx) => {
    await lockIdentity(trx, identity)
    const request = me(token)
    await until('the request to wait', async () => {
      const waiting = `select from pg_locks where locktype = 'advisory' and not granted
        and database = (select oid from pg_database where datname = current_database())`
      return (await admin.query(waiting)).rowCount === 1
    })
    await insertIdentity(trx, identity)
    return { request }
  })
  t.equal((await seen.request).id, local.id)
})

t.test('linking and first sight at the same moment lead to the same account', async (t) => {
  const { newUser, tokenOf, me } = await start(t)
  const local = await newUser('ada@example.com')
  const token = await tokenOf('ada', { email: 'ada@example.com', email_verified: true })
  const [linked, ...seen] = await Promise.all([
    local.call('PUT', '/auth/external-identity', { token }),
    ...Array.from({ length: 8 }, () => me(token)),
  ])
  t.ok(linked?.status === 200 || linked?.status === 401, 'in time, or too late for the old way in')
  t.strictSame([...new Set(seen.map(({ id }) => id))], [local.id])
})

t.test('without a provider there is nothing to link', async (t) => {
  const { newUser } = await startService(t)
  const user = await newUser()
  t.match(await user.call('PUT', '/auth/external-identity', { token: 'x' }), {
    status: 403,
    body: { code: 'external_identities_off' },
  })
})
