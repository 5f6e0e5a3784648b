import t, { type Test } from 'tap'
import { Turns } from '../../src/limits/turns.js'

/** Numbers the iterations of the event loop from here on. @returns the number of the current one */
function countIterations(t: Test): () => number {
  let iteration = 0
  let timer = setImmediate(function next() {
    iteration += 1
    timer = setImmediate(next)
  })
  t.teardown(() => clearImmediate(timer))
  return () => iteration
}

t.test('each piece of work has an iteration of the event loop of its own, in order', async (t) => {
  const turns = new Turns()
  const iteration = countIterations(t)
  const order: number[] = []
  const iterations: number[] = []
  await Promise.all(
    Array.from({ length: 5 }, async (_, i) => {
      await turns.take()
      order.push(i)
      iterations.push(iteration())
    }),
  )
  t.strictSame(order, [0, 1, 2, 3, 4])
  t.equal(new Set(iterations).size, 5)
})

t.test('where several share a turn, nobody joins one that has come', async (t) => {
  const turns = new Turns(2)
  const iteration = countIterations(t)
  const take = () => turns.take().then(iteration)
  const [a, b, c] = await Promise.all([take(), take(), take()])
  t.equal(a, b)
  t.not(b, c)
  const before = iteration()
  t.ok((await take()) > before, 'the last one was not full')
})
