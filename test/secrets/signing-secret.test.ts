import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { loadSigningSecret, SigningSecretError } from '../../src/secrets/signing-secret.js'
import { temporaryFolder } from '../helpers/folders.js'

t.test('a secret is made once, and is the same from then on', async (t) => {
  const dataDir = join(await temporaryFolder(t, 0o700), 'not', 'yet', 'there')
  const secret = await loadSigningSecret(dataDir)
  t.match(secret, /^[\w-]{43}$/)
  t.equal(await loadSigningSecret(dataDir), secret)
  t.strictSame(await readdir(dataDir), ['jwt-secret'], 'no draft is left')
  t.not(await loadSigningSecret(await temporaryFolder(t, 0o700)), secret)
})

t.test('only its owner can read it', async (t) => {
  const dataDir = join(await temporaryFolder(t, 0o700), 'data')
  const umask = process.umask(0)
  t.teardown(() => process.umask(umask))
  await loadSigningSecret(dataDir)
  t.equal((await stat(join(dataDir, 'jwt-secret'))).mode & 0o777, 0o600)
  t.equal((await stat(dataDir)).mode & 0o777, 0o700)
})

t.test('of several that make it at once all have the same', async (t) => {
  const dataDir = await temporaryFolder(t, 0o700)
  const secrets = await Promise.all(Array.from({ length: 8 }, () => loadSigningSecret(dataDir)))
  t.equal(new Set(secrets).size, 1)
  t.strictSame(await readdir(dataDir), ['jwt-secret'])
})

t.test('a secret that somebody has put there is taken, without its line end', async (t) => {
  const dataDir = await temporaryFolder(t, 0o700)
  await writeFile(join(dataDir, 'jwt-secret'), `${'k'.repeat(32)}\r\n`)
  t.equal(await loadSigningSecret(dataDir), 'k'.repeat(32))
})

t.test('what is too short to be a secret is refused, not replaced', async (t) => {
  const dataDir = await temporaryFolder(t, 0o700)
  const file = join(dataDir, 'jwt-secret')
  for (const content of ['', '\n', 'sesame', `${'k'.repeat(31)}\n`]) {
    await writeFile(file, content)
    await t.rejects(loadSigningSecret(dataDir), SigningSecretError)
    await t.rejects(loadSigningSecret(dataDir), { message: new RegExp(`^${file} has fewer than 32 characters`) })
    t.equal(await readFile(file, 'utf8'), content)
  }
})

t.test('a folder in its place, or a data directory that is a file, is an error of the file system', async (t) => {
  const dataDir = await temporaryFolder(t, 0o700)
  await mkdir(join(dataDir, 'jwt-secret'))
  await t.rejects(loadSigningSecret(dataDir), { code: 'EISDIR' })
  const file = join(dataDir, 'file')
  await writeFile(file, '')
  await chmod(file, 0o600)
  await t.rejects(loadSigningSecret(file), { code: 'ENOTDIR' })
})
