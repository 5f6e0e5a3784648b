import t, { type Test } from 'tap'
import { type Call, startService, type TestService, type TestUser } from '../helpers/app.js'
import { newInstance } from '../helpers/instances.js'
import { connectAsOwner } from '../helpers/owner.js'
import { eventually } from '../helpers/wait-timeout.js'
import { type Receiver, startReceiver } from '../helpers/webhook-receiver.js'
import { ALLOW_LOOPBACK, QUICK, subscribe } from '../helpers/webhooks.js'

/** As many as one process reads at once. */
const HOGS = 4

interface Told {
  readonly user: TestUser
  readonly agent: Call
}

/** An account whose events a receiver is told of. */
async function newTold(service: TestService, receiver: Receiver): Promise<Told> {
  const user = await service.newUser()
  await subscribe(user, receiver, 'message.created')
  return { user, agent: await user.newAgent() }
}

/** A service with connections enough for all, accounts that are in the way, and one that is not to be held up. */
async function start(t: Test) {
  const webhooks = { ...QUICK, reconcileInterval: 600_000 }
  const service = await startService(t, ALLOW_LOOPBACK, { poolMax: 30, webhooks })
  const [theirs, mine] = [await startReceiver(t), await startReceiver(t)]
  const hogs: Told[] = []
  for (let n = 0; n < HOGS; n++) hogs.push(await newTold(service, theirs))
  return { service, theirs, mine, hogs, stranger: await newTold(service, mine) }
}

/** @returns waits until the service has been told so often that something happened in an account */
function hintsOf({ services }: TestService) {
  const counts = new Map<string, number>()
  services.events.subscribe(({ kind, userId }) => {
    if (kind === 'changed') counts.set(userId, (counts.get(userId) ?? 0) + 1)
  })
  const countOf = (userId: string) => counts.get(userId) ?? 0
  const beyond = (userId: string, count: number) => eventually(async () => countOf(userId) > count)
  return { countOf, beyond }
}

t.test('accounts that always have more to tell hold up no other', async (t) => {
  const { service, mine, hogs, stranger } = await start(t)
  const hints = hintsOf(service)
  const steps = new Map(hogs.map(({ user }) => [user.id, 0]))
  const { agentInstances } = service.services
  const list = agentInstances.listByIds.bind(agentInstances)
  let isOver = false
  // Whenever a step looks at new runs, there is one more, and the service knows.
  agentInstances.listByIds = async (tenant, ids) => {
    const hog = hogs.find(({ user }) => user.id === tenant.userId)
    if (hog && !isOver) {
      steps.set(hog.user.id, (steps.get(hog.user.id) ?? 0) + 1)
      const before = hints.countOf(hog.user.id)
      await newInstance(hog.agent)
      await hints.beyond(hog.user.id, before)
    }
    return list(tenant, ids)
  }
  try {
    await Promise.all(hogs.map(({ agent }) => newInstance(agent)))
    await eventually(async () => [...steps.values()].every((count) => count >= 2))
    await newInstance(stranger.agent, { content: 'mine' })
    const [told] = await mine.until(1)
    t.match(told?.body.data.message, { content: 'mine' })
    const soFar = [...steps.values()]
    await eventually(async () => [...steps.values()].every((count, index) => count > (soFar[index] ?? 0)))
    t.pass('and they go on')
  } finally {
    isOver = true
  }
})

t.test('accounts that another process is at hold up no other, and are looked at again', async (t) => {
  const { service, theirs, mine, hogs, stranger } = await start(t)
  const hints = hintsOf(service)
  const owner = await connectAsOwner(t, service.testDatabase)
  const ids = hogs.map(({ user }) => user.id)
  await owner.query('begin')
  const locked = await owner.query('select from webhook_cursors where user_id = any($1) for update', [ids])
  t.equal(locked.rowCount, HOGS)
  await Promise.all(hogs.map(({ agent }) => newInstance(agent)))
  for (const id of ids) await hints.beyond(id, 0)
  await newInstance(stranger.agent, { content: 'mine' })
  const [told] = await mine.until(1)
  t.match(told?.body.data.message, { content: 'mine' })
  t.strictSame(theirs.received, [])
  await owner.query('rollback')
  await theirs.until(HOGS)
})
