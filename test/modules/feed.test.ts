import t, { type Test } from 'tap'
import type { Change } from '../../src/modules/account-log/changes.js'
import { findChanges } from '../../src/modules/account-log/pages.js'
import { CatchUps } from '../../src/modules/events/catch-up.js'
import { Feed } from '../../src/modules/events/feed.js'
import { startService } from '../helpers/app.js'
import { startChat } from '../helpers/chat.js'
import { until } from '../helpers/wait-timeout.js'

/** Whatever it has to say is a failure. */
function catchUps(t: Test): CatchUps {
  const fail = (_: unknown, text: string) => t.fail(text)
  return new CatchUps({ warn: fail })
}

/** A feed that nothing tells of changes but the test, and the reconcile pass never looks after. */
async function newFeed(t: Parameters<typeof startService>[0]) {
  const { database, newUser } = await startService(t)
  const user = await newUser()
  const chat = await startChat(user)
  const tenant = database.tenant(user.id)
  const position = (await findChanges(tenant, 0))?.upTo ?? 0
  const feed = new Feed(tenant, position, catchUps(t))
  t.teardown(() => feed.close())
  const seen: number[] = []
  feed.add({ position, hasRoom: () => true, onChange: ({ revision }) => seen.push(revision), onEnd: () => {} })
  for (const content of ['one', 'two', 'three']) await chat.post(content)
  const changes: Change[] = (await findChanges(tenant, position))?.changes ?? []
  t.equal(changes.length, 3)
  return { feed, seen, changes, revisions: changes.map(({ revision }) => revision) }
}

t.test('what another process has announced is looked for, also when changes of this one come in between', async (t) => {
  const { feed, seen, changes, revisions } = await newFeed(t)
  feed.onHint(revisions[2] ?? 0)
  feed.onChanges(changes.slice(0, 1))
  await until('the others', () => seen.length === 3)
  t.strictSame(seen, revisions)
})

t.test('a hint that names no revision is followed as well', async (t) => {
  const { feed, seen, changes, revisions } = await newFeed(t)
  feed.onHint(Number.MAX_SAFE_INTEGER)
  feed.onChanges(changes.slice(0, 1))
  await until('the others', () => seen.length === 3)
  t.strictSame(seen, revisions)
})

t.test('changes that come out of order, twice, or with a gap are delivered in order, once', async (t) => {
  const { feed, seen, changes, revisions } = await newFeed(t)
  feed.onChanges(changes.slice(2))
  t.strictSame(seen, [], 'nothing goes ahead')
  feed.onChanges(changes.slice(0, 1))
  feed.onChanges(changes.slice(0, 1))
  await until('the one that nobody handed over', () => seen.length === 3)
  feed.readLog()
  feed.onChanges(changes)
  t.strictSame(seen, revisions)
})

t.test('who watches one run, and whose credential was revoked while it joined, is ended', async (t) => {
  const { database, newUser } = await startService(t)
  const user = await newUser()
  const chat = await startChat(user)
  const { body: key } = await user.call('POST', '/auth/api-keys', { name: 'k' })
  const tenant = database.tenant(user.id)
  const position = (await findChanges(tenant, 0))?.upTo ?? 0
  await user.call('DELETE', `/auth/api-keys/${key.id}`)
  const feed = new Feed(tenant, position + 1, catchUps(t))
  t.teardown(() => feed.close())
  const ends: string[] = []
  const rest = { position, instanceId: chat.id, hasRoom: () => true, onChange: () => {} }
  feed.add({ ...rest, credentialId: key.id, onEnd: (reason) => ends.push(reason) })
  await until('its end', () => ends.length > 0)
  t.strictSame(ends, ['revoked'])
})

t.test('who comes to have room while a change is being shown to others gets that change as well', async (t) => {
  const { database, newUser } = await startService(t)
  const user = await newUser()
  const chat = await startChat(user)
  const tenant = database.tenant(user.id)
  const position = (await findChanges(tenant, 0))?.upTo ?? 0
  const feed = new Feed(tenant, position, catchUps(t))
  t.teardown(() => feed.close())
  const seen: number[] = []
  let hasRoom = false
  const ofAccount = {
    position,
    hasRoom: () => hasRoom,
    onChange: ({ revision }: Change) => seen.push(revision),
    onEnd: () => {},
  }
  const ofRun = {
    ...{ position, instanceId: chat.id, hasRoom: () => true, onEnd: () => {} },
    onChange: () => {
      hasRoom = true
      feed.resume(ofAccount)
    },
  }
  feed.add(ofAccount)
  feed.add(ofRun)
  const change = (revision: number) =>
    ({ kind: 'status_changed', revision, at: new Date(), instanceId: chat.id, status: 'ACTIVE' }) as const
  feed.onChanges([change(position + 1)])
  feed.onChanges([change(position + 2)])
  hasRoom = false
  feed.onChanges([change(position + 3)])
  t.strictSame(seen, [position + 1, position + 2, position + 3])
})
