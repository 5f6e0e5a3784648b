import t from 'tap'
import { ByteBudget } from '../../src/limits/byte-budget.js'

t.test('there is room until a limit is reached, and whoever has nothing may go beyond it at once', async (t) => {
  const budget = new ByteBudget({ owner: 10, process: 100 })
  t.equal(budget.isFullFor('a'), undefined)
  const [first, second] = [budget.share('a'), budget.share('a')]
  first.add(9)
  t.ok(budget.isEmptyEnough)
  t.equal(budget.isFullFor('a'), undefined)
  second.add(50)
  t.notOk(budget.isEmptyEnough)
  t.strictSame([budget.isFullFor('a'), budget.isFullFor('b')], ['owner', undefined], 'others have room')
  second.release()
  t.equal(budget.isFullFor('a'), undefined)
  first.add(1)
  t.equal(budget.isFullFor('a'), 'owner')
})

t.test('all together have a limit, whoever they are', async (t) => {
  const budget = new ByteBudget({ owner: 10, process: 20 })
  for (const owner of ['a', 'b', 'c', 'd']) budget.share(owner).add(5)
  t.equal(budget.total, 20)
  t.strictSame([budget.isFullFor('a'), budget.isFullFor('e')], ['process', 'process'])
})

t.test('what is released is released once, and holds nothing more', async (t) => {
  const budget = new ByteBudget({ owner: 10, process: 20 })
  const share = budget.share('a')
  share.add(3)
  share.add(4)
  t.equal(budget.total, 7)
  share.release()
  share.release()
  share.add(5)
  t.equal(budget.total, 0)
})
