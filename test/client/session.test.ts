import { cookieSession, createSignalboxClient, type Fetch, unwrap } from 'signalbox/client'
import t from 'tap'
import { PASSWORD, startService } from '../helpers/app.js'
import { listen } from '../helpers/network.js'

const credentials = { email: 'ada@example.com', password: PASSWORD }

/** As much of a browser as the refresh cookie needs: it keeps the last one, and counts who asks for a refresh. */
function browser() {
  let cookie: string | undefined
  const refreshes: number[] = []
  const fetch: Fetch = async (request) => {
    if (cookie) request.headers.set('cookie', cookie)
    const response = await globalThis.fetch(request)
    for (const header of response.headers.getSetCookie()) cookie = header.split(';')[0]
    if (request.url.endsWith('/auth/refresh')) refreshes.push(response.status)
    return response
  }
  return { fetch, refreshes }
}

t.test('a session outlives its access token and a reload, with one refresh for all who wait', async (t) => {
  const { app } = await startService(t)
  const baseUrl = await listen({ app })
  const { fetch, refreshes } = browser()

  const session = cookieSession({ baseUrl, fetch })
  const client = createSignalboxClient({ baseUrl, fetch, token: session.token })
  const { user } = await unwrap(client.POST('/api/v1/auth/register', { body: credentials }))
  session.start('an.expired.token')
  const answers = await Promise.all([1, 2, 3].map(() => unwrap(client.GET('/api/v1/auth/me'))))
  t.strictSame(answers, [user, user, user])
  t.strictSame(refreshes, [200])

  const reloaded = cookieSession({ baseUrl, fetch })
  const afterReload = createSignalboxClient({ baseUrl, fetch, token: reloaded.token })
  t.strictSame(await Promise.all([1, 2].map(() => unwrap(afterReload.GET('/api/v1/auth/me')))), [user, user])
  t.strictSame(refreshes, [200, 200])
})

t.test('without a session the person is told to sign in, once, and requests go without credentials', async (t) => {
  const { app } = await startService(t)
  const baseUrl = await listen({ app })
  const { fetch, refreshes } = browser()
  let signedOut = 0
  const session = cookieSession({ baseUrl, fetch, onSignedOut: () => signedOut++ })
  const client = createSignalboxClient({ baseUrl, fetch, token: session.token })

  t.equal((await client.GET('/api/v1/auth/me')).error?.code, 'missing_credentials')
  t.equal((await client.GET('/api/v1/auth/me')).error?.code, 'missing_credentials')
  t.strictSame({ signedOut, refreshes }, { signedOut: 1, refreshes: [401] })

  const { access_token } = await unwrap(client.POST('/api/v1/auth/register', { body: credentials }))
  session.start(access_token)
  t.equal((await unwrap(client.GET('/api/v1/auth/me'))).email, credentials.email)

  await unwrap(client.POST('/api/v1/auth/logout'))
  session.end()
  t.equal((await client.GET('/api/v1/auth/me')).error?.code, 'missing_credentials')
  t.strictSame({ signedOut, refreshes }, { signedOut: 1, refreshes: [401] })
})

t.test('a service that is away does not end the session', async (t) => {
  const { app } = await startService(t)
  const baseUrl = await listen({ app })
  const { fetch } = browser()
  let away: 'no' | 'unreachable' | 'unavailable' = 'no'
  const shaky: Fetch = async (request) => {
    if (away === 'unreachable') throw new TypeError('fetch failed')
    return away === 'unavailable' ? new Response('', { status: 503 }) : fetch(request)
  }
  const session = cookieSession({ baseUrl, fetch: shaky, onSignedOut: () => t.fail('the session is not over') })
  const client = createSignalboxClient({ baseUrl, fetch: shaky, token: session.token })
  await unwrap(client.POST('/api/v1/auth/register', { body: credentials }))

  away = 'unreachable'
  await t.rejects(client.GET('/api/v1/auth/me'), TypeError)
  away = 'unavailable'
  await t.rejects(client.GET('/api/v1/auth/me'), { name: 'SignalboxError', status: 503 })
  away = 'no'
  t.equal((await unwrap(client.GET('/api/v1/auth/me'))).email, credentials.email)
})
