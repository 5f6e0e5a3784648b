import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { cp, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { query } from '../helpers/database.js'
import { assertStopped, firstLine, spawnNode, spawnService, start } from '../helpers/embedded.js'
import { temporaryFolder } from '../helpers/folders.js'
import { kill9, temporaryDataDir } from '../helpers/process.js'

/** What only root can try is a test only for root. */
const isRoot = process.getuid?.() === 0 && existsSync('/usr/bin/setpriv')

const testAsRoot: (name: string, body: (t: Test) => Promise<void>) => void = (name, body) => {
  if (isRoot) t.test(name, body)
}

testAsRoot('root may keep the data directory where no other user can go', async (t) => {
  const folder = await temporaryFolder(t, 0o700)
  const server = await start(t, { dataDir: join(folder, 'data') })
  await query(server.url, 'CREATE TABLE kept AS SELECT generate_series(1, 100000) AS number')
  const rows = await query(server.url, 'SELECT count(DISTINCT number)::int AS count FROM kept')
  t.same(rows, [{ count: 100_000 }])
  t.equal((await stat(folder)).mode & 0o777, 0o700, 'folders that exist keep their modes')
  const status = await readFile(`/proc/${server.pid}/status`, 'utf8')
  t.notMatch(status, /^Uid:\s+0\b/m)
  t.match(status, /^CapEff:\t0{15}[24]$/m, 'one capability is all it holds')
})

testAsRoot('root with only the capabilities of Docker recognises its server', async (t) => {
  const docker = ['setpriv', '--bounding-set=-sys_ptrace,-dac_read_search', '--']
  for (const mode of [0o755, 0o700]) {
    const dataDir = join(await temporaryFolder(t, mode), 'data')
    const killed = await spawnService(t, dataDir)
    await kill9(killed)
    const body = 'await (await startEmbedded({ dataDir, log: console.log })).stop()'
    const child = spawnNode(t, dataDir, body, docker)
    const exit = once(child, 'exit')
    t.match(await firstLine(child), /adopted/)
    t.same(await exit, [0, null])
    await assertStopped(t, dataDir, killed.url)
  }
})

testAsRoot('root hands a cluster that root owns to the user that runs it', async (t) => {
  const dataDir = await temporaryDataDir(t)
  const first = await start(t, { dataDir })
  await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer')
  await first.stop()
  const copy = await temporaryDataDir(t)
  await cp(dataDir, copy, { recursive: true })
  const server = await start(t, { dataDir: copy })
  t.same(await query(server.url, 'SELECT answer FROM kept'), [{ answer: 42 }])
})
