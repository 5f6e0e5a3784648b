import { readdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { embeddedKeys, externalKeys, readKey, SecretsKeyError } from '../../src/secrets/keys.js'
import { temporaryFolder } from '../helpers/folders.js'

const KEY = '3q2+7wABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhs='

t.test('a key is 32 bytes in base64, of either alphabet', async (t) => {
  t.equal(readKey(KEY)?.toString('base64'), KEY)
  t.equal(readKey(KEY.replaceAll('+', '-').replace('=', ''))?.toString('base64'), KEY)
  for (const text of ['', 'x', 'A'.repeat(42), 'A'.repeat(44), `${KEY}=`, ` ${KEY}`]) t.equal(readKey(text), undefined)
})

t.test('where none is configured, a key is made once and kept for its owner alone', async (t) => {
  const dataDir = join(await temporaryFolder(t, 0o700), 'data')
  const [made, ...rest] = await embeddedKeys([], dataDir)
  t.equal(made?.length, 32)
  t.strictSame(rest, [])
  t.strictSame(await embeddedKeys([], dataDir), [made])
  t.strictSame(await readdir(dataDir), ['secrets-key'])
  t.equal((await stat(join(dataDir, 'secrets-key'))).mode & 0o777, 0o600)
})

t.test('a configured key comes first, and what the one in the file sealed can be read on', async (t) => {
  const dataDir = await temporaryFolder(t, 0o700)
  t.strictSame(await embeddedKeys([KEY], dataDir), [readKey(KEY)])
  t.strictSame(await readdir(dataDir), [], 'nothing is made that is not needed')
  const [made] = await embeddedKeys([], dataDir)
  t.strictSame(await embeddedKeys([KEY], dataDir), [readKey(KEY), made])
})

t.test('a file that holds no key is refused, not replaced', async (t) => {
  const dataDir = await temporaryFolder(t, 0o700)
  await writeFile(join(dataDir, 'secrets-key'), 'sesame\n')
  await t.rejects(embeddedKeys([], dataDir), SecretsKeyError)
  await t.rejects(embeddedKeys([KEY], dataDir), SecretsKeyError)
})

t.test('with an external database a trial seals with a key that comes from its signing secret', async (t) => {
  const [derived, ...rest] = externalKeys([], 'a secret')
  t.equal(derived?.length, 32)
  t.strictSame(rest, [])
  t.strictSame(externalKeys([], 'a secret'), [derived])
  t.notSame(externalKeys([], 'another secret'), [derived])
  t.strictSame(externalKeys([KEY], 'a secret'), [readKey(KEY), derived])
})
