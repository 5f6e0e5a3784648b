import { existsSync } from 'node:fs'
import { stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import { http, newAccount } from '../helpers/http.js'
import { assertServerStopped, ended, spawnService, startService, temporaryDataDir } from '../helpers/process.js'

const SECRET = '0123456789 0123456789 0123456789'

t.test('a first start says where it listens, where the docs are and what is next, and is ready', async (t) => {
  const dataDir = await temporaryDataDir(t)
  const { url, stdout, stderr } = await startService(t, { DATA_DIR: dataDir, LOG_LEVEL: 'silent' })
  t.match(url, /^http:\/\/localhost:\d+$/)
  t.equal(
    stdout(),
    [
      '',
      `  Signalbox listens on ${url}`,
      `  Database   embedded PostgreSQL in ${dataDir}`,
      `  Docs       ${url}/docs`,
      `  Next       SIGNALBOX_URL=${url} npm run demo     an agent that reports, asks you, and waits for your answer`,
      '',
      '',
    ].join('\n'),
  )
  t.equal(stderr(), '')
  t.match(await http(`${url}/ready`, 'GET'), { status: 200, body: { status: 'ready' } })
  t.match(await http(`${url}/docs`, 'GET'), { status: 200, body: /swagger/i })
  for (const secret of ['jwt-secret', 'secrets-key', 'postgres.json']) {
    t.equal((await stat(join(dataDir, secret))).mode & 0o777, 0o600, `${secret} is for the owner only`)
  }

  await t.test('a second start on the same data directory is refused and harms nothing', async (t) => {
    const account = await newAccount(url)
    const second = spawnService(t, { DATA_DIR: dataDir })
    t.strictSame(await ended(second), [1, null])
    t.match(second.stderr(), /^signalbox: another Signalbox is already running on the data directory .*\n$/)
    t.notMatch(second.stdout(), /listens/)
    t.equal((await account.person('GET', '/auth/me')).status, 200)
    t.equal((await http(`${url}/ready`, 'GET')).status, 200)
  })
})

t.test('the banner shows what is reachable: PUBLIC_URL, or localhost for any address', async (t) => {
  const dataDir = await temporaryDataDir(t)
  const anyAddress = await startService(t, { DATA_DIR: dataDir, HOST: '0.0.0.0' })
  t.match(anyAddress.url, /^http:\/\/localhost:\d+$/)
  anyAddress.child.kill('SIGTERM')
  t.strictSame(await ended(anyAddress), [0, null])
  const behindProxy = await startService(t, { DATA_DIR: dataDir, PUBLIC_URL: 'https://signalbox.example.com' })
  t.equal(behindProxy.url, 'https://signalbox.example.com')
  behindProxy.child.kill('SIGTERM')
  t.strictSame(await ended(behindProxy), [0, null])
  const usual = await startService(t, { DATA_DIR: dataDir, PUBLIC_URL: 'http://localhost:8000' })
  t.match(usual.stdout(), '  Next       npm run demo  ', 'where the demo looks by itself, it is told nothing')
})

t.test('a port that is taken ends the start with a line that says so, and the embedded server with it', async (t) => {
  const dataDir = await temporaryDataDir(t)
  const { PORT, close } = await takePort()
  t.teardown(close)
  const service = spawnService(t, { DATA_DIR: dataDir, HOST: '127.0.0.1', PORT })
  t.strictSame(await ended(service), [1, null])
  t.match(
    service.stderr(),
    /^signalbox: .*address already in use 127\.0\.0\.1:\d+\. PORT and HOST say where to listen\.\n$/,
  )
  t.notMatch(service.stdout(), /listens/)
  await assertServerStopped(t, dataDir)
})

t.test('bad settings are all named, with no value that may be a secret, and nothing is touched', async (t) => {
  const dataDir = await temporaryDataDir(t)
  const service = spawnService(t, {
    DATA_DIR: dataDir,
    PORT: 'eighty',
    JWT_SECRET: 'sesame',
    TRUST_PROXY: 'my-proxy',
    DATABASE_URL: 'mysql://me:hunter2@db/signalbox',
  })
  t.strictSame(await ended(service), [1, null])
  t.match(service.stderr(), /^signalbox: bad configuration: .*\n$/)
  for (const name of ['PORT', 'JWT_SECRET', 'TRUST_PROXY', 'DATABASE_URL']) t.match(service.stderr(), name)
  for (const value of ['sesame', 'my-proxy', 'hunter2']) t.notMatch(service.stderr(), value)
  t.notOk(existsSync(dataDir))
})

t.test('an external server that cannot be reached is named, without its password', async (t) => {
  const { PORT, close } = await takePort()
  close()
  const service = spawnService(t, {
    DATABASE_URL: `postgres://me:hunter2@127.0.0.1:${PORT}/signalbox`,
    JWT_SECRET: SECRET,
  })
  t.strictSame(await ended(service), [1, null])
  t.equal(
    service.stderr(),
    `signalbox: cannot connect to the database signalbox on 127.0.0.1:${PORT} as me: connect ECONNREFUSED 127.0.0.1:${PORT}\n`,
  )
})

t.test('the generated secret outlives a restart; a broken one ends the start and the embedded server', async (t) => {
  const dataDir = await temporaryDataDir(t)
  const first = await startService(t, { DATA_DIR: dataDir })
  const { token } = await newAccount(first.url)
  first.child.kill('SIGTERM')
  t.strictSame(await ended(first), [0, null])

  const second = await startService(t, { DATA_DIR: dataDir })
  t.equal((await http(`${second.url}/api/v1/auth/me`, 'GET', token)).status, 200)
  second.child.kill('SIGTERM')
  t.strictSame(await ended(second), [0, null])

  await writeFile(join(dataDir, 'jwt-secret'), '\n')
  const third = spawnService(t, { DATA_DIR: dataDir })
  t.strictSame(await ended(third), [1, null])
  t.match(third.stderr(), /^signalbox: .*jwt-secret has fewer than 32 characters.*\n$/)
  await assertServerStopped(t, dataDir)
})

async function takePort(): Promise<{ PORT: string; close: () => void }> {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return { PORT: String(address.port), close: () => server.close() }
}
