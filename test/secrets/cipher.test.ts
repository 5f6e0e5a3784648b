import { randomBytes } from 'node:crypto'
import t from 'tap'
import { SecretCipher, type SecretContext, SecretUnreadableError } from '../../src/secrets/cipher.js'

const context: SecretContext = {
  table: 'user_agents',
  column: 'webhook_secrets',
  userId: '0199b1a4-7f10-7bb2-9a35-6f2d1d1e8c30',
  id: '0199b1a5-0c7e-7d3a-b1de-5f7f3a4f9b21',
}

const first = randomBytes(32)
const second = randomBytes(32)

t.test('a secret opens where it was sealed, and shows nothing of itself', async (t) => {
  const cipher = new SecretCipher([first])
  const sealed = cipher.seal('hunter2 ünïcode', context)
  t.match(sealed, /^v1\.[0-9a-f]{8}\.[\w-]+$/)
  t.notMatch(sealed, Buffer.from('hunter2').toString('base64url'))
  t.equal(cipher.open(sealed, context), 'hunter2 ünïcode')
  t.not(cipher.seal('hunter2 ünïcode', context), sealed, 'the same secret twice does not look the same')
  t.equal(cipher.open(cipher.seal('', context), context), '')
})

t.test('it opens in no other row, column or table, nor for another tenant', async (t) => {
  const cipher = new SecretCipher([first])
  const sealed = cipher.seal('hunter2', context)
  for (const change of [{ id: context.userId }, { userId: context.id }, { column: 'x' }, { table: 'x' }]) {
    t.throws(() => cipher.open(sealed, { ...context, ...change }), SecretUnreadableError)
  }
})

t.test('what was changed does not open', async (t) => {
  const cipher = new SecretCipher([first])
  const sealed = cipher.seal('hunter2', context)
  const [version, id, packed = ''] = sealed.split('.')
  const flipped = Buffer.from(packed, 'base64url')
  flipped.writeUInt8(flipped.readUInt8(30) ^ 1, 30)
  for (const text of [
    '',
    'hunter2',
    `v2.${id}.${packed}`,
    `${version}.00000000.${packed}`,
    `${version}.${id}`,
    `${version}.${id}.${packed.slice(0, 10)}`,
    `${version}.${id}.${packed.slice(0, -2)}`,
    `${version}.${id}.${flipped.toString('base64url')}`,
  ]) {
    t.throws(() => cipher.open(text, context), SecretUnreadableError, text)
  }
})

t.test('the first key seals, and every key opens', async (t) => {
  const old = new SecretCipher([first])
  const both = new SecretCipher([second, first])
  const sealed = old.seal('hunter2', context)
  t.equal(both.open(sealed, context), 'hunter2')
  t.notOk(both.isCurrent(sealed))
  const anew = both.seal('hunter2', context)
  t.ok(both.isCurrent(anew))
  t.equal(new SecretCipher([second]).open(anew, context), 'hunter2')
  t.throws(() => old.open(anew, context), /SECRETS_KEY lacks the key [0-9a-f]{8} /)
})

t.test('a cipher without a key is none', async (t) => {
  t.throws(() => new SecretCipher([]), /no key/)
})
