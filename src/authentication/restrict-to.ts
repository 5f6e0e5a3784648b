import type { FastifyInstance } from 'fastify'
import type { KeyScope } from '../../schemas/api-keys.js'
import { Limits } from '../../schemas/common.js'
import type { Actor } from '../actors/actor.js'
import { isShadow, problem } from '../contract/openapi.js'
import { ProblemError } from '../errors.js'

/** The actors that may call: users, and keys with the named scope. At least one of the two. */
export interface Access {
  readonly user?: boolean
  readonly agent?: KeyScope
}

/** The request field that names the instance. The route's schema declares it, as a UUID. */
export interface InstanceField {
  readonly in: 'params' | 'query' | 'body'
  readonly field: string
}

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access
    /**
     * The instance that a request concerns. A key that is bound to one instance works on routes that declare this, and for that
     * instance only. `message`: the instance of the message that the path names; row-level security shows no other run's
     * messages. `tool`: the instance that the tool is called for; the tool checks it itself.
     */
    instance?: InstanceField | 'message' | 'tool'
  }
}

/**
 * Restricts a group of routes, which is an encapsulated instance, to the same actors: declares them in the contract, checks
 * them when only the headers have been read, and again when the body has arrived, which may take long. Only routes behind
 * this check may take large bodies.
 *
 * @param group the encapsulated instance; call this before its routes are registered
 */
export function restrictTo(group: FastifyInstance, access: Access): void {
  const { authentication, answers } = group
  group.addHook('onRoute', (route) => {
    route.config = { ...route.config, access }
    route.bodyLimit ??= Limits.body
    if (!route.schema || isShadow(route)) return
    route.schema.security = securityOf(access)
    route.schema.description = `${route.schema.description} ${callersOf(access)}`
    route.schema.response = {
      401: problem(401),
      403: problem(403),
      429: problem(429),
      ...Object(route.schema.response),
    }
  })
  group.addHook('onRequest', async (request, reply) => {
    const actor = await authentication.identify(request, reply)
    refuseOthers(actor, access)
    await authentication.admit(request, actor)
    answers.requireRoom(request)
  })
  group.addHook('preHandler', (request, _reply, next) => {
    if (authentication.isFresh(request)) return next()
    authentication.checkAgain(request).then(() => next(), next)
  })
  group.addHook('preHandler', ({ actor, routeOptions, params, query, body }, _reply, next) => {
    if (actor.kind !== 'key' || actor.instanceId === undefined) return next()
    const { instance } = routeOptions.config
    const isOwn =
      instance === 'message' ||
      instance === 'tool' ||
      (instance !== undefined && instanceNamed({ params, query, body }, instance) === actor.instanceId)
    if (isOwn) return next()
    throw new ProblemError('key_bound_to_instance', 'This API key is for one agent instance and nothing else')
  })
}

/** @returns the instance in the field that the route declares, in lower case */
function instanceNamed(
  request: Record<InstanceField['in'], unknown>,
  { in: place, field }: InstanceField,
): string | undefined {
  const part = request[place]
  const id: unknown = typeof part === 'object' && part !== null ? Reflect.get(part, field) : undefined
  return typeof id === 'string' ? id.toLowerCase() : undefined
}

/** The person's scheme last: Swagger UI, given both credentials, sends that one. */
function securityOf(access: Access): Record<string, string[]>[] {
  return [...(access.agent ? [{ apiKey: [] }] : []), ...(access.user ? [{ userToken: [] }] : [])]
}

/** @returns the actors that may call, for the description of an operation */
function callersOf({ user, agent }: Access): string {
  const callers = [...(user ? ['people'] : []), ...(agent ? [`API keys with the scope \`${agent}\``] : [])]
  return `For ${callers.join(', and for ')}.`
}

function refuseOthers(actor: Actor, access: Access): void {
  if (actor.kind === 'user') {
    if (access.user) return
    throw new ProblemError('wrong_credential_kind', 'This route is for agents: use an API key')
  }
  if (!access.agent) throw new ProblemError('wrong_credential_kind', 'This route is for people: use an access token')
  if (!actor.scopes.includes(access.agent)) {
    throw new ProblemError('insufficient_scope', `This API key lacks the scope "${access.agent}"`, {
      headers: { 'www-authenticate': `Bearer error="insufficient_scope", scope="${access.agent}"` },
    })
  }
}
