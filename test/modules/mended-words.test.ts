import { randomUUID } from 'node:crypto'
import t from 'tap'
import { startService } from '../helpers/app.js'
import { contents, startChat } from '../helpers/chat.js'

/** As terminals leave it that cut in the middle of a character; and how it is kept. */
const CUT = 'a\0b, \ud83d'
const KEPT = 'a\u{FFFD}b, \u{FFFD}'
const WARNINGS = [/^content had NUL characters or halves of surrogate pairs.*U\+FFFD/]

t.test('words that cannot be stored as they are cost no message, and the sender is told', async (t) => {
  const service = await startService(t)
  const user = await service.newUser()
  const chat = await startChat(user)
  const posted = await chat.post(CUT)
  t.match(posted, { status: 200, body: { warnings: WARNINGS } })
  t.match(await chat.report(CUT), { status: 200, body: { warnings: WARNINGS } })
  t.match(await chat.write(CUT), { status: 200, body: { content: KEPT, warnings: WARNINGS } })
  const item = { agent_instance_id: chat.id, content: CUT }
  const messages = [
    { ...item, id: randomUUID() },
    { ...item, id: randomUUID(), content: 'fine' },
  ]
  const batch = () => chat.agent('POST', '/messages/agent/batch', { messages })
  t.match((await batch()).body.results, [{ status: 'created', warnings: WARNINGS }, { status: 'created' }])
  t.notOk(
    (await batch()).body.results.some((result: object) => 'warnings' in result),
    'nothing was stored this time',
  )
  t.strictSame(contents((await chat.detail()).body.messages), ['start', KEPT, KEPT, KEPT, KEPT, 'fine'])

  for (const answer of [await chat.post('😀'), await chat.report('😀'), await chat.write('😀')]) {
    t.equal(answer.status, 200)
    t.notOk('warnings' in answer.body, 'where nothing is wrong, nothing is said')
  }
})

t.test(
  'metadata that cannot be stored as they are cost no message, whatever is in them and however deep',
  async (t) => {
    const service = await startService(t)
    const user = await service.newUser()
    const chat = await startChat(user)
    const message_metadata = { [CUT]: [1, { a: CUT, __proto__: null }], options: [CUT, 'No'], fine: '😀' }
    const kept = { [KEPT]: [1, { a: KEPT }], options: [KEPT, 'No'], fine: '😀' }
    const warnings = [/^message_metadata had NUL characters or halves of surrogate pairs.*U\+FFFD/]
    t.match(await chat.post('step', { message_metadata }), { status: 200, body: { warnings } })
    const item = { id: randomUUID(), agent_instance_id: chat.id, content: CUT, message_metadata }
    const batch = () => chat.agent('POST', '/messages/agent/batch', { messages: [item] })
    t.match((await batch()).body.results, [{ status: 'created', warnings: [...WARNINGS, ...warnings] }])
    t.strictSame((await batch()).body.results, [{ id: item.id, status: 'duplicate' }])
    const { messages } = (await chat.detail()).body
    for (const message of messages.slice(1)) t.strictSame(message.message_metadata, kept)

    const named = JSON.parse('{"__proto__": "\\ud83d", "constructor": {"__proto__": {"a": "\\u0000"}}}')
    t.match(await chat.post('step', { message_metadata: named }), { status: 200, body: { warnings } })
    const shown = (await chat.detail()).body.messages.at(-1).message_metadata
    t.equal(JSON.stringify(shown), '{"__proto__":"\u{FFFD}","constructor":{"__proto__":{"a":"\u{FFFD}"}}}')

    const both = await chat.post(CUT, { message_metadata: { webhook_url: 'nonsense\0', other: CUT } })
    t.match(both.body.warnings, [...WARNINGS, ...warnings, /^message_metadata.webhook_url is not called/])
    let deep: unknown = '\0'
    for (let depth = 0; depth < 1000; depth++) deep = [deep]
    const refused = await chat.post('step', { message_metadata: { deep, other: CUT } })
    t.match(refused, { status: 400, body: { errors: [{ path: 'body', message: /nested deeper/ }] } })
  },
)

t.test('elsewhere it is refused, naming the field', async (t) => {
  const service = await startService(t)
  const user = await service.newUser()
  const chat = await startChat(user)
  for (const [answer, path] of [
    [await chat.post(CUT, { agent_type: 'a\0' }), 'body.agent_type'],
    [await chat.post(CUT, { agent_instance_id: '\0' }), 'body.agent_instance_id'],
    [await chat.post(CUT, { content: ['\0'] }), 'body.content.0'],
    [await user.call('POST', '/user-agents', { name: '\ud83d' }), 'body.name'],
  ] as const) {
    t.match(answer, { status: 400, body: { errors: [{ path }] } }, path)
  }
  t.strictSame(contents((await chat.detail()).body.messages), ['start'], 'and nothing is stored')
})

t.test('the same key is good for the same words, however often they are sent', async (t) => {
  const service = await startService(t)
  const chat = await startChat(await service.newUser())
  const send = () =>
    chat.agent(
      'POST',
      '/messages/agent',
      { agent_instance_id: chat.id, content: CUT },
      { headers: { 'idempotency-key': 'x' } },
    )
  const first = await send()
  t.match(first.body.warnings, WARNINGS)
  t.strictSame((await send()).body, first.body)
})
