import { randomUUID } from 'node:crypto'
import t, { type Test } from 'tap'
import { type Answer, startService, type TestService, type TestUser } from './helpers/app.js'
import { connectAsOwner } from './helpers/owner.js'

// biome-ignore lint/suspicious/noExplicitAny: the contract is JSON
type Json = any
type Part = 'path' | 'query' | 'body'

/** A place in a request where an id is expected. */
interface Slot {
  readonly part: Part
  readonly name: string
}

interface Operation {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly spec: Json
  readonly slots: Slot[]
}

/**
 * Places whose id does not ask for something that is there: it names what is to be made in the caller's own account, is
 * compared with the caller's own place or id, is ignored where it is unknown, or is answered with the 400 that legacy
 * clients know.
 */
const otherAnswers: Record<string, number> = {
  'postAgentMessage agent_instance_id': 200,
  'registerAgentInstance agent_instance_id': 201,
  'getPendingMessages last_read_message_id': 200,
  'listMessages before_message_id': 200,
  'getAgentInstance before_message_id': 200,
  'getPendingMessages agent_instance_id': 400,
  'reportUserMessage agent_instance_id': 400,
  'endSession agent_instance_id': 400,
  'syncUser id': 403,
  'listApiKeys agent_instance_id': 200,
}

/**
 * Every operation of the contract, with every id of another tenant in every place where an id is expected: the answer is
 * the one for an id that does not exist, the work for it is the same, and nothing of the other tenant changes. Routes and
 * fields that are added later are covered as they stand in the contract.
 */
t.test("another tenant's ids are as good as ids that do not exist, in every place of every operation", async (t) => {
  const service = await startService(t, {}, { webhooks: { concurrency: 0 } })
  const operations = operationsOf(service.app.swagger()).filter(({ slots }) => slots.length > 0)
  t.ok(operations.length >= 15, 'the operations were found')
  const theirs = await fill(service)
  const before = await rowsOf(t, service, theirs.user)

  for (const operation of operations) {
    for (const slot of operation.slots) {
      // A new account each time: what one request makes or deletes is not in the way of the next.
      const mine = await fill(service)
      const name = `${operation.spec.operationId} ${slot.name}`
      for (const [kind, id] of Object.entries(theirs.ids)) {
        const [foreign, missing] = await compare(service, mine, operation, slot, id)
        t.equal(foreign.status, otherAnswers[name] ?? 404, `${name}: their ${kind}`)
        t.strictSame(comparable(foreign), comparable(missing), `${name}: their ${kind} looks like nothing`)
        // What is made is announced, at a moment of its own.
        if (foreign.status >= 400)
          t.equal(foreign.work, missing.work, `${name}: their ${kind} is as much work as nothing`)
      }
    }
  }
  t.strictSame(await rowsOf(t, service, theirs.user), before, 'nothing of theirs has changed')
})

interface Tenant {
  readonly user: TestUser
  readonly key: string
  readonly ids: Record<string, string>
}

/** An account with something of everything. */
async function fill({ newUser }: TestService): Promise<Tenant> {
  const user = await newUser()
  const minted = await user.call('POST', '/auth/api-keys', { name: 'k', scopes: ['agent', 'read'] })
  const key = minted.body.api_key
  const agent = (path: string, body: object) =>
    user.call('POST', path, body, { headers: { authorization: `Bearer ${key}` } })
  const instance = randomUUID()
  const step = await agent('/messages/agent', { agent_instance_id: instance, agent_type: 'x', content: 'a step' })
  const answer = await user.call('POST', `/agent-instances/${instance}/messages`, { content: 'an answer' })
  const types = await user.call('GET', '/agent-types')
  const webhook = await user.call('POST', '/webhooks', { url: 'https://receiver.example/', events: ['ping'] })
  const delivery = await user.call('POST', `/webhooks/${webhook.body.id}/test`)
  return {
    user,
    key,
    ids: {
      user: user.id,
      session: user.sessionId,
      instance,
      message: step.body.message_id,
      answer: answer.body.id,
      'agent type': types.body[0].id,
      'API key': minted.body.id,
      webhook: webhook.body.id,
      delivery: delivery.body.id,
    },
  }
}

/** Attempts at two requests between which nothing else happens: a credential that is read anew is work as well. */
const ATTEMPTS = 10

/** Sends a request with this id and one with an id of nothing; again if their work differs, which may be chance. */
async function compare(service: TestService, mine: Tenant, operation: Operation, slot: Slot, id: string) {
  for (let attempt = 1; ; attempt++) {
    const foreign = await send(service, mine, operation, slot, id)
    const missing = await send(service, mine, operation, slot, randomUUID())
    if (foreign.work === missing.work || foreign.status < 400 || attempt === ATTEMPTS)
      return [foreign, missing] as const
  }
}

