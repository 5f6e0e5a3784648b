import pg from 'pg'
import t, { type Test } from 'tap'
import { migrations } from '../../db/migrations/index.js'
import { emptyDatabase } from '../helpers/database.js'
import { http, newAccount } from '../helpers/http.js'
import { ended, spawnService, startService } from '../helpers/process.js'
import { eventually } from '../helpers/wait-timeout.js'

const SECRET = '0123456789 0123456789 0123456789'

t.test('two processes that start at once on an empty database both become ready', async (t) => {
  const { name, owner, settings } = await ownedDatabase(t)
  const services = await Promise.all([startService(t, settings), startService(t, settings)])
  for (const { url, stdout, stderr } of services) {
    t.equal((await http(`${url}/ready`, 'GET')).status, 200)
    t.match(stdout(), /Database {3}the server of DATABASE_URL/)
    t.equal(stderr(), '')
  }
  const applied = await owner.query('select name from kysely_migration order by name')
  t.strictSame(
    applied.rows.map((row) => row.name),
    Object.keys(migrations).sort(),
    'each migration was applied once',
  )
  const sessions = await owner.query(
    `select distinct usename, usesuper from pg_stat_activity join pg_user using (usename)
     where datname = $1 and pid <> pg_backend_pid()`,
    [name],
  )
  t.strictSame(sessions.rows, [{ usename: `${name}_service`, usesuper: false }], 'they have left the owner role')

  const [first, second] = services
  const account = await newAccount(first?.url ?? '')
  const elsewhere = account.at(second?.url ?? '')
  t.equal((await elsewhere.person('GET', '/auth/me')).status, 200, 'they are one service')
  t.equal((await elsewhere.agent('GET', '/auth/verify')).status, 200)
  const [key] = (await account.person('GET', '/auth/api-keys')).body
  await account.person('DELETE', `/auth/api-keys/${key.id}`)
  // Within a second, which is longer on a busy machine.
  await eventually(async () => (await elsewhere.agent('GET', '/auth/verify')).status === 401)
  for (const service of services) {
    service.child.kill('SIGTERM')
    t.strictSame(await ended(service), [0, null])
  }
})

t.test('a service role with more power than a service may have is refused', async (t) => {
  const { name, owner, settings } = await ownedDatabase(t)
  const refused = async (reason: string) => {
    const service = spawnService(t, settings)
    t.strictSame(await ended(service), [1, null], reason)
    t.equal(
      service.stderr(),
      `signalbox: the role ${name}_service has more power than a service may have; drop it, it is made anew\n`,
    )
  }
  await owner.query(`create role ${name}_service login createrole`)
  await refused('it may create roles')
  await owner.query(`alter role ${name}_service nocreaterole`)
  await owner.query(`create role ${name}_others role ${name}_service`)
  await refused('it is a member of another role')
  await owner.query(`drop role ${name}_others`)
  const { url } = await startService(t, settings)
  t.equal((await http(`${url}/ready`, 'GET')).status, 200, 'without that power it is taken')
})

t.test('the owner role must be allowed to create roles', async (t) => {
  const { name, owner, settings } = await ownedDatabase(t)
  await owner.query(`create role ${name}_weak login password 'weak'`)
  await owner.query(`grant create on schema public to ${name}_weak`)
  const url = new URL(settings.DATABASE_URL)
  url.username = `${name}_weak`
  url.password = 'weak'
  const service = spawnService(t, { ...settings, DATABASE_URL: url.toString() })
  t.strictSame(await ended(service), [1, null])
  t.match(service.stderr(), /^signalbox: cannot make the roles of the service: permission denied .*may create roles\n$/)
})

/** A database that nobody has prepared yet, and a session of its owner. */
async function ownedDatabase(t: Test) {
  const { name, url } = await emptyDatabase(t)
  const owner = new pg.Client({ connectionString: url })
  await owner.connect()
  t.teardown(() => owner.end())
  return { name, owner, settings: { DATABASE_URL: url, JWT_SECRET: SECRET } }
}
