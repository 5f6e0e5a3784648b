import { type ChildProcess, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { access, constants, readdir, writeFile } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'
import pg from 'pg'
import { locateBinaries } from '../../db/embedded/binaries.js'
import { atEnd } from './benchmark.js'
import { end } from './children.js'
import { CONTENT, fill, seededIdSql } from './seed.js'
import { connectAs, type Superuser, temporaryFolder } from './service.js'

/** Sessions of the baseline. */
const CLIENTS = 16

/** The baseline for posts: one prepared statement per message, without policies, each committed by itself. */
export interface Yardstick {
  /** Its name. */
  readonly name: string
  /** @returns messages a second */
  measure(seconds: number): Promise<number>
}

/**
 * Stores one message as simply as PostgreSQL can: the run's row takes the next number, and the message is inserted with it. The
 * tables are the real ones, so that indexes and foreign keys cost what they cost the service. Revisions come from a sequence,
 * without the lock that makes them gapless.
 *
 * @param n an expression that gives the number of a seeded instance as text
 */
function oneMessage(userId: string, n: string): string {
  return `with advanced as (
    update agent_instances set message_count = message_count + 1, last_read_seq = message_count + 1,
      last_read_message_id = uuidv7(), last_activity_at = clock_timestamp(), status = 'ACTIVE'
    where user_id = '${userId}' and id = ${seededIdSql(n)}
    returning user_id, id, message_count, last_read_message_id, last_activity_at
  ), numbered as (
    select *, nextval('benchmark_revisions') as revision from advanced
  )
  insert into messages
    (user_id, agent_instance_id, seq, id, sender_type, content, created_at, created_revision, revision)
  select user_id, id, message_count, last_read_message_id, 'AGENT', '${CONTENT}', last_activity_at, revision, revision
  from numbered`.replaceAll(/\s+/g, ' ')
}

/**
 * Prepares the baseline in the service's own database: by pgbench if it is installed, else by node-postgres.
 *
 * @param userId an account for the baseline alone
 * @param instances how many runs the messages go to, at random
 */
export async function prepareYardstick(superuser: Superuser, userId: string, instances: number): Promise<Yardstick> {
  const client = await connectAs(superuser)
  await client.query('create sequence benchmark_revisions')
  await fill(client, { userId, instances, messages: 0, full: 0, page: 0 })
  const binary = await findPgbench()
  return binary ? withPgbench(binary, superuser, userId, instances) : withNode(superuser, userId, instances)
}

/** On the PATH, beside the embedded server, or where packages install it. */
async function findPgbench(): Promise<string | undefined> {
  const { postgres } = await locateBinaries()
  const debian = '/usr/lib/postgresql'
  const versions = await readdir(debian).catch(() => [])
  const folders = [
    ...(process.env['PATH'] ?? '').split(delimiter),
    dirname(postgres),
    ...versions.sort((a, b) => Number(b) - Number(a)).map((version) => join(debian, version, 'bin')),
    '/usr/local/pgsql/bin',
    '/opt/homebrew/opt/libpq/bin',
  ]
  for (const folder of folders) {
    const candidate = join(folder, 'pgbench')
    const found = await access(candidate, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (found) return candidate
  }
  return undefined
}

async function withPgbench(
  binary: string,
  superuser: Superuser,
  userId: string,
  instances: number,
): Promise<Yardstick> {
  const script = join(await temporaryFolder(), 'one-message.sql')
  await writeFile(script, `\\set n random(1, ${instances})\n${oneMessage(userId, ':n')};\n`)
  const args = ['--no-vacuum', '--protocol=prepared', `--file=${script}`, `--client=${CLIENTS}`, '--jobs=2']
  const { host, port, user, password, database } = superuser
  const env = { PGHOST: host, PGPORT: String(port), PGUSER: user, PGPASSWORD: password, PGDATABASE: database }
  const measure = async (seconds: number) => {
    const child = spawn(binary, [...args, `--time=${Math.ceil(seconds)}`], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    atEnd(() => end(child))
    const output = await outputOf(child)
    const tps = /^tps = ([\d.]+)/m.exec(output)?.[1]
    if (tps === undefined || !/number of failed transactions: 0\b/.test(output)) throw new Error(output)
    return Number(tps)
  }
  return { name: `${binary}, ${CLIENTS} clients`, measure }
}

async function outputOf(child: ChildProcess): Promise<string> {
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
    })
  }
  await once(child, 'close')
  return text
}

/** In this process: its single thread makes a lower bar than pgbench's two. */
async function withNode(superuser: Superuser, userId: string, instances: number): Promise<Yardstick> {
  const text = oneMessage(userId, '$1::text')
  const pool = new pg.Pool({ ...superuser, max: CLIENTS })
  pool.on('error', () => {})
  atEnd(() => pool.end())
  const repeat = async (until: number) => {
    const client = await pool.connect()
    let count = 0
    for (; performance.now() < until; count++) {
      await client.query({ name: 'one-message', text, values: [String(randomInt(1, instances + 1))] })
    }
    client.release()
    return count
  }
  const measure = async (seconds: number) => {
    const start = performance.now()
    const until = start + seconds * 1000
    const counts = await Promise.all(Array.from({ length: CLIENTS }, () => repeat(until)))
    return (counts.reduce((sum, count) => sum + count, 0) * 1000) / (performance.now() - start)
  }
  return { name: `node-postgres, ${CLIENTS} clients (there is no pgbench here)`, measure }
}
