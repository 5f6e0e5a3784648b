import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { emptyDatabase } from '../helpers/database.js'
import { type Account, newAccount } from '../helpers/http.js'
import { ended, type RunningProcess, startService, temporaryDataDir } from '../helpers/process.js'
import { startEchoingReceiver } from '../helpers/webhook-receiver.js'

const script = new URL('../../scripts/rotate-secrets.js', import.meta.url).pathname
const SECRET = 'the-secret-of-the-receiver'
const common = { WEBHOOK_ALLOW_NETWORKS: '127.0.0.0/8', HOST: '127.0.0.1' }

function newKey(): string {
  return randomBytes(32).toString('base64')
}

/** Runs the command with these settings and no others. */
function rotate(settings: Record<string, string>): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const { PATH = '', HOME = '' } = process.env
  return new Promise((done) => {
    const child = execFile(process.execPath, [script], { env: { PATH, HOME, ...settings } }, (_error, stdout, stderr) =>
      done({ code: child.exitCode, stdout, stderr }),
    )
  })
}

async function stop(service: RunningProcess): Promise<void> {
  service.child.kill('SIGTERM')
  await ended(service)
}

/** A person with a kind of agent that can be launched; launching shows whether its secret can be read. */
async function newLaunchable(t: Test, url: string) {
  const receiver = await startEchoingReceiver(t)
  const account = await newAccount(url)
  const agent = { name: 'x', webhook_url: receiver.url, webhook_api_key: SECRET }
  const { id } = (await account.person('POST', '/user-agents', agent)).body
  const launch = async ({ person }: Account) => {
    const { status } = await person('POST', `/user-agents/${id}/instances`, { prompt: 'x' })
    return [status, receiver.received.pop()?.headers.authorization]
  }
  return { account, launch }
}

const works = [200, `Bearer ${SECRET}`]

t.test('with the embedded database, a key takes the place of the one that the service made for itself', async (t) => {
  const settings = { ...common, DATA_DIR: await temporaryDataDir(t) }
  const first = await startService(t, settings)
  const { account, launch } = await newLaunchable(t, first.url)
  t.strictSame(await launch(account), works)
  t.match(await rotate({ ...settings, SECRETS_KEY: newKey() }), { code: 1, stderr: /already running/ })
  await stop(first)

  const changed = { ...settings, SECRETS_KEY: newKey() }
  t.match(await rotate(changed), { code: 0, stdout: /^1 secrets are sealed anew/, stderr: '' })
  await rm(join(settings.DATA_DIR, 'secrets-key'))
  const second = await startService(t, changed)
  t.strictSame(await launch(account.at(second.url)), works, 'without the old key')
  await stop(second)
})

t.test('with an external database it is replaced while the service runs', async (t) => {
  const [old, young] = [newKey(), newKey()]
  const { url } = await emptyDatabase(t)
  const settings = { ...common, DATABASE_URL: url, JWT_SECRET: '0123456789 0123456789 0123456789' }
  const first = await startService(t, { ...settings, SECRETS_KEY: old })
  const { account, launch } = await newLaunchable(t, first.url)
  const both = await startService(t, { ...settings, SECRETS_KEY: `${young},${old}` })
  t.strictSame(await launch(account.at(both.url)), works)
  t.match(await rotate({ ...settings, SECRETS_KEY: `${young},${old}` }), { code: 0, stderr: '' })
  t.strictSame(await launch(account.at(both.url)), works)
  const last = await startService(t, { ...settings, SECRETS_KEY: young })
  t.strictSame(await launch(account.at(last.url)), works)
  t.match(await rotate({ ...settings, SECRETS_KEY: newKey() }), { code: 1, stderr: /^1 secrets cannot be read/ })
  t.match(await rotate({ ...settings, SECRETS_KEY: 'sesame' }), { code: 1, stderr: /SECRETS_KEY must be 32 bytes/ })
  for (const service of [first, both, last]) await stop(service)
})
