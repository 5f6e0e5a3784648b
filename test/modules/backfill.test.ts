import { randomUUID } from 'node:crypto'
import t, { type Test } from 'tap'
import { type Answer, startOn, startService, type TestUser } from '../helpers/app.js'
import { contents, startChat } from '../helpers/chat.js'
import { LiveView } from '../helpers/live-view.js'
import { listen } from '../helpers/network.js'

interface Item {
  readonly id: string
  readonly agent_instance_id: string
  readonly content: string
  readonly agent_type?: string
  readonly sender_type?: 'AGENT' | 'USER'
  readonly requires_user_input?: boolean
  readonly history?: boolean
}

async function newUser(t: Test) {
  const service = await startService(t)
  const other = await startOn(t, service.testDatabase)
  const user = await service.newUser()
  const token = await user.newKey()
  const send = (messages: readonly object[], headers: Record<string, string> = {}, process = service) =>
    process.request('POST', '/api/v1/messages/agent/batch', { token, body: { messages }, headers })
  return { service, other, user, send }
}

/** So many messages to a run, which is made if it is not there. */
function items(run: string, count: number, name = 'item'): Item[] {
  return Array.from({ length: count }, (_, i) => ({
    id: randomUUID(),
    agent_instance_id: run,
    agent_type: 'importer',
    content: `${name} ${i}`,
  }))
}

const statuses = ({ body }: Answer): string[] => body.results.map(({ status }: { status: string }) => status)
const detail = async (user: TestUser, run: string) =>
  (await user.call('GET', `/agent-instances/${run}?message_limit=200`)).body

t.test('100 messages to new and old runs are stored once each, in order, however often they are sent', async (t) => {
  const { user, send } = await newUser(t)
  const chat = await startChat(user)
  const [a, b] = [randomUUID(), randomUUID()]
  const batch = [...items(a, 40), ...items(chat.id, 30), ...items(b, 29)].sort(() => Math.random() - 0.5)
  const first = await send(batch.slice(0, 60))
  t.strictSame(new Set(statuses(first)), new Set(['created']))
  const all = [...batch, ...items(b, 1, 'one more')]
  const second = await send(all)
  t.strictSame(
    second.body.results,
    all.map(({ id }, i) => ({ id, status: i < 60 ? 'duplicate' : 'created' })),
  )
  t.strictSame(new Set(statuses(await send(all))), new Set(['duplicate']))
  for (const run of [a, b, chat.id]) {
    const expected = all.filter((item) => item.agent_instance_id === run).map(({ content }) => content)
    t.strictSame(
      contents((await detail(user, run)).messages).filter((content) => content !== 'start'),
      expected,
    )
  }
})

t.test('an id counts once in the account: twice in a request, in another case, or in another run', async (t) => {
  const { user, send } = await newUser(t)
  const run = randomUUID()
  const [one, two] = items(run, 2)
  const elsewhere = { ...one, agent_instance_id: randomUUID(), content: 'in another run' }
  const again = { ...one, id: one?.id.toUpperCase(), content: 'again' }
  const answer = await send([one ?? {}, again, elsewhere, two ?? {}])
  t.strictSame(statuses(answer), ['created', 'duplicate', 'duplicate', 'created'])
  t.strictSame(contents((await detail(user, run)).messages), ['item 0', 'item 1'])
  t.strictSame(statuses(await send([elsewhere])), ['duplicate'])
  t.equal((await user.call('GET', `/agent-instances/${elsewhere.agent_instance_id}`)).status, 404)
})

t.test('only the messages of a run that cannot be made fail, and they can be sent again', async (t) => {
  const { user, send } = await newUser(t)
  const [known, unknown] = [randomUUID(), randomUUID()]
  const [orphan] = items(unknown, 1)
  const { agent_type: _, ...untyped } = orphan ?? {}
  const answer = await send([...items(known, 1), untyped, { ...untyped, content: 'twice' }, ...items(known, 1)])
  t.strictSame(statuses(answer), ['created', 'failed', 'failed', 'created'])
  t.match(answer.body.results[1].error, { code: 'agent_type_required', detail: /agent_type is required/ })
  t.equal((await user.call('GET', `/agent-instances/${unknown}`)).status, 404)
  t.strictSame(statuses(await send([orphan ?? {}])), ['created'])
})

