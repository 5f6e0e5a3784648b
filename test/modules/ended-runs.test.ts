import t, { type Test } from 'tap'
import { startOn, startService, type TestService } from '../helpers/app.js'
import { startChat } from '../helpers/chat.js'
import { until } from '../helpers/wait-timeout.js'

/** Seconds that are over long after the test is: a wait that lasts so long has to be ended. */
const FOR_EVER = 3600

/** A run whose agent may wait in either of two processes. */
async function newRun(t: Test) {
  const service = await startService(t)
  const other = await startOn(t, service.testDatabase)
  const user = await service.newUser()
  const chat = await startChat(user)
  const over = new AbortController()
  t.teardown(() => over.abort())
  const { keyId, secretHash } = await service.services.apiKeys.authenticate(await user.newKey())
  const wait = ({ services, database }: TestService, place?: string) => {
    const waitOptions = { seconds: FOR_EVER, keyId, secretHash, signal: over.signal }
    return services.messages.awaitPending(database.tenant(user.id), chat.id, place, waitOptions)
  }
  const untilWaiting = (count: number) =>
    until('all to wait', () => service.services.longPolls.openCount + other.services.longPolls.openCount === count)
  const set = (status: string) => user.call('PUT', `/agent-instances/${chat.id}/status`, { status })
  return { service, other, user, chat, wait, untilWaiting, set }
}

t.test('whatever an agent sends is answered with what its run is doing', async (t) => {
  const { chat, set } = await newRun(t)
  const heartbeat = () => chat.agent('POST', `/agents/instances/${chat.id}/heartbeat`)
  for (const status of ['PAUSED', 'DISCONNECTED', 'COMPLETED', 'KILLED']) {
    await set(status)
    for (const call of [() => chat.poll(), () => chat.poll(chat.firstId), heartbeat]) {
      t.match(await call(), { status: 200, body: { instance_status: status } })
    }
    const opened = status === 'KILLED' ? status : 'ACTIVE'
    t.match(await chat.post('step'), { status: 200, body: { instance_status: opened } }, `after ${status}`)
    t.match(await chat.poll(chat.firstId), { body: { status: 'stale', instance_status: opened } })
    const question = await chat.post('question', { requires_user_input: true })
    t.equal(question.body.instance_status, status === 'KILLED' ? status : 'AWAITING_INPUT')
  }
})

t.test('each of those who post together is told how the run stands then', async (t) => {
  const { chat, service } = await newRun(t)
  const fresh = await startChat(await service.newUser())
  const posts = Array.from({ length: 12 }, (_, i) => chat.post(`${i}`, { requires_user_input: i % 2 === 1 }))
  const answers = await Promise.all([...posts, fresh.post('step')])
  t.equal(answers.at(-1)?.body.instance_status, 'ACTIVE', "another's run is nothing to it")
  const { body } = await chat.detail()
  t.equal(answers.at(-2)?.body.instance_status, body.status)
  for (const answer of answers) t.match(answer.body.instance_status, /^(ACTIVE|AWAITING_INPUT)$/)
})

for (const status of ['KILLED', 'FAILED']) {
  t.test(
    `all who wait are let go at once when the run is ${status}, in each process, and nobody waits then`,
    async (t) => {
      const { service, other, chat, wait, untilWaiting, set } = await newRun(t)
      const ended = { status: 'ok', messages: [], instance_status: status }
      const waiting = [service, other].flatMap((process) => [wait(process), wait(process, chat.firstId)])
      await untilWaiting(4)
      await set(status)
      for (const answer of await Promise.all(waiting)) t.strictSame(answer, ended)
      t.strictSame(await wait(service, chat.firstId), ended)
      t.strictSame(await wait(other), ended)

      await chat.write('a last word')
      const last = await wait(service, chat.firstId)
      t.match(last, { messages: [{ content: 'a last word' }], instance_status: status })
      await last.handoff?.arrived()
      t.strictSame(await wait(service, chat.firstId), { ...ended, status: 'stale' })
    },
  )
}

t.test('in a completed run agents wait: a person may open it again', async (t) => {
  const { service, other, chat, wait, untilWaiting, set } = await newRun(t)
  const before = wait(service)
  await untilWaiting(1)
  await set('COMPLETED')
  const since = wait(other)
  await untilWaiting(2)
  await chat.write('One thing more')
  for (const answer of [await before, await since]) {
    t.match(answer, { messages: [{ content: 'One thing more' }], instance_status: 'ACTIVE' })
  }
})

t.test('who waited in vain is told what the run is doing by then', async (t) => {
  const { service, other, wait, untilWaiting, set } = await newRun(t)
  const waiting = wait(service)
  await untilWaiting(1)
  await set('PAUSED')
  await service.app.close()
  t.strictSame(await waiting, { status: 'ok', messages: [], instance_status: 'PAUSED' })
  t.equal(other.services.longPolls.openCount, 0)
})
