import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'

const server = new URL('../src/server.js', import.meta.url).pathname

t.test('a Ctrl-C that arrives twice, from the terminal and from npm, still stops the database', async (t) => {
  const dataDir = t.testdir()
  const service = spawn(process.execPath, [server], {
    env: { ...process.env, PORT: '0', DATA_DIR: dataDir },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.teardown(() => service.kill('SIGTERM'))
  const exit = once(service, 'exit')
  for await (const chunk of service.stdout) {
    if (String(chunk).includes('Signalbox listens')) break
  }
  const lockFile = join(dataDir, 'postgres', 'postmaster.pid')
  await t.resolves(access(lockFile), 'the database runs')

  service.kill('SIGINT')
  await sleep(20)
  service.kill('SIGINT')

  t.strictSame(await exit, [0, null])
  await t.rejects(access(lockFile), { code: 'ENOENT' }, 'the database has stopped')
})
