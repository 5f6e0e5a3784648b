import type { FastifyInstance } from 'fastify'
import type { KeyScope } from '../../schemas/api-keys.js'
import { Limits } from '../../schemas/common.js'
import type { Actor } from '../actors/actor.js'
import { isShadow, problem } from '../contract/openapi.js'
import { ProblemError } from '../errors.js'

/** Who may call: people, and agents whose key has the scope named. At least one of the two. */
export interface Access {
  readonly user?: boolean
  readonly agent?: KeyScope
}

/** The field of a request that names the instance it is about. The route's schema declares it, as a UUID. */
export interface InstanceField {
  readonly in: 'params' | 'query' | 'body'
  readonly field: string
}

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access
    /**
     * Which instance a request is about. A key that is bound to one instance is good for routes that say so, and for that
     * instance. `message`: the one of the message that the path names; row-level security shows no other run's messages.
     * `tool`: the one that the tool is called for, which checks it by itself.
     */
    instance?: InstanceField | 'message' | 'tool'
  }
}

/**
 * Puts every route of a scope behind the same wall: declares who may call in the contract, checks it before anything of
 * the request but its headers is read, and again when the rest is there: a body may take as long to come as it likes.
 * Only bodies behind it may be large.
 *
 * @param scope the encapsulated instance whose routes are meant; call this before they are registered
 */
export function restrictTo(scope: FastifyInstance, access: Access): void {
  const { authentication, answers } = scope
  scope.addHook('onRoute', (route) => {
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
  scope.addHook('onRequest', async (request, reply) => {
    const actor = await authentication.identify(request, reply)
    refuseOthers(actor, access)
    await authentication.admit(request, actor)
    answers.requireRoom(request)
  })
  scope.addHook('preHandler', (request, _reply, next) => {
    if (authentication.isFresh(request)) return next()
    authentication.checkAgain(request).then(() => next(), next)
  })
  scope.addHook('preHandler', ({ actor, routeOptions, params, query, body }, _reply, next) => {
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

/** @returns the instance that a request names in the field that its route says, in lower case */
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

/** @returns who may call, for the description of an operation */
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
