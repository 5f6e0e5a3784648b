import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { newAccount } from '../helpers/http.js'
import { startService, temporaryDataDir } from '../helpers/process.js'

t.test('what callers can get wrong at will leaves no line in the log of the database', async (t) => {
  const dataDir = await temporaryDataDir(t)
  const service = await startService(t, { LOG_LEVEL: 'warn', DATA_DIR: dataDir, REGISTRATION: 'open' })
  const { person, agent } = await newAccount(service.url)
  const log = () => readFile(join(dataDir, 'postgres.log'), 'utf8')
  const before = await log()
  const [one, two] = [
    await person('POST', '/user-agents', { name: 'one' }),
    await person('POST', '/user-agents', { name: 'two' }),
  ]
  t.match(await person('PATCH', `/user-agents/${two.body.id}`, { name: 'One' }), { body: { code: 'name_taken' } })
  t.match(await person('PATCH', `/user-agents/${one.body.id}`, { name: 'one' }), { status: 200 })
  t.match(await person('POST', '/user-agents', { name: 'one' }), { body: { code: 'name_taken' } })
  const run = { agent_instance_id: randomUUID(), agent_type: 'one' }
  t.equal((await agent('POST', '/agent-instances', run)).status, 201)
  t.equal((await agent('POST', '/agent-instances', run)).status, 409)
  const step = { id: randomUUID(), ...run, content: 'x' }
  for (let n = 0; n < 2; n++) await agent('POST', '/messages/agent/batch', { messages: [step] })
  const account = { email: 'twice@example.com', password: 'correct horse battery staple' }
  t.match(await person('POST', '/auth/register', account), { status: 201 })
  t.match(await person('POST', '/auth/register', account), { body: { code: 'email_taken' } })
  t.match(await person('GET', `/agent-instances/${randomUUID()}`), { status: 404 })
  t.equal(await log(), before)
})
