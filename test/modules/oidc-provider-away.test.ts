import t, { type Test } from 'tap'
import { startService } from '../helpers/app.js'
import { startChat } from '../helpers/chat.js'
import { LiveView } from '../helpers/live-view.js'
import { listen } from '../helpers/network.js'
import { AUDIENCE, newKey, startProvider, type TestProvider } from '../helpers/openid-provider.js'
import { until } from '../helpers/wait-timeout.js'

const away = { status: 503, headers: { 'retry-after': /^\d+$/ }, body: { code: 'unavailable' } }

async function start(t: Test, provider: TestProvider, dependencies: Parameters<typeof startService>[2] = {}) {
  const settings = { OIDC_ISSUER: provider.issuer, OIDC_AUDIENCE: AUDIENCE }
  const service = await startService(t, settings, dependencies)
  return { ...service, ask: (token: string) => service.request('GET', '/api/v1/auth/me', { token }) }
}

t.test('while the provider is away its people wait, others do not, and all is well when it is back', async (t) => {
  const provider = await startProvider(t)
  await provider.stop()
  const { ask, newUser } = await start(t, provider)
  const token = await provider.sign(provider.rsa, 'ada')
  const local = await newUser()
  t.match(await ask(token), away, 'the service has started without it')
  t.equal((await local.call('GET', '/auth/me')).status, 200)
  await provider.start()
  await until('the provider to be asked again', async () => (await ask(token)).status === 200)

  await provider.stop()
  t.equal((await ask(token)).status, 200, 'keys that are known still hold')
  await until('an unknown key to be looked for', async () => {
    const { status } = await ask(await provider.sign(provider.rsa, 'ada', { header: { kid: 'new' } }))
    return status === 503
  })
  t.equal((await ask(token)).status, 200, 'a failed look for keys does not lose those that are known')
})

t.test('a provider that does not answer as one is away', async (t) => {
  const provider = await startProvider(t)
  const { issuer, rsa } = provider
  const metadata = (fields: object) => ({ body: JSON.stringify({ issuer, jwks_uri: `${issuer}/jwks`, ...fields }) })
  const answers = {
    'an error': { status: 500, body: '{}' },
    'a redirect': { status: 302, location: `${issuer}/.well-known/openid-configuration?` },
    'no JSON': { body: '<html>' },
    'JSON without the fields': { body: '[]' },
    'the metadata of another issuer': metadata({ issuer: `${issuer}/` }),
    'keys on a host without https': metadata({ jwks_uri: 'http://keys.example.com/jwks' }),
    'keys in a file': metadata({ jwks_uri: 'file:///etc/passwd' }),
    'no keys where they should be': metadata({}),
    'an answer without end': { body: `{"issuer":"${issuer}","x":"${'x'.repeat(300_000)}"}` },
  }
  const token = await provider.sign(rsa, 'ada')
  for (const [name, answer] of Object.entries(answers)) {
    provider.answerWith(answer)
    const { ask } = await start(t, provider)
    t.match(await ask(token), away, name)
  }
})

t.test('neither made-up key ids nor an absent provider cause a request for each token', async (t) => {
  const provider = await startProvider(t)
  const { ask } = await start(t, provider)
  const flood = async () => {
    for (let i = 0; i < 40; i++) {
      await ask(
        await provider.sign(provider.ed, 'eve', { header: { kid: `made up ${provider.requests.length} ${i}` } }),
      )
    }
  }
  await flood()
  t.ok(provider.requests.length <= 6, `two requests for one look at the keys: ${provider.requests.length}`)

  provider.answerWith({ status: 500 })
  const other = await start(t, provider)
  const before = provider.requests.length
  const token = await provider.sign(provider.rsa, 'ada')
  const statuses = await Promise.all(Array.from({ length: 40 }, async () => (await other.ask(token)).status))
  for (let i = 0; i < 40; i++) statuses.push((await other.ask(token)).status)
  t.ok(statuses.every((status) => status === 503))
  const looks = provider.requests.length - before
  t.ok(looks <= 6, `a failed look is not repeated at once: ${looks}`)
})

t.test('a new key of the provider is found, and the one that it replaced is no longer good', async (t) => {
  const provider = await startProvider(t)
  const { ask } = await start(t, provider)
  const old = await provider.sign(provider.rsa, 'ada')
  const { body: ada } = await ask(old)
  const next = await newKey('next', 'RS256')
  provider.rotate(next)
  const token = await provider.sign(next, 'ada')
  await until('the new key to be found', async () => (await ask(token)).status === 200)
  t.equal((await ask(token)).body.id, ada.id)
  t.match(await ask(old), { status: 401, body: { code: 'invalid_token' } })
})

t.test('a live view outlives the token of the provider, and has to be opened anew after its lifetime', async (t) => {
  const provider = await startProvider(t)
  const service = await start(t, provider, { events: { streams: { lifetime: 6_000 } } })
  const base = await listen(service)
  const local = await service.newUser('ada@example.com')
  const chat = await startChat(local)
  const claims = { email: 'ada@example.com', email_verified: true }
  const link = await provider.sign(provider.rsa, 'ada', { claims })
  await local.call('PUT', '/auth/external-identity', { token: link })

  const expiry = Math.floor(Date.now() / 1000) + 2
  const short = await provider.sign(provider.rsa, 'ada', { claims: { exp: expiry } })
  const began = performance.now()
  const view = await LiveView.open(t, base, chat.id, { query: { token: short } })
  await view.untilEnded()
  t.match(view.named('error'), [{ error: /reconnect/ }])
  t.ok(performance.now() - began >= 5_900, 'which is long after the end of the token')
})
