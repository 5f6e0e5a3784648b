import t from 'tap'
import { type Call, startService } from '../helpers/app.js'
import { startChat } from '../helpers/chat.js'
import { connectAsOwner } from '../helpers/owner.js'

const PAGE_BYTES = 4 * 1024 * 1024

/** Follows the links of a list. @returns the pages: of each, the ids and how many bytes were sent */
async function walk(call: Call, path: string): Promise<{ ids: string[]; bytes: number }[]> {
  const pages: { ids: string[]; bytes: number }[] = []
  for (let next: string | undefined = path; next; ) {
    const { body, headers, raw } = await call('GET', next)
    pages.push({ ids: body.map(({ id }: { id: string }) => id), bytes: raw.rawPayload.length })
    next = /^<\/api\/v1([^>]+)>; rel="next"$/.exec(String(headers['link']))?.[1]
  }
  return pages
}

t.test('a page of deliveries ends when it is full of what receivers answered, and links to the rest', async (t) => {
  const { newUser, testDatabase } = await startService(t)
  const user = await newUser()
  const owner = await connectAsOwner(t, testDatabase)
  const { id } = (await user.call('POST', '/webhooks', { url: 'https://receiver.example', events: ['ping'] })).body
  const attempt = { attempted_at: '2026-01-05T10:00:00.000Z', response_status: 500, duration_ms: 1, error: null }
  const attempts = JSON.stringify([{ ...attempt, response_excerpt: 'x'.repeat(600_000) }])
  await owner.query(
    `with events as (
       insert into webhook_events (user_id, id, type, body)
       select $1, gen_random_uuid(), 'ping', '{}' from generate_series(1, 20) returning id)
     insert into webhook_deliveries (user_id, id, webhook_id, event_id, event_type, status, attempts)
     select $1, id, $2, id, 'ping', 'failed', $3 from events`,
    [user.id, id, attempts],
  )
  const pages = await walk(user.call, `/webhooks/${id}/deliveries?limit=200`)
  t.equal(new Set(pages.flatMap(({ ids }) => ids)).size, 20)
  t.strictSame(
    pages.map(({ ids }) => ids.length),
    [6, 6, 6, 2],
  )
  for (const { bytes } of pages) t.ok(bytes < PAGE_BYTES)
})

t.test('a page of user agents ends when it is full of their configuration', async (t) => {
  const { newUser, testDatabase } = await startService(t)
  const user = await newUser()
  const owner = await connectAsOwner(t, testDatabase)
  const config = JSON.stringify({ url: `https://receiver.example/${'x'.repeat(900_000)}` })
  await owner.query(
    `insert into user_agents (user_id, id, name, webhook_type, webhook_config)
     select $1, gen_random_uuid(), 'kind ' || n, 'DEFAULT', $2 from generate_series(1, 10) n`,
    [user.id, config],
  )
  const pages = await walk(user.call, '/user-agents?limit=9')
  t.equal(new Set(pages.flatMap(({ ids }) => ids)).size, 10)
  t.strictSame(
    pages.map(({ ids }) => ids.length),
    [4, 4, 2],
  )
})

t.test('lists of runs and overviews show the beginning of the last message', async (t) => {
  const { newUser } = await startService(t)
  const user = await newUser()
  const chat = await startChat(user)
  await chat.post('ä'.repeat(3000))
  const [run] = (await user.call('GET', '/agent-instances')).body
  t.equal(run.latest_message, 'ä'.repeat(500))
  const [type] = (await user.call('GET', '/agent-types')).body
  t.equal(type.recent_instances[0].latest_message, 'ä'.repeat(500))
})

t.test('who asks for no page gets up to 1,000 runs in any list, within the bytes of an answer', async (t) => {
  const { newUser, testDatabase } = await startService(t)
  const user = await newUser()
  const chat = await startChat(user)
  const { agent_type_id: type } = (await chat.detail()).body
  const owner = await connectAsOwner(t, testDatabase)
  await owner.query(
    `with runs as (
       insert into agent_instances (user_id, id, user_agent_id, status, message_count, last_activity_at)
       select $1, gen_random_uuid(), $2, 'PAUSED', 1, now() - make_interval(secs => n) from generate_series(1, 1059) n
       returning user_id, id), numbered as (select *, 1000 + row_number() over () as revision from runs)
     insert into messages (user_id, agent_instance_id, seq, id, sender_type, content, created_revision, revision)
     select user_id, id, 1, gen_random_uuid(), 'AGENT', $3, revision, revision from numbered`,
    [user.id, type, '🙂'.repeat(5_000)],
  )
  const lists = ['/agent-instances', `/agent-types/${type}/instances`, `/user-agents/${type}/instances`]
  for (const list of lists) {
    const pages = await walk(user.call, list)
    t.strictSame(
      pages.map(({ ids }) => ids.length),
      [1000, 50, 10],
      list,
    )
    t.equal(new Set(pages.flatMap(({ ids }) => ids)).size, 1060)
    t.equal(pages[0]?.ids[0], chat.id, 'the latest activity comes first')
    t.ok((pages[0]?.bytes ?? Infinity) < PAGE_BYTES)
    t.equal((await user.call('GET', `${list}?limit=200`)).body.length, 200)
    t.equal((await user.call('GET', `${list}?limit=201`)).status, 400)
  }
  const active = await user.call('GET', '/agent-instances?status=ACTIVE')
  t.strictSame([active.body.length, active.headers['link']], [1, undefined])
  const reader = await user.newAgent(['read'])
  t.equal((await reader('GET', '/agent-instances')).body.length, 1000)
})

t.test('the summary counts all runs, and names the first thousand kinds of agents', async (t) => {
  const { newUser, testDatabase } = await startService(t)
  const user = await newUser()
  const owner = await connectAsOwner(t, testDatabase)
  await owner.query(
    `with kinds as (
       insert into user_agents (user_id, id, name) select $1, gen_random_uuid(), 'kind ' || n
       from generate_series(1, 1100) n returning user_id, id)
     insert into agent_instances (user_id, id, user_agent_id) select user_id, gen_random_uuid(), id from kinds`,
    [user.id],
  )
  const { body } = await user.call('GET', '/agent-summary')
  t.equal(body.total_instances, 1100)
  t.equal(body.agent_types.length, 1000)
})