/** Sends a request in which everything is the caller's own and in order, but for one id. Counts round trips to the database. */
async function send(service: TestService, mine: Tenant, operation: Operation, slot: Slot, id: string) {
  const { path, spec, slots, method } = operation
  const own = ({ part, name }: Slot) =>
    part === slot.part && name === slot.name ? id : (mine.ids[kindOf(path, name)] ?? randomUUID())
  const values = (part: Part) => Object.fromEntries(slots.filter((s) => s.part === part).map((s) => [s.name, own(s)]))
  const pathValues: Record<string, string> = values('path')
  const url = path.replaceAll(/\{(\w+)\}/g, (_, name) => pathValues[name] ?? '')
  const schema = bodySchema(service.app.swagger(), spec)
  const forAgents = spec.security.some((scheme: Json) => 'apiKey' in scheme)
  const count = countWork(service)
  const answer = await service.request(method, url, {
    token: forAgents ? mine.key : mine.user.token,
    query: requiredOr(spec, slot, values('query')),
    ...(schema ? { body: { ...schema.examples[0], ...values('body') } } : {}),
  })
  return { ...answer, id, work: count() }
}

/** Optional query parameters stay out, unless they are what is tried. */
function requiredOr(spec: Json, slot: Slot, values: Record<string, string>): Record<string, string> {
  const required = (spec.parameters ?? []).filter((p: Json) => p.in === 'query' && p.required).map((p: Json) => p.name)
  return Object.fromEntries(
    Object.entries(values).filter(([name]) => required.includes(name) || (slot.part === 'query' && slot.name === name)),
  )
}

/** What an id in this place is the id of. */
function kindOf(path: string, name: string): string {
  if (name !== 'id')
    return { agent_instance_id: 'instance', agent_type_id: 'agent type', delivery_id: 'delivery' }[name] ?? 'message'
  if (path.includes('instances/{id}')) return 'instance'
  if (path.includes('/webhooks/')) return 'webhook'
  return path.includes('api-keys') ? 'API key' : path.includes('sync-user') ? 'user' : 'agent type'
}

/** Counts what is done for requests; the service does other things of itself. */
function countWork({ database }: TestService): () => number {
  const lend = Object.getPrototypeOf(database).withClient
  let lent = 0
  database.withClient = (borrower, work) => {
    if (!['queue', 'errands', 'events'].includes(borrower)) lent++
    return lend.call(database, borrower, work)
  }
  return () => lent
}

/** What a caller can tell answers apart by; the request's own ids aside. */
function comparable(answer: Answer & { id: string }) {
  const { date: _date, 'x-request-id': requestId, 'content-length': _length, ...headers } = answer.headers
  const text = answer.raw.body.replaceAll(answer.id, '<id>').replaceAll(String(requestId), '<request>')
  return { status: answer.status, headers, body: text.replaceAll(UUID, '<new id>').replaceAll(TIME, '<time>') }
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g
const TIME = /\d{4}-\d{2}-\d{2}T[\d:.]+Z/g

/** Everything that a tenant has in the database. */
async function rowsOf(t: Test, { testDatabase }: TestService, { id }: TestUser): Promise<unknown> {
  const owner = await connectAsOwner(t, testDatabase)
  const tables = await owner.query<{ name: string }>(
    `select relname as name from pg_class where relrowsecurity and relkind = 'r' order by relname`,
  )
  const rows: Record<string, unknown> = {}
  for (const { name } of tables.rows) {
    const column = name === 'users' ? 'id' : 'user_id'
    const found = await owner.query(`select to_jsonb(r) as row from ${name} r where ${column} = $1 order by r::text`, [
      id,
    ])
    rows[name] = found.rows
  }
  return rows
}

function operationsOf(document: Json): Operation[] {
  return Object.entries<Json>(document.paths).flatMap(([path, item]) =>
    Object.entries<Json>(item).map(([method, spec]) => ({
      method: method.toUpperCase() as Operation['method'],
      path,
      spec,
      slots: [...parameterSlots(spec), ...bodySlots(bodySchema(document, spec))],
    })),
  )
}

function parameterSlots(spec: Json): Slot[] {
  return (spec.parameters ?? [])
    .filter((parameter: Json) => parameter.schema.format === 'uuid')
    .map((parameter: Json) => ({ part: parameter.in, name: parameter.name }))
}

function bodySlots(schema: Json): Slot[] {
  return Object.entries<Json>(schema?.properties ?? {})
    .filter(([, property]) => property.format === 'uuid')
    .map(([name]) => ({ part: 'body', name }))
}

function bodySchema(document: Json, spec: Json): Json {
  const reference = spec.requestBody?.content['application/json']?.schema.$ref
  return reference && document.components.schemas[reference.split('/').at(-1)]
}
