import { readdir } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { findPostmaster } from '../../db/embedded/pidfile.js'
import { type Account, http, newAccount } from '../helpers/http.js'
import {
  assertServerStopped,
  ended,
  type RunningProcess,
  spawnService,
  startService,
  temporaryDataDir,
} from '../helpers/process.js'
import { eventually } from '../helpers/wait-timeout.js'

t.test('a request that never finishes is cut off, and the process ends all the same', async (t) => {
  const dataDir = await temporaryDataDir(t)
  const service = await startService(t, { DATA_DIR: dataDir })
  const account = await newAccount(service.url)
  const upload = neverEndingPost(t, service, account)
  // Its headers have arrived once a later request is answered.
  await http(`${service.url}/health`, 'GET')
  service.child.kill('SIGTERM')
  t.strictSame(await ended(service), [0, null])
  t.equal(await upload, 'cut off')
  await assertServerStopped(t, dataDir)
})

t.test('Ctrl-C under npm, which arrives twice, is one', async (t) => {
  const dataDir = await temporaryDataDir(t)
  const service = await startService(t, { DATA_DIR: dataDir })
  service.child.kill('SIGINT')
  service.child.kill('SIGINT')
  t.strictSame(await ended(service), [0, null])
  await assertServerStopped(t, dataDir)
})

t.test('a signal in the middle of a start ends it cleanly, and the next start goes well', async (t) => {
  const dataDir = await temporaryDataDir(t)
  // In a first start the terminal's Ctrl-C reaches initdb too, as it is in the same process group.
  const first = spawnService(t, { DATA_DIR: dataDir }, { group: true })
  await eventually(async () => (await readdir(dataDir)).some((name) => name.includes('init')))
  process.kill(-Number(first.child.pid), 'SIGINT')
  t.strictSame(await ended(first), [0, null], first.stderr())
  await assertServerStopped(t, dataDir)

  const second = spawnService(t, { DATA_DIR: dataDir })
  await eventually(() => findPostmaster(join(dataDir, 'postgres')))
  second.child.kill('SIGTERM')
  t.strictSame(await ended(second), [0, null], second.stderr())
  await assertServerStopped(t, dataDir)

  const third = await startService(t, { DATA_DIR: dataDir })
  t.equal((await http(`${third.url}/ready`, 'GET')).status, 200)
})

/** Announces a body and sends only the beginning of it. */
function neverEndingPost(t: Test, { url }: RunningProcess, { key }: Account): Promise<string> {
  const controller = new AbortController()
  t.teardown(() => controller.abort())
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
  const post = request(`${url}/api/v1/messages/agent`, { method: 'POST', headers, signal: controller.signal })
  post.write('{"content":"')
  return new Promise((resolve) => {
    post.once('response', ({ statusCode }) => resolve(`answered ${statusCode}`))
    post.once('error', () => resolve('cut off'))
  })
}
