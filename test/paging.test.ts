import { randomUUID } from 'node:crypto'
import t from 'tap'
import { type Call, startService } from './helpers/app.js'
import { newInstance } from './helpers/instances.js'
import { connectAsOwner } from './helpers/owner.js'

const cursorOf = (text: string) => Buffer.from(text).toString('base64url')

t.test('lists', async (t) => {
  const { newUser, testDatabase } = await startService(t)
  const user = await newUser()
  const agent = await user.newAgent(['agent', 'read'])
  const runs: string[] = []
  for (let index = 0; index < 7; index++) runs.push(await newInstance(agent))
  for (const name of ['a', 'b', 'c', 'd']) await user.call('POST', '/user-agents', { name })
  for (let index = 0; index < 4; index++) await user.newKey()
  await newInstance(await (await newUser()).newAgent())
  const { body: agents } = await user.call('GET', '/user-agents')
  const busy = agents.find(({ name }: { name: string }) => name === 'claude code').id
  const lists: Record<string, number> = {
    '/auth/api-keys': 5,
    '/user-agents': 5,
    '/agent-types': 5,
    '/agent-instances': 7,
    '/agent-instances?status=ACTIVE&q=claude%20c&scope=me': 7,
    [`/agent-instances?agent_type_id=${busy}`]: 7,
    [`/agent-types/${busy}/instances`]: 7,
    [`/user-agents/${busy}/instances`]: 7,
  }
  const paths = Object.keys(lists)

  t.test('following the Link header meets each item exactly once, in order', async (t) => {
    for (const [path, count] of Object.entries(lists)) {
      const whole = idsOf((await user.call('GET', path)).body)
      t.equal(whole.length, count, path)
      const pages = await walk(user.call, path, 2)
      t.strictSame(pages.flat(), whole, path)
      t.strictSame(
        pages.slice(0, -1).map(({ length }) => length),
        Array.from({ length: Math.ceil(count / 2) - 1 }, () => 2),
      )
    }
  })

  t.test('also where everything happened in the same millisecond', async (t) => {
    const owner = await connectAsOwner(t, testDatabase)
    await owner.query(`update agent_instances set last_activity_at = '2026-01-05T10:00:00.123Z'`)
    await owner.query(`update user_agents set created_at = '2026-01-05T10:00:00.123Z'`)
    for (const [path, count] of Object.entries(lists)) {
      const ids = (await walk(user.call, path, 1)).flat()
      t.equal(ids.length, count, path)
      t.equal(new Set(ids).size, count, path)
    }
  })

  t.test('a full last page has no Link header', async (t) => {
    for (const [path, count] of Object.entries(lists)) {
      const answer = await user.call('GET', path, undefined, { query: queryOf(path, { limit: String(count) }) })
      t.equal(answer.body.length, count)
      t.notOk(answer.headers['link'], path)
    }
  })

  t.test('the Link header keeps the filter, for agents too', async (t) => {
    const path = `/agent-instances?status=ACTIVE&agent_type_id=${busy}&q=%25&limit=3`
    t.equal((await agent('GET', path)).headers['link'], undefined, 'nothing contains %')
    const { headers } = await agent('GET', path.replace('q=%25', 'q=CLAUDE'))
    const next = nextOf(headers['link'])
    t.match(next, /^\/api\/v1\/agent-instances\?/)
    const parameters = new URL(next ?? '', 'http://localhost').searchParams
    t.match(Object.fromEntries(parameters), { status: 'ACTIVE', agent_type_id: busy, q: 'CLAUDE', limit: '3' })
  })

  t.test('what is deleted between two pages does not disturb the rest', async (t) => {
    const [first = [], ...rest] = await walk(user.call, '/agent-instances', 3)
    const { headers } = await user.call('GET', '/agent-instances?limit=3')
    await user.call('DELETE', `/agent-instances/${first[2]}`)
    const next = await user.call('GET', nextOf(headers['link'])?.replace('/api/v1', '') ?? '')
    t.strictSame(idsOf(next.body), rest[0])
  })

  t.test('a cursor that the list did not make is refused, naming it', async (t) => {
    const id = randomUUID()
    const cursors = [
      'nonsense',
      '!!!',
      ' ',
      cursorOf(''),
      cursorOf('0'),
      cursorOf(`0 ${id} `),
      cursorOf(`-1 ${id}`),
      cursorOf(`1e3 ${id}`),
      cursorOf(`${'9'.repeat(16)} ${id}`),
      cursorOf(`0 ${id}' or true --`),
      cursorOf(`0\0 ${id}`),
      'x'.repeat(201),
      '',
    ]
    for (const path of paths) {
      for (const cursor of cursors) {
        const answer = await user.call('GET', path, undefined, { query: queryOf(path, { cursor }) })
        t.equal(answer.status, 400, `${path} ${cursor}`)
        t.equal(answer.body.code, 'invalid_request')
        t.strictSame(
          answer.body.errors?.map((error: { path: string }) => error.path),
          ['query.cursor'],
          `${path} ${cursor}`,
        )
      }
    }
  })

  t.test("another list's cursor is refused where it means nothing", async (t) => {
    for (const path of paths) {
      const foreign = path === '/auth/api-keys' ? `1767607200123 ${randomUUID()}` : randomUUID()
      const answer = await user.call('GET', path, undefined, { query: queryOf(path, { cursor: cursorOf(foreign) }) })
      t.equal(answer.status, 400, path)
      t.equal(answer.body.errors[0].path, 'query.cursor')
    }
  })

  t.test('any time and id that a cursor can hold are understood', async (t) => {
    for (const milliseconds of ['0', '253402300800000', '999999999999999']) {
      const cursor = cursorOf(`${milliseconds} ${randomUUID()}`)
      for (const path of paths.filter((path) => path !== '/auth/api-keys')) {
        const answer = await user.call('GET', path, undefined, { query: queryOf(path, { cursor }) })
        t.equal(answer.status, 200, `${milliseconds} ${path}`)
        t.equal(answer.body.length > 0, milliseconds !== '0')
      }
    }
  })

  t.test('a limit is a number from 1 to 200', async (t) => {
    for (const path of paths) {
      for (const limit of ['0', '201', '-1', '1.5', 'many', '']) {
        const answer = await user.call('GET', path, undefined, { query: queryOf(path, { limit }) })
        t.equal(answer.status, 400, `${path} ${limit}`)
        t.equal(answer.body.errors[0].path, 'query.limit')
      }
      t.equal((await user.call('GET', path, undefined, { query: queryOf(path, { limit: '200' }) })).status, 200)
    }
  })

  t.test("another tenant's cursor opens nothing", async (t) => {
    const other = await newUser()
    const { headers } = await user.call('GET', '/agent-instances?limit=1')
    const next = nextOf(headers['link'])?.replace('/api/v1', '') ?? ''
    t.strictSame((await other.call('GET', next)).body, [])
  })
})

