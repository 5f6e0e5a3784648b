import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import t, { type Test } from 'tap'
import { startService, type TestService, type TestUser } from '../helpers/app.js'
import { newInstance } from '../helpers/instances.js'
import { listen } from '../helpers/network.js'
import { AUDIENCE, startProvider } from '../helpers/openid-provider.js'
import { connectAsOwner } from '../helpers/owner.js'
import { until } from '../helpers/wait-timeout.js'

// biome-ignore lint/suspicious/noExplicitAny: the contract is JSON
type Json = any

interface Operation {
  readonly method: string
  readonly path: string
  readonly example: unknown
  readonly isForPeople: boolean
}

/** Every operation that needs credentials and takes a body, with an example of it, as they stand in the contract. */
function operationsWithBody(contract: Json): Operation[] {
  return Object.entries<Json>(contract.paths).flatMap(([path, methods]) =>
    Object.entries<Json>(methods)
      .filter(([, { requestBody, security }]) => requestBody && security.length > 0)
      .map(([method, { requestBody, security }]) => {
        const name =
          String(requestBody.content['application/json'].schema.$ref ?? '')
            .split('/')
            .at(-1) ?? ''
        const example = contract.components.schemas[name]?.examples?.[0] ?? {}
        const isForPeople = security.some((scheme: object) => 'userToken' in scheme)
        return { method: method.toUpperCase(), path, example, isForPeople }
      }),
  )
}

/** A request of which the headers and five bytes have arrived. */
interface HalfSent {
  readonly name: string
  /** Sends the rest. @returns the status of the answer */
  finish(): Promise<number>
}

async function sendHalf(base: string, operation: Operation, token: string, id: string): Promise<HalfSent> {
  const { hostname, port } = new URL(base)
  const body = JSON.stringify(operation.example).padEnd(16, ' ')
  const socket = connect(Number(port), hostname)
  socket.setEncoding('utf8')
  await once(socket, 'connect')
  const head = [
    `${operation.method} ${operation.path.replace(/\{\w+\}/g, id)} HTTP/1.1`,
    `host: ${hostname}`,
    `authorization: Bearer ${token}`,
    'content-type: application/json',
    'accept: application/json, text/event-stream',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ]
  socket.write(`${head.join('\r\n')}\r\n\r\n${body.slice(0, 5)}`)
  const finish = async () => {
    const answered = textOf(socket)
    socket.write(body.slice(5))
    return Number((await answered).match(/^HTTP\/1.1 (\d+)/)?.[1])
  }
  return { name: `${operation.method} ${operation.path}`, finish }
}

async function textOf(socket: Socket): Promise<string> {
  let text = ''
  for await (const chunk of socket) text += chunk
  return text
}

/** Counts look-ups of the wall that have come to their end. */
function countPassed({ services }: TestService) {
  let passed = 0
  const { tenant } = services.database
  services.database.tenant = function (userId, actor) {
    if (actor) passed += 1
    return tenant.call(this, userId, actor)
  }
  return () => passed
}

/** Has credentials end between the first bytes of each request and the rest. */
async function endMeanwhile(
  t: Test,
  service: TestService,
  operations: readonly Operation[],
  token: string,
  user: TestUser,
  end: () => Promise<void>,
) {
  const base = await listen(service)
  const owner = await connectAsOwner(t, service.testDatabase)
  const run = await newInstance(await user.newAgent())
  const passed = countPassed(service)
  const before = passed()
  const requests = await Promise.all(operations.map((operation) => sendHalf(base, operation, token, run)))
  await until('all of them to be past the wall', () => passed() - before >= requests.length)
  await end()
  const stored = await rows(owner)
  for (const { name, finish } of requests) t.equal(await finish(), 401, name)
  t.strictSame(await rows(owner), stored, 'nothing is stored')
}

async function rows(owner: Awaited<ReturnType<typeof connectAsOwner>>) {
  const tables = ['users', 'api_keys', 'user_agents', 'agent_instances', 'messages', 'webhooks', 'external_identities']
  const counts: Record<string, unknown> = {}
  for (const table of tables) {
    const { rows } = await owner.query(
      `select count(*)::int as rows, md5(string_agg(x::text, '' order by x::text)) from ${table} x`,
    )
    counts[table] = rows[0]
  }
  return counts
}

t.test('a key that is revoked while the body is on its way is no key any more', async (t) => {
  const service = await startService(t)
  const operations = operationsWithBody(service.app.swagger()).filter(({ isForPeople }) => !isForPeople)
  t.ok(operations.length >= 5, 'the operations were found')
  const user = await service.newUser()
  const { id, api_key } = (await user.call('POST', '/auth/api-keys', { name: 'leaked' })).body
  await endMeanwhile(t, service, operations, api_key, user, async () => {
    t.equal((await user.call('DELETE', `/auth/api-keys/${id}`)).status, 200)
  })
})

t.test('a session that is ended while the body is on its way lets nobody in any more', async (t) => {
  const service = await startService(t)
  const operations = operationsWithBody(service.app.swagger()).filter(({ isForPeople }) => isForPeople)
  t.ok(operations.length >= 14, 'the operations were found')
  const user = await service.newUser()
  const body = { email: user.email, password: user.password }
  const token = (await service.request('POST', '/api/v1/auth/login', { body })).body.access_token
  await endMeanwhile(t, service, operations, token, user, async () => {
    t.equal(
      (await user.call('PUT', '/auth/password', { current_password: user.password, new_password: 'another one' }))
        .status,
      204,
    )
  })
})

t.test('an account that its owner moves into while the body is on its way takes nothing more of others', async (t) => {
  const provider = await startProvider(t)
  const service = await startService(t, { OIDC_ISSUER: provider.issuer, OIDC_AUDIENCE: AUDIENCE })
  const operations = operationsWithBody(service.app.swagger())
  const user = await service.newUser('victim@example.com')
  const key = await user.newKey()
  const owned = { email: 'victim@example.com', email_verified: true }
  const ownersToken = await provider.sign(provider.rsa, 'victim', { claims: owned })
  const base = await listen(service)
  const owner = await connectAsOwner(t, service.testDatabase)
  const run = await newInstance(await user.newAgent())
  const passed = countPassed(service)
  const requests = await Promise.all(
    operations.map((operation) => sendHalf(base, operation, operation.isForPeople ? user.token : key, run)),
  )
  await until('all of them to be past the wall', () => passed() >= requests.length)
  t.equal((await service.request('GET', '/api/v1/auth/me', { token: ownersToken })).status, 200)
  await until('what was there before to be cleared away', async () => {
    return (await owner.query('select from takeovers')).rowCount === 0
  })
  const stored = await rows(owner)
  for (const { name, finish } of requests) t.equal(await finish(), 401, name)
  t.strictSame(await rows(owner), stored, 'nothing is stored')
})
