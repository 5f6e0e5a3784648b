import t, { type Test } from 'tap'
import { Database } from '../../db/client.js'
import { findChanges, PAGE, type Page } from '../../src/modules/account-log/pages.js'
import { startService } from '../helpers/app.js'
import { startChat } from '../helpers/chat.js'
import { connectAsOwner } from '../helpers/owner.js'
import { until } from '../helpers/wait-timeout.js'

const MIB = 1024 * 1024

async function newAccount(t: Test) {
  const service = await startService(t)
  const user = await service.newUser()
  const chat = await startChat(user)
  return { service, user, chat, tenant: service.database.tenant(user.id) }
}

type Account = Awaited<ReturnType<typeof newAccount>>

/** Reads the log to its end, as readers that catch up do. */
async function readAll({ tenant }: Account, instanceId?: string, limits = PAGE): Promise<Page[]> {
  const pages: Page[] = []
  for (let after = 0, more = true; more; ) {
    const page = await findChanges(tenant, after, instanceId, limits)
    if (!page) throw new Error('the account is gone')
    pages.push(page)
    ;({ upTo: after, more } = page)
  }
  return pages
}

const bytesOf = ({ changes }: Page) => Buffer.byteLength(JSON.stringify(changes))
const revisionsOf = (pages: Page[]) => pages.flatMap(({ changes }) => changes.map(({ revision }) => revision))

/** Messages as an older version may have stored them, with metadata that compresses to next to nothing. */
async function storeLargeMetadata(t: Test, { service, user, chat }: Account, count: number): Promise<void> {
  const owner = await connectAsOwner(t, service.testDatabase)
  await owner.query(
    `insert into messages (user_id, agent_instance_id, seq, id, sender_type, content, created_revision, revision,
       message_metadata)
     select $1, $2, 100 + n, gen_random_uuid(), 'AGENT', 'large', 100 + n, 100 + n,
       jsonb_build_object('a', repeat('x', ${MIB})) from generate_series(1, $3) n`,
    [user.id, chat.id, count],
  )
  await owner.query('update account_clocks set revision = 100 + $2 where user_id = $1', [user.id, count])
}

t.test('a page is bounded in bytes with everything that is in it, and the log is read to its end', async (t) => {
  const account = await newAccount(t)
  await storeLargeMetadata(t, account, 25)
  for (const instanceId of [undefined, account.chat.id]) {
    const pages = await readAll(account, instanceId)
    for (const page of pages) t.ok(bytesOf(page) <= PAGE.bytes + 2 * MIB, `${bytesOf(page)} bytes`)
    const revisions = revisionsOf(pages).filter((revision) => revision > 100)
    t.strictSame(
      revisions,
      Array.from({ length: 25 }, (_, i) => 101 + i),
    )
  }
})

t.test('of what lies behind the end of a page nothing is read', async (t) => {
  const account = await newAccount(t)
  await storeLargeMetadata(t, account, 40)
  const { service, user } = account
  const owner = await connectAsOwner(t, service.testDatabase)
  const chunksRead = async () => {
    await owner.query('select pg_stat_clear_snapshot()')
    const { rows } = await owner.query<{ read: string }>(
      `select idx_tup_fetch as read from pg_stat_all_tables
       where relid = (select reltoastrelid from pg_class where oid = 'messages'::regclass)`,
    )
    return Number(rows[0]?.read)
  }
  // A connection tells what it has read when it ends.
  const before = await chunksRead()
  const database = new Database({ url: service.testDatabase.serviceUrl, poolMax: 1 })
  t.equal((await findChanges(database.tenant(user.id), 50))?.changes.length, 1)
  await database.close()
  await until('it to be told', async () => (await chunksRead()) > before)
  const { rows } = await owner.query<{ chunks: string }>(
    `select count(*) as chunks from messages, generate_series(1, pg_column_size(message_metadata) / 1996 + 1) n
     where message_metadata is not null`,
  )
  t.ok((await chunksRead()) - before < Number(rows[0]?.chunks) / 5, 'far less than all of it')
})

t.test('of the diffs of many runs one large one makes a page, each is given once, as it is now', async (t) => {
  const account = await newAccount(t)
  const { user } = account
  const diffOf = (name: string, size: number) => `--- a/${name}\n+++ b/${name}\n@@ -1 +1 @@\n-a\n+${'b'.repeat(size)}\n`
  const chats = [await startChat(user), await startChat(user), await startChat(user), await startChat(user)]
  for (const [i, chat] of chats.entries()) {
    await chat.post('first', { git_diff: diffOf(`old${i}`, 10) })
    await chat.post('second', { git_diff: diffOf(`new${i}`, 3 * MIB) })
  }
  const pages = await readAll(account)
  for (const page of pages) t.ok(bytesOf(page) <= PAGE.bytes + 4 * MIB, `${bytesOf(page)} bytes`)
  const diffs = pages.flatMap(({ changes }) => changes.filter(({ kind }) => kind === 'git_diff_changed'))
  t.strictSame(
    diffs.map((diff) => diff.kind === 'git_diff_changed' && diff.gitDiff?.slice(6, 10)),
    ['new0', 'new1', 'new2', 'new3'],
  )
})

t.test('pages of any size give every change once, in order', async (t) => {
  const account = await newAccount(t)
  const { chat, user } = account
  const other = await startChat(user)
  for (let i = 0; i < 10; i++) {
    const { body } = await chat.post(`step ${i}`, { message_metadata: { i } })
    if (i % 3 === 0) await chat.requestInput(body.message_id)
    await other.write(`word ${i}`)
  }
  for (const instanceId of [undefined, chat.id, other.id]) {
    const whole = revisionsOf(await readAll(account, instanceId))
    for (const limits of [
      { changes: 1, bytes: MIB, revisions: 4096 },
      { changes: 500, bytes: 1, revisions: 4096 },
      { changes: 500, bytes: MIB, revisions: 1 },
      { changes: 3, bytes: 20, revisions: 7 },
    ]) {
      t.strictSame(revisionsOf(await readAll(account, instanceId, limits)), whole, JSON.stringify(limits))
    }
  }
})
