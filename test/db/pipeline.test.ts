import { readFile } from 'node:fs/promises'
import pg from 'pg'
import t, { type Test } from 'tap'
import { DatabaseUnavailableError } from '../../db/errors.js'
import { runPipeline, type Statement } from '../../db/pipeline.js'
import { cloneDatabase } from '../helpers/database.js'

/** Connected as the owner, with a table to play with. */
async function connect(t: Test): Promise<pg.Client> {
  const testDatabase = await cloneDatabase()
  const client = new pg.Client({ connectionString: testDatabase.ownerUrl })
  client.on('error', () => {})
  await client.connect()
  t.teardown(async () => {
    await client.end()
    await testDatabase.drop()
  })
  await client.query('create table notes (id integer primary key, body text not null)')
  return client
}

const statement = (sql: string, ...parameters: unknown[]): Statement => ({ sql, parameters })
const insert = (id: number, body: string | null = 'text') => statement('insert into notes values ($1, $2)', id, body)
const count = statement('select count(*)::integer as count from notes')

async function countNotes(client: pg.Client): Promise<unknown> {
  return (await client.query('select count(*)::integer as count from notes')).rows[0].count
}

async function preparedStatements(client: pg.Client): Promise<{ name: string; statement: string }[]> {
  return (await client.query('select name, statement from pg_prepared_statements')).rows
}

t.test('the same SQL is another statement in another scope, by name and by text', async (t) => {
  const client = await connect(t)
  await runPipeline(client, [count, { ...count, scope: 'one' }, { ...count, scope: 'other' }])
  const prepared = await preparedStatements(client)
  t.equal(new Set(prepared.map(({ name }) => name)).size, 3)
  t.strictSame(
    prepared.map(({ statement: text }) => text).sort(),
    [count.sql, `/* one */ ${count.sql}`, `/* other */ ${count.sql}`].sort(),
  )
})

t.test('each statement has its own result and sees what the ones before it did', async (t) => {
  const client = await connect(t)
  const [first, second, updated, counted] = await runPipeline(client, [
    insert(1),
    insert(2),
    statement('update notes set body = $1 returning id, body', 'new'),
    count,
  ])
  t.strictSame(first, { command: 'INSERT', rows: [], affected: 1 })
  t.strictSame(second, { command: 'INSERT', rows: [], affected: 1 })
  const rows = [
    { id: 1, body: 'new' },
    { id: 2, body: 'new' },
  ]
  t.strictSame(updated, { command: 'UPDATE', rows, affected: 2 })
  t.strictSame(counted, { command: 'SELECT', rows: [{ count: 2 }], affected: 1 })
})

t.test('all statements travel before one Sync', async (t) => {
  const client = await connect(t)
  let answers = 0
  client.connection.on('readyForQuery', () => answers++)
  const results = await runPipeline(client, [insert(1), insert(2), count, statement('')])
  t.equal(answers, 1)
  t.strictSame(results[3], { command: '', rows: [], affected: 0 })
})

t.test('when a later statement fails, the earlier ones have not happened', async (t) => {
  const client = await connect(t)
  await t.rejects(runPipeline(client, [insert(1), insert(2, null), insert(3)]), { code: '23502' })
  t.equal(await countNotes(client), 0)
})

t.test('a constraint that is checked at the end undoes everything and is reported', async (t) => {
  const client = await connect(t)
  await client.query('create table replies (note integer references notes deferrable initially deferred)')
  const pipeline = runPipeline(client, [insert(1), statement('insert into replies values (99)')])
  await t.rejects(pipeline, { code: '23503' })
  t.equal(await countNotes(client), 0)
})

t.test('the connection is usable after each kind of error', async (t) => {
  const client = await connect(t)
  await t.rejects(runPipeline(client, [insert(1), insert(1)]), { code: '23505' })
  await runPipeline(client, [insert(2), count])
  await t.rejects(runPipeline(client, [insert(3), statement('no sql at all')]), { code: '42601' })
  await t.rejects(runPipeline(client, [insert(4), statement('select $1::integer', 'no number')]), { code: '22P02' })
  await runPipeline(client, [insert(5), count])
  t.equal(await countNotes(client), 2)
})

t.test('a statement is parsed once per connection, under one name', async (t) => {
  const client = await connect(t)
  let parsed = 0
  client.connection.on('parseComplete', () => parsed++)
  await runPipeline(client, [insert(1), insert(2), count])
  await runPipeline(client, [insert(3), count])
  t.equal(parsed, 2)
  const prepared = await preparedStatements(client)
  t.strictSame(prepared.map((row) => row.statement).sort(), [insert(1).sql, count.sql].sort())
  for (const { name } of prepared) t.match(name, /^sbx_/)
})

