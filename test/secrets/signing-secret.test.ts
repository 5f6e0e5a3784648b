import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { loadSigningSecret, SigningSecretError } from '../../src/secrets/signing-secret.js'

async function temporaryFolder(t: Test): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-secret-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  return folder
}

t.test('a secret is made once, and is the same from then on', async (t) => {
  const dataDir = join(await temporaryFolder(t), 'not', 'yet', 'there')
  const secret = await loadSigningSecret(dataDir)
  t.match(secret, /^[\w-]{43}$/)
  t.equal(await loadSigningSecret(dataDir), secret)
  t.strictSame(await readdir(dataDir), ['jwt-secret'], 'no draft is left')
  t.not(await loadSigningSecret(await temporaryFolder(t)), secret)
})

t.test('only its owner can read it', async (t) => {
  const dataDir = join(await temporaryFolder(t), 'data')
  const umask = process.umask(0)
  t.teardown(() => process.umask(umask))
  await loadSigningSecret(dataDir)
  t.equal((await stat(join(dataDir, 'jwt-secret'))).mode & 0o777, 0o600)
  t.equal((await stat(dataDir)).mode & 0o777, 0o700)
})

t.test('of several that make it at once all have the same', async (t) => {
  const dataDir = await temporaryFolder(t)
  const secrets = await Promise.all(Array.from({ length: 8 }, () => loadSigningSecret(dataDir)))
  t.equal(new Set(secrets).size, 1)
  t.strictSame(await readdir(dataDir), ['jwt-secret'])
})

t.test('a secret that somebody has put there is taken, without its line end', async (t) => {
  const dataDir = await temporaryFolder(t)
  await writeFile(join(dataDir, 'jwt-secret'), `${'k'.repeat(32)}\r\n`)
  t.equal(await loadSigningSecret(dataDir), 'k'.repeat(32))
})

t.test('what is too short to be a secret is refused, not replaced', async (t) => {
  const dataDir = await temporaryFolder(t)
  const file = join(dataDir, 'jwt-secret')
  for (const content of ['', '\n', 'sesame', `${'k'.repeat(31)}\n`]) {
    await writeFile(file, content)
    await t.rejects(loadSigningSecret(dataDir), SigningSecretError)
    await t.rejects(loadSigningSecret(dataDir), { message: new RegExp(`^${file} has fewer than 32 characters`) })
    t.equal(await readFile(file, 'utf8'), content)
  }
})

t.test('a folder in its place, or a data directory that is a file, is an error of the file system', async (t) => {
  const dataDir = await temporaryFolder(t)
  await mkdir(join(dataDir, 'jwt-secret'))
  await t.rejects(loadSigningSecret(dataDir), { code: 'EISDIR' })
  const file = join(dataDir, 'file')
  await writeFile(file, '')
  await chmod(file, 0o600)
  await t.rejects(loadSigningSecret(file), { code: 'ENOTDIR' })
})
