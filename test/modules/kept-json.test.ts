import { randomUUID } from 'node:crypto'
import t from 'tap'
import { startService } from '../helpers/app.js'
import { startChat } from '../helpers/chat.js'

const json = { 'content-type': 'application/json' }
const ODD =
  '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"toString":null,"a":{"__proto__":1}}'

t.test('fields are kept whatever they are called, and change nothing else', async (t) => {
  const service = await startService(t)
  const user = await service.newUser()
  const chat = await startChat(user)
  const token = await user.newKey()
  const send = (path: string, body: string) => service.request('POST', `/api/v1${path}`, { token, body, headers: json })
  const fields = `"agent_instance_id":"${chat.id}","content":"x","message_metadata":${ODD}`
  t.equal((await send('/messages/agent', `{${fields},"__proto__":{"content":"y"}}`)).status, 200)
  t.equal((await send('/messages/agent/batch', `{"messages":[{"id":"${randomUUID()}",${fields}}]}`)).status, 200)
  const withUrl = fields.replace('{"__proto__"', '{"webhook_url":null,"__proto__"')
  t.equal((await send('/messages/agent', `{${withUrl}}`)).status, 200, 'also when a field is taken out of it')
  const registration = `{"agent_type":"x","agent_instance_id":"${randomUUID()}","instance_metadata":${ODD}}`
  t.equal((await send('/agent-instances', registration)).status, 201)

  /** The database orders fields in its own way. */
  const sorted = (value: unknown) =>
    JSON.stringify(value, (_, part) =>
      typeof part === 'object' && part !== null ? Object.fromEntries(Object.entries(part).sort()) : part,
    )
  for (const path of [`/agent-instances/${chat.id}/messages`, `/agent-instances/${chat.id}`]) {
    const answer = await user.call('GET', path)
    const messages = Array.isArray(answer.body) ? answer.body : answer.body.messages
    const shown = messages.slice(1).map((message: { message_metadata: unknown }) => sorted(message.message_metadata))
    t.match(shown[0], '"__proto__":{"polluted":1}')
    t.strictSame(shown, Array(3).fill(sorted(JSON.parse(ODD))), path)
  }
  t.notOk('polluted' in {}, 'no other object has them')
})

t.test('the tools of MCP take such fields as well', async (t) => {
  const service = await startService(t)
  const token = await (await service.newUser()).newKey()
  const odd = '"__proto__":{"polluted":1,"name":"rm","step_description":2},"constructor":{"prototype":{"polluted":1}}'
  const args = `{"step_description":"x",${odd}}`
  const call = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"log_step","arguments":${args},${odd}}}`
  const { status, body } = await service.request('POST', '/mcp', { token, body: call, headers: json })
  t.match({ status, body }, { status: 200, body: { result: { structuredContent: { step_number: 1 } } } })
  t.notOk('polluted' in {}, 'no other object has them')
})

t.test('a number that would change is refused, naming it; one that would not is kept', async (t) => {
  const service = await startService(t)
  const user = await service.newUser()
  const chat = await startChat(user)
  const token = await user.newKey()
  const post = (fields: string) => {
    const body = `{"agent_instance_id":"${chat.id}","content":"x",${fields}}`
    return service.request('POST', '/api/v1/messages/agent', { token, body, headers: json })
  }
  for (const number of ['9007199254740993', '1e400', '0.1234567890123456789']) {
    const answer = await post(`"message_metadata":{"ids":[1,${number}]}`)
    t.match(answer, {
      status: 400,
      body: { code: 'invalid_request', errors: [{ path: 'body.message_metadata.ids.1' }] },
    })
    t.match(answer.body.detail, number, 'it is shown')
  }
  t.equal((await post('"sent_at_ns":1764278986123456789')).status, 200, 'a field that nobody reads is no matter')
  const kept = '{"a":1e21,"b":100000000000000000000,"c":1.50,"d":0.30000000000000004,"e":"9007199254740993"}'
  t.equal((await post(`"message_metadata":${kept}`)).status, 200)
  const { body } = await user.call('GET', `/agent-instances/${chat.id}/messages`)
  t.strictSame(body.at(-1).message_metadata, JSON.parse(kept))
  t.equal(body.length, 3, 'what was refused was not stored')
})