t.test('a statement is described once per connection, whether it gives rows or not', async (t) => {
  const client = await connect(t)
  let described = 0
  for (const event of ['rowDescription', 'noData']) client.connection.on(event, () => described++)
  const several = [insert(1), count, statement('update notes set body = $1 returning id, body', 'new'), count]
  const first = await runPipeline(client, several)
  t.equal(described, 4, 'the second of two equal ones too, as nothing was known when it was sent')
  await runPipeline(client, [statement('delete from notes')])
  t.equal(described, 5)
  t.strictSame(await runPipeline(client, several), first)
  t.strictSame((await runPipeline(client, [statement('delete from notes'), count]))[1]?.rows, [{ count: 0 }])
  t.equal(described, 5)
  await t.rejects(runPipeline(client, [insert(3), insert(3), statement('select body, id from notes')]))
  const [, , selected] = await runPipeline(client, [insert(3), count, statement('select body, id from notes')])
  t.strictSame(
    selected?.rows,
    [{ body: 'text', id: 3 }],
    'one that was skipped after an error is described when it runs',
  )
})

t.test('a statement that cannot be parsed does not stop the ones beside it from being used again', async (t) => {
  const client = await connect(t)
  const before = statement('select 1 as before')
  const after = statement('select 2 as after')
  await t.rejects(runPipeline(client, [before, statement('select nonsense from'), after]), { code: '42601' })
  t.strictSame(await runPipeline(client, [before, after]), [
    { command: 'SELECT', rows: [{ before: 1 }], affected: 1 },
    { command: 'SELECT', rows: [{ after: 2 }], affected: 1 },
  ])
  t.strictSame((await runPipeline(client, [after, before])).length, 2)
})

t.test('a statement that failed to parse is parsed anew once it can be', async (t) => {
  const client = await connect(t)
  const later = statement('select 1 as one from later')
  await t.rejects(runPipeline(client, [later]), { code: '42P01' })
  await client.query('create table later ()')
  t.strictSame(await runPipeline(client, [later]), [{ command: 'SELECT', rows: [], affected: 0 }])
})

t.test('a parameter that cannot be sent fails alone: nothing is done, and the same SQL works afterwards', async (t) => {
  const client = await connect(t)
  const circular: Record<string, unknown> = {}
  circular['self'] = circular
  const bad = statement('insert into notes values ($1, $2)', 2, circular)
  await t.rejects(runPipeline(client, [insert(1), bad]), /circular/)
  t.equal(await countNotes(client), 0)
  await runPipeline(client, [insert(3)])
  t.equal(await countNotes(client), 1)
})

t.test('values come back as what they are', async (t) => {
  const client = await connect(t)
  const [result] = await runPipeline(client, [
    statement(`select timestamptz '2026-01-05T10:02:00.123Z' as time, true as yes, false as no, 7 as whole,
      0.5::float8 as half, '{"a": [1, null]}'::jsonb as json, array['a', null, 'c,"d'] as texts, array[1, 2] as numbers,
      null::text as nothing, '' as blank, 'ü😀' as text, 9007199254740991 as big`),
  ])
  t.strictSame(result?.rows, [
    {
      time: new Date('2026-01-05T10:02:00.123Z'),
      yes: true,
      no: false,
      whole: 7,
      half: 0.5,
      json: { a: [1, null] },
      texts: ['a', null, 'c,"d'],
      numbers: [1, 2],
      nothing: null,
      blank: '',
      text: 'ü😀',
      big: 9007199254740991,
    },
  ])
})

t.test('parameters arrive as what they are', async (t) => {
  const client = await connect(t)
  const time = new Date('2026-01-05T10:02:00.123Z')
  const [result] = await runPipeline(client, [
    statement(
      'select $1::timestamptz as a, $2::boolean as b, $3::jsonb as c, $4::text[] as d, $5::text as e, $6::integer as f',
      time,
      false,
      { x: ['y'] },
      ['p', 'q"'],
      null,
      -3,
    ),
  ])
  t.strictSame(result?.rows, [{ a: time, b: false, c: { x: ['y'] }, d: ['p', 'q"'], e: null, f: -3 }])
})

t.test('COPY is refused, and the connection stays usable', async (t) => {
  const client = await connect(t)
  await t.rejects(runPipeline(client, [insert(2), statement('copy notes from stdin')]), /COPY is not supported/)
  await runPipeline(client, [insert(1)])
  t.equal(await countNotes(client), 1)
})

t.test('a connection that breaks on the way is reported as unavailable', async (t) => {
  const client = await connect(t)
  await t.rejects(runPipeline(client, [statement('select pg_terminate_backend(pg_backend_pid())')]), {
    name: 'DatabaseUnavailableError',
  })
  await t.rejects(runPipeline(client, [count]), DatabaseUnavailableError)
})

t.test('the packages whose internals it uses are pinned exactly', async (t) => {
  const { dependencies } = JSON.parse(await readFile(new URL('../../../package.json', import.meta.url), 'utf8'))
  for (const name of ['pg', 'pg-protocol']) t.match(dependencies[name], /^\d+\.\d+\.\d+$/, name)
})
