import t from 'tap'
import { LeakyBucket } from '../../src/limits/leaky-bucket.js'

t.test('what is more than a burst comes later, each behind the one before', async (t) => {
  let now = 0
  const rate = new LeakyBucket({ burst: 100, perSecond: 50 }, () => now)
  t.equal(rate.add('a', 60), 0)
  t.equal(rate.add('a', 60), 0, 'as long as there is room it goes, whatever its size')
  t.equal(rate.add('a', 50), 400)
  t.equal(rate.add('a', 50), 1400)
  t.equal(rate.wait('a'), 2400)
  t.equal(rate.wait('b'), 0, 'each has a rate of its own')
  now = 2_000
  t.equal(rate.wait('a'), 400)
  now = 60_000
  t.equal(rate.add('a', 1_000), 0, 'it flows off')
  t.equal(rate.wait('a'), 18_000)
})
