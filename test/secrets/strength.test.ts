import { randomBytes } from 'node:crypto'
import t from 'tap'
import { ConfigError, loadConfig } from '../../src/config.js'
import { weaknessOf } from '../../src/secrets/strength.js'
import { ended, spawnService, temporaryDataDir } from '../helpers/process.js'

const DATABASE_URL = 'postgres://me@db.example.com/signalbox'

const weak: Record<string, string[]> = {
  'must have at least 32 characters': ['', 'secret', 'x'.repeat(31), randomBytes(15).toString('hex')],
  'has too few different characters': ['x'.repeat(64), '0'.repeat(32), '1234567'.repeat(5), 'password'.repeat(4)],
  'repeats itself': ['hgfedcba'.repeat(4), '0f1e2d3c4b5a6978'.repeat(2), 'correct horse '.repeat(4)],
  'is a sequence': ['abcdefghijklmnopqrstuvwxyz012345', '0123456789abcdefghijklmnopqrstuv'],
  'is a placeholder': [
    'change-me-change-this-change_it-changeme!',
    'your-super-secret-jwt-token-with-at-least-32-characters-long',
    'replace-me-with-a-long-random-string',
    'insecure-default-secret-for-development-only',
    'SIGNALBOX_JWT_SECRET_PLACEHOLDER_12345',
    'this-is-an-example-secret-key-1234567890',
    `secret-${randomBytes(14).toString('hex')}`,
  ],
}

t.test('weak secrets are found, and none of them is shown', async (t) => {
  for (const [weakness, secrets] of Object.entries(weak)) {
    for (const secret of secrets) t.equal(weaknessOf(secret), weakness, secret)
  }
})

t.test('random secrets are not', async (t) => {
  for (let i = 0; i < 500; i++) {
    for (const [bytes, encoding] of [
      [16, 'hex'],
      [32, 'hex'],
      [24, 'base64'],
      [32, 'base64url'],
    ] as const) {
      const secret = randomBytes(bytes).toString(encoding)
      if (weaknessOf(secret) !== undefined) t.fail(`${secret}: ${weaknessOf(secret)}`)
    }
  }
  t.equal(weaknessOf(`signalbox-jwt-secret-${randomBytes(16).toString('hex')}`), undefined, 'with a name in front')
  t.equal(weaknessOf('Nine otters juggle 47 teapots by moonlight'), undefined, 'nor is a good phrase')
})

t.test('production does not start with a weak secret, and says which one it is', async (t) => {
  const load = (settings: Record<string, string>) => () =>
    loadConfig({ NODE_ENV: 'production', DATABASE_URL, ...settings })
  for (const secrets of Object.values(weak)) {
    for (const secret of secrets.slice(0, 2)) {
      const error = catchError(load({ JWT_SECRET: secret }))
      t.match(error, { name: 'ConfigError', message: /^bad configuration: JWT_SECRET / })
      if (secret.length > 6) t.notOk(error?.message.includes(secret), 'without showing it')
    }
  }
  t.match(catchError(load({})), { message: 'bad configuration: JWT_SECRET is required with DATABASE_URL' })
  t.equal(catchError(load({ JWT_SECRET: randomBytes(32).toString('base64') })), undefined)
  t.equal(
    catchError(() => loadConfig({ NODE_ENV: 'production' })),
    undefined,
    'the embedded database has its own',
  )
  t.equal(
    catchError(() => loadConfig({ DATABASE_URL, JWT_SECRET: 'x'.repeat(32) })),
    undefined,
    'a trial may have any',
  )
})

t.test('the process ends with a line that names it', async (t) => {
  const DATA_DIR = await temporaryDataDir(t)
  const service = spawnService(t, { NODE_ENV: 'production', DATA_DIR, JWT_SECRET: 'change-me '.repeat(4) })
  t.strictSame(await ended(service), [1, null])
  t.match(service.stderr(), /^signalbox: bad configuration: JWT_SECRET .*\n$/)
  t.notMatch(service.stderr(), 'change-me')
  t.notMatch(service.stdout(), 'listens')
})

function catchError(work: () => unknown): Error | undefined {
  try {
    work()
    return undefined
  } catch (error) {
    if (error instanceof ConfigError) return error
    throw error
  }
}
