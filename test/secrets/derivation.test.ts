import { randomBytes } from 'node:crypto'
import t from 'tap'
import { SecretDerivation } from '../../src/secrets/derivation.js'

const first = randomBytes(32)
const second = randomBytes(32)

t.test('the same text and key make the same secret, and nothing else does', async (t) => {
  const secret = new SecretDerivation([first], 'a purpose').derive('a text')
  t.match(secret, /^[\w-]{43}$/)
  t.equal(new SecretDerivation([first, second], 'a purpose').derive('a text'), secret)
  for (const other of [
    new SecretDerivation([first], 'a purpose').derive('another text'),
    new SecretDerivation([first], 'another purpose').derive('a text'),
    new SecretDerivation([second], 'a purpose').derive('a text'),
  ]) {
    t.not(other, secret)
  }
})

t.test('of several keys the first one makes secrets, and each of them finds its own', async (t) => {
  const [old, both] = [new SecretDerivation([first], 'x'), new SecretDerivation([second, first], 'x')]
  t.strictSame(both.candidates('a text'), [both.derive('a text'), old.derive('a text')])
  t.throws(() => new SecretDerivation([], 'x'))
})
