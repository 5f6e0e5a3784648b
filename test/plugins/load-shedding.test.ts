import Fastify, { type FastifyInstance } from 'fastify'
import t from 'tap'
import { errors } from '../../src/plugins/errors.js'
import { inFlight } from '../../src/plugins/in-flight.js'
import { loadShedding } from '../../src/plugins/load-shedding.js'
import { AnonymousLimit } from '../../src/rate-limits/anonymous-limit.js'
import { startService } from '../helpers/app.js'
import { until } from '../helpers/wait-timeout.js'

t.test('under pressure requests are refused before they cost anything, and the process counts as alive', async (t) => {
  const { request, logged } = await startService(t, {}, { pressure: { rss: 1 } })
  await until('the pressure to be noticed', async () => (await request('GET', '/')).status === 503)
  for (const [method, path] of [
    ['GET', '/ready'],
    ['GET', '/docs'],
    ['POST', '/api/v1/auth/login'],
    ['GET', '/api/v1/auth/me'],
    ['GET', '/api/v1/nothing'],
  ] as const) {
    const { status, body, headers } = await request(method, path)
    t.match(body, { status: 503, code: 'overloaded', detail: /too much/ }, path)
    t.equal(status, 503)
    t.match(headers, { 'content-type': /problem\+json/, 'retry-after': /^\d+$/, 'x-request-id': /./ })
  }
  t.match(await request('GET', '/health'), { status: 200, body: { status: 'healthy' } })

  const lines = logged.map((line) => JSON.parse(line))
  t.equal(lines.filter(({ msg }) => /overloaded/.test(msg)).length, 1, 'one warning for all of them')
  t.match(
    lines.find(({ msg }) => /overloaded/.test(msg)),
    { measure: 'rssBytes', limits: { rss: 1 } },
  )
  t.notOk(
    lines.some(({ level }) => level >= 50),
    'it is no error of the service',
  )
})

t.test('each measure counts: memory, the heap, and how late the event loop is', async (t) => {
  for (const pressure of [{ heapUsed: 1 }, { rss: 1 }, { eventLoopDelay: 20 }]) {
    const app = Fastify()
    t.teardown(() => app.close())
    await registerErrors(app)
    await app.register(loadShedding, { changes: pressure })
    app.get('/', async () => 'fine')
    t.equal((await app.inject('/')).statusCode, 200, 'nothing has been measured yet')
    await until(`${JSON.stringify(pressure)} to be passed`, async () => {
      block(100)
      return (await app.inject('/')).statusCode === 503
    })
  }
})

t.test('a slow start is no pressure', async (t) => {
  const app = Fastify()
  t.teardown(() => app.close())
  await registerErrors(app)
  await app.register(loadShedding, { changes: { eventLoopDelay: 100 } })
  app.get('/', async () => 'fine')
  // Longer than the interval between two looks: nothing else is in what is measured.
  await app.register(async () => block(1_200))
  await app.ready()
  let measured = false
  await until('a look at it', async () => {
    t.equal((await app.inject('/')).statusCode, 200)
    measured ||= app.isUnderPressure()
    return measured && !app.isUnderPressure()
  })
})

t.test('it is over when it is over', async (t) => {
  const app = Fastify()
  t.teardown(() => app.close())
  await registerErrors(app)
  await app.register(loadShedding, { changes: { eventLoopDelay: 300 } })
  app.get('/', async () => 'fine')
  await until('pressure', async () => {
    block(500)
    return (await app.inject('/')).statusCode === 503
  })
  await until('relief', async () => (await app.inject('/')).statusCode === 200)
  t.equal(app.isUnderPressure(), false)
})

t.test('an idle or merely busy service is not under pressure', async (t) => {
  const { app, request, newUser } = await startService(t, {}, { pressure: {} })
  const { token } = await newUser()
  const statuses = new Set<number>()
  for (const end = Date.now() + 2_500; Date.now() < end; ) {
    const answers = await Promise.all(Array.from({ length: 64 }, () => request('GET', '/api/v1/auth/me', { token })))
    for (const { status } of answers) statuses.add(status)
  }
  t.strictSame([...statuses], [200])
  t.equal(app.isUnderPressure(), false)
})

t.test('its timer does not keep the process alive', async (t) => {
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
  const before = timers()
  const app = Fastify()
  t.teardown(() => app.close())
  await registerErrors(app)
  await app.register(loadShedding, { changes: {} })
  await app.ready()
  t.ok(timers() <= before)
})

/** Keeps the event loop from turning. */
function block(milliseconds: number): void {
  for (const end = performance.now() + milliseconds; performance.now() < end; );
}

/** What load shedding needs. */
async function registerErrors(app: FastifyInstance): Promise<void> {
  await app.register(inFlight)
  await app.register(errors, { anonymousLimit: new AnonymousLimit(0) })
}
