import { randomUUID } from 'node:crypto'
import t from 'tap'
import { type Answer, startService } from '../helpers/app.js'

// biome-ignore lint/suspicious/noExplicitAny: the contract is JSON
type Json = any

/** Operations for agents that are not about one run: a key that is bound to one may not call them. */
const ABOUT_NO_RUN = [
  'getAgentSummary',
  'listAgentInstances',
  'listAgentTypeInstances',
  'listAgentTypes',
  'postAgentMessageBatch',
  'verifyApiKey',
]

/** Their run is the one of the message that the path names. Another run's message does not exist for a bound key. */
const ABOUT_A_MESSAGE = ['requestUserInput']

/**
 * Every operation that takes an API key, with a key that is bound to a run. A route that names the wrong field, or none,
 * shows itself: either the own run is refused, or another one is let through because the own id stands beside it.
 */
t.test('each route for agents takes its run from the field that its schema declares, and from no other', async (t) => {
  const { app, services, newUser, request, database } = await startService(t)
  const document: Json = app.swagger()
  const user = await newUser()
  const free = await user.newAgent()
  const operations = Object.entries<Json>(document.paths).flatMap(([path, item]) =>
    Object.entries<Json>(item)
      .filter(([, spec]) => spec.security.some((scheme: Json) => 'apiKey' in scheme))
      .map(([method, spec]) => ({ method: method.toUpperCase() as 'GET' | 'POST' | 'PUT' | 'PATCH', path, spec })),
  )
  t.ok(operations.length >= 10, 'the operations were found')

  for (const { method, path, spec } of operations) {
    const name: string = spec.operationId
    const [own, other] = [randomUUID(), randomUUID()]
    for (const id of [own, other]) await free('POST', '/agent-instances', { agent_instance_id: id, agent_type: 'x' })
    const elsewhere = await free('POST', '/messages/agent', { agent_instance_id: other, content: 'not yours' })
    const tenant = database.tenant(user.id)
    const options = { name: 'bound', expiresInDays: 1, instanceId: own, scopes: ['agent' as const, 'read' as const] }
    const { api_key: token } = await services.apiKeys.create(tenant, options)

    const fields = (place: string) =>
      (spec.parameters ?? [])
        .filter((parameter: Json) => parameter.in === place)
        .map((parameter: Json) => parameter.name)
    const reference = spec.requestBody?.content['application/json']?.schema.$ref
    const bodySchema = reference && document.components.schemas[reference.split('/').at(-1)]
    /** Names `id` where the contract declares a run, and the own one in every field that it does not declare. */
    const send = async (id: string): Promise<Answer> => {
      const decoys = { id: own, agent_instance_id: own, instance_id: own }
      const query = { ...decoys, ...(fields('query').includes('agent_instance_id') ? { agent_instance_id: id } : {}) }
      const names = Object.keys(bodySchema?.properties ?? {}).includes('agent_instance_id')
      // Our own bodies refuse unknown fields before anybody asks whose run it is.
      const ignored = bodySchema?.additionalProperties === false ? {} : decoys
      const body = { ...bodySchema?.examples[0], ...ignored, ...(names ? { agent_instance_id: id } : {}) }
      const url = path.replace('{message_id}', elsewhere.body.message_id).replace('{id}', id)
      return request(method, url, { token, query, ...(bodySchema ? { body } : {}) })
    }
    const refusal = { status: 403, body: { code: 'key_bound_to_instance' } }
    if (ABOUT_A_MESSAGE.includes(name)) t.equal((await send(other)).status, 404, name)
    else t.match(await send(other), refusal, `${name}: another run, with the own id beside it`)
    if (ABOUT_NO_RUN.includes(name)) t.match(await send(own), refusal, `${name}: is not about one run`)
    else if (!ABOUT_A_MESSAGE.includes(name)) t.not((await send(own)).status, 403, `${name}: the own run`)
  }
})

t.test('a bound key that names its run in a field that the route does not know is told so', async (t) => {
  const { services, newUser, request, database } = await startService(t)
  const user = await newUser()
  const own = randomUUID()
  const register = (body: object, token: string) => request('POST', '/api/v1/agent-instances', { body, token })
  await register({ agent_type: 'x', agent_instance_id: own }, await user.newKey())
  const bound = await services.apiKeys.create(database.tenant(user.id), {
    name: 'b',
    expiresInDays: 1,
    instanceId: own,
  })
  const answer = await register({ agent_type: 'x', id: own }, bound.api_key)
  t.match(answer, { status: 403, body: { code: 'key_bound_to_instance' } })
})
