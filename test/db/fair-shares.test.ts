import t from 'tap'
import { BusyError, DatabaseUnavailableError } from '../../db/errors.js'
import { FairShares } from '../../db/fair-shares.js'

/** Longer than any of these tests takes. */
const LONG = 60_000

/** Shares whose loans are noted in their order, by borrower. */
function newShares(capacity: number, { waitTimeoutMs = LONG, maxWaiting = 100 } = {}) {
  const shares = new FairShares({ capacity, waitTimeoutMs, maxWaiting })
  const lent: string[] = []
  const borrow = (name: string, times = 1) =>
    Promise.all(Array.from({ length: times }, () => shares.borrow(name).then(() => lent.push(name))))
  const giveBack = async (name: string, times = 1) => {
    for (let i = 0; i < times; i++) shares.giveBack(name)
    await settled()
  }
  const count = (name: string) => lent.filter((other) => other === name).length
  return { shares, lent, borrow, giveBack, count }
}

/** When all promises that can go on have gone on. */
const settled = () => new Promise((done) => setImmediate(done))

t.test('alone, an account may have more than its quarter, and still leaves a share for a stranger', async (t) => {
  const { borrow, count } = newShares(16)
  borrow('account', 40)
  await settled()
  t.equal(count('account'), 8, 'of sixteen, four are for the service and four for whoever comes')
  await borrow('stranger', 4)
  t.equal(count('stranger'), 4)
})

t.test('while others wait, an account gets a quarter, and everybody is served in turn', async (t) => {
  const { borrow, giveBack, lent, count } = newShares(8)
  borrow('a', 20)
  await settled()
  t.equal(count('a'), 4)
  for (const name of ['b', 'c', 'd']) borrow(name, 3)
  await settled()
  t.same([count('b'), count('c'), count('d')], [2, 0, 0], 'six are for accounts')
  lent.length = 0
  await giveBack('a', 2)
  t.strictSame(lent, ['c', 'd'], 'whoever has had more than a quarter waits for the others')
  await giveBack('a', 2)
  t.strictSame(lent.slice(2), ['a', 'c'], 'below its quarter, it is its turn again')
  await giveBack('b')
  t.strictSame(lent.slice(4), ['b'])
})

t.test('however many accounts there are, the concerns of the service have their share', async (t) => {
  const { borrow, count } = newShares(8)
  for (let i = 0; i < 50; i++) borrow(`account ${i}`, 3)
  await settled()
  await Promise.all([borrow('lookups'), borrow('combined posts')])
  t.same([count('lookups'), count('combined posts')], [1, 1])
})

t.test('no concern of the service takes the accounts their connections', async (t) => {
  const { borrow, count } = newShares(16)
  borrow('account', 20)
  borrow('lookups', 100)
  await settled()
  t.equal(count('lookups'), 4)
  await borrow('stranger')
  t.equal(count('stranger'), 1)
})

t.test('a pool of one or two connections serves everybody too', async (t) => {
  for (const capacity of [1, 2]) {
    const { borrow, giveBack, lent } = newShares(capacity)
    borrow('a', 2)
    borrow('lookups')
    borrow('b')
    await settled()
    await giveBack('a')
    if (capacity === 1) await giveBack('lookups')
    await giveBack('b')
    t.strictSame([...lent].sort(), ['a', 'a', 'b', 'lookups'], `${capacity}`)
  }
})

t.test('the queue of an account is bounded, and nobody else feels it', async (t) => {
  const { shares, borrow } = newShares(4, { maxWaiting: 3 })
  borrow('account', 5)
  await settled()
  await t.rejects(shares.borrow('account'), BusyError)
  await borrow('stranger')
})

t.test('whoever waits too long is told so, and stands in nobody’s way', async (t) => {
  const { shares, borrow, giveBack, lent } = newShares(4, { waitTimeoutMs: 20 })
  // In the service, the connections of those who wait do that.
  const keptAlive = setInterval(() => {}, 1_000)
  t.teardown(() => clearInterval(keptAlive))
  await borrow('a', 2)
  await borrow('b')
  await t.rejects(shares.borrow('a'), DatabaseUnavailableError)
  lent.length = 0
  await giveBack('b')
  await borrow('c')
  t.strictSame(lent, ['c'])
  await giveBack('a', 2)
  await giveBack('c')
  await borrow('a', 2)
  t.strictSame(lent, ['c', 'a', 'a'], 'nothing was lent to whom no longer waits')
})