t.test('the place, the queue and the status stay; only what is no history sets the status', async (t) => {
  const { user, send } = await newUser(t)
  const chat = await startChat(user)
  await chat.post('question', { requires_user_input: true })
  const asked = (await chat.detail()).body
  await chat.write('answer')
  const history = { history: true, requires_user_input: false }
  const [old, ofPerson, recent] = items(chat.id, 3)
  await user.call('PUT', `/agent-instances/${chat.id}/status`, { status: 'PAUSED' })
  await send([
    { ...old, ...history },
    { ...ofPerson, ...history, sender_type: 'USER' },
  ])
  const after = (await chat.detail()).body
  t.match(after, { status: 'PAUSED', last_read_message_id: asked.last_read_message_id })
  t.match(after.messages.at(-1), { sender_type: 'USER', sender_user_id: user.id, content: 'item 1' })
  await send([{ ...recent, requires_user_input: true }])
  t.equal((await chat.detail()).body.status, 'AWAITING_INPUT')
  const handed = (await chat.poll(asked.last_read_message_id)).body
  t.strictSame([handed.status, ...contents(handed.messages)], ['ok', 'answer'], 'and nothing that was backfilled')
})

t.test('live views are told of what is backfilled, on both processes', async (t) => {
  const { service, other, user, send } = await newUser(t)
  const bases = [await listen(service), await listen(other)]
  const views = await Promise.all(bases.map((base) => LiveView.open(t, base, 'account', { token: user.token })))
  const run = randomUUID()
  await send(items(run, 5))
  for (const view of views) {
    await view.untilCount('message', 5)
    t.strictSame(
      view.events.map(({ event }) => event),
      ['connected', 'instance_created', ...Array(5).fill('message')],
    )
  }
})

t.test('equal batches at once, with and without a key, store everything once and fail nobody', async (t) => {
  const { service, other, user, send } = await newUser(t)
  const runs = [randomUUID(), randomUUID(), randomUUID()]
  const batch = runs.flatMap((run) => items(run, 5))
  const keys: Record<string, string>[] = [{}, {}, { 'idempotency-key': 'a' }, { 'idempotency-key': 'a' }]
  const answers = await Promise.all(
    [...keys, ...keys, { 'idempotency-key': 'b' }].map((headers, i) => {
      const order = i % 3 ? batch : batch.toReversed()
      // The same key stands for the same request.
      return send('idempotency-key' in headers ? batch : order, headers, i % 2 ? service : other)
    }),
  )
  t.strictSame(
    answers.filter(({ status }) => status !== 200).map(({ body }) => body),
    [],
  )
  for (const run of runs) t.equal((await detail(user, run)).messages.length, 5)
  const replayed = answers.filter(({ headers }) => headers['idempotency-replayed'] === 'true')
  t.equal(replayed.length, 3)
})

t.test(
  'batches that move the same messages to different runs at once, while agents post there, fail nobody',
  async (t) => {
    const { service, other, user, send } = await newUser(t)
    const chats = [await startChat(user), await startChat(user), await startChat(user)]
    for (let round = 0; round < 4; round++) {
      const batch = chats.flatMap(({ id }) => items(id, 3))
      const shifted = batch.map((item, i) => ({ ...item, agent_instance_id: chats[(i + 1) % 3]?.id ?? '' }))
      const answers = await Promise.all([
        send(batch, { 'idempotency-key': `a${round}` }),
        send(shifted, { 'idempotency-key': `b${round}` }, other),
        send(shifted.toReversed(), {}, other),
        send(batch, {}, service),
        ...chats.flatMap((chat) => [chat.post('step'), chat.write('words')]),
      ])
      t.strictSame(
        answers.filter(({ status }) => status !== 200).map(({ body }) => body),
        [],
      )
      const created = answers.slice(0, 4).flatMap(statuses)
      t.equal(created.filter((status) => status === 'created').length, batch.length)
    }
  },
)

t.test("another account's ids are neither in the way nor touched", async (t) => {
  const { service, user, send } = await newUser(t)
  const stranger = await service.newUser()
  const token = await stranger.newKey()
  const batch = items(randomUUID(), 3)
  const body = { messages: batch.map((item) => ({ ...item, content: 'theirs' })) }
  const theirs = await service.request('POST', '/api/v1/messages/agent/batch', { token, body })
  t.strictSame(statuses(theirs), ['created', 'created', 'created'])
  t.strictSame(statuses(await send(batch)), ['created', 'created', 'created'])
  const run = batch[0]?.agent_instance_id ?? ''
  t.strictSame(contents((await detail(stranger, run)).messages), ['theirs', 'theirs', 'theirs'])
  t.strictSame(contents((await detail(user, run)).messages), ['item 0', 'item 1', 'item 2'])
})

t.test('too many, none, an unknown field and a key for one run only are refused', async (t) => {
  const { send, user } = await newUser(t)
  const run = randomUUID()
  const [one] = items(run, 1)
  const bad = { none: [], 'too many': items(run, 101), 'unknown field': [{ ...one, git_diff: 'x' }] }
  for (const [what, messages] of Object.entries(bad)) t.equal((await send(messages)).status, 400, what)
  t.equal((await user.call('POST', '/messages/agent/batch', { messages: [one] })).status, 403, 'people do not backfill')
  t.equal((await user.call('GET', `/agent-instances/${run}`)).status, 404)
})