t.test('a page has 50 items where no limit is given', async (t) => {
  const { newUser } = await startService(t)
  const user = await newUser()
  await Promise.all(Array.from({ length: 51 }, (_, index) => user.call('POST', '/user-agents', { name: `a${index}` })))
  const answer = await user.call('GET', '/user-agents')
  t.equal(answer.body.length, 50)
  t.ok(answer.headers['link'])
})

/** @returns the ids on each page */
async function walk(call: Call, path: string, limit: number): Promise<string[][]> {
  const pages: string[][] = []
  let next: string | undefined = `${path}${path.includes('?') ? '&' : '?'}limit=${limit}`
  while (next && pages.length < 20) {
    const answer = await call('GET', next)
    if (answer.status !== 200) throw new Error(`${next}: ${answer.raw.payload}`)
    pages.push(idsOf(answer.body))
    next = nextOf(answer.headers['link'])?.replace('/api/v1', '')
  }
  return pages
}

/** Reads `<url>; rel="next"` (RFC 8288). */
function nextOf(link: unknown): string | undefined {
  return /^<([^>]*)>; rel="next"$/.exec(String(link))?.[1]
}

/** `inject` drops the query of the path when it is given another one. */
function queryOf(path: string, parameters: Record<string, string>): Record<string, string> {
  return { ...Object.fromEntries(new URL(path, 'http://localhost').searchParams), ...parameters }
}

function idsOf(items: { id: string }[]): string[] {
  return items.map(({ id }) => id)
}
