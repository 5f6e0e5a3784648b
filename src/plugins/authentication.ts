import jwt from '@fastify/jwt'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { Tenant } from '../../db/tenant.js'
import type { KeyScope } from '../../schemas/api-keys.js'
import { Limits } from '../../schemas/common.js'
import { ProblemError } from '../errors.js'
import { type AgentActor, looksLikeApiKey } from '../modules/api-keys/key.js'
import { isShadow, problem } from './openapi.js'

/**
 * A person, by access token. `expiresAt`: when the token ends, in milliseconds since the epoch. `subject`: the person's id
 * at the OpenID provider, if the token is from there. `sessionId`: the session that a token of ours belongs to.
 */
export interface UserActor {
  readonly kind: 'user'
  readonly userId: string
  readonly subject?: string | undefined
  readonly sessionId?: string | undefined
  readonly expiresAt: number
}

/** Who calls. */
export type Actor = UserActor | AgentActor

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
  interface FastifyRequest {
    /** Who calls. Only routes behind `restrictTo` have one. */
    readonly actor: Actor
    /** The caller's own rows, and no others. Only routes behind `restrictTo` have one. */
    readonly tenant: Tenant
  }
  interface FastifyContextConfig {
    access?: Access
    /**
     * Which instance a request is about. A key that is bound to one instance is good for routes that say so, and for that
     * instance. `message`: the one of the message that the path names; row-level security shows no other run's messages.
     * `tool`: the one that the tool is called for, which checks it by itself.
     */
    instance?: InstanceField | 'message' | 'tool'
    /** `EventSource` sends no headers: this route takes a ticket or the access token from the URL as well. */
    tokenInQuery?: boolean
  }
  interface FastifyInstance {
    /** @returns what opens a stream, and nothing else, on a person's behalf */
    signStreamTicket(person: UserActor): string
  }
}

declare module '@fastify/jwt' {
  interface FastifyJWT {
    payload: { sub: string; sid?: string } | TicketClaims
    user: { sub: string; sid?: string; exp: number }
  }
}

/** `ext`: the person's id at the OpenID provider; `until`: when the token that asked for the ticket ends, in milliseconds. */
interface TicketClaims {
  readonly sub: string
  readonly sid?: string
  readonly ext?: string
  readonly until: number
}

/** Seconds that a stream ticket is good for: enough to open the stream. */
export const STREAM_TICKET_LIFETIME = 60

/** A ticket names another audience than an access token does, so neither is good for what the other is for. */
const TICKET_AUDIENCE = 'signalbox streams'

/** Access tokens whose signatures are not computed again. */
const VERIFIED_TOKENS = 10_000

/** Seconds that an access token is good for. */
export const ACCESS_TOKEN_LIFETIME = 15 * 60

const actors = new WeakMap<FastifyRequest, Actor>()
const tenants = new WeakMap<FastifyRequest, Tenant>()

/** Finds out who calls. Which routes ask for that, and of whom, is up to `restrictTo`. */
export const authentication = fp(
  async (app: FastifyInstance, { secret }: { secret: string }) => {
    // HS256 is pinned: a token that names another algorithm, or none, is refused before its signature is looked at.
    await app.register(jwt, {
      secret,
      sign: { algorithm: 'HS256', iss: 'signalbox', aud: 'signalbox', expiresIn: ACCESS_TOKEN_LIFETIME },
      verify: {
        algorithms: ['HS256'],
        allowedIss: 'signalbox',
        allowedAud: 'signalbox',
        // The library compares issuer and audience only where they stand.
        requiredClaims: ['sub', 'exp', 'iss', 'aud'],
        // Tokens that were found to be good; whether they have expired is checked each time.
        cache: VERIFIED_TOKENS,
      },
    })
    app.decorate('signStreamTicket', ({ userId, subject, sessionId, expiresAt }: UserActor) =>
      app.jwt.sign(
        {
          sub: userId,
          until: expiresAt,
          ...(subject === undefined ? {} : { ext: subject }),
          ...(sessionId === undefined ? {} : { sid: sessionId }),
        },
        { aud: TICKET_AUDIENCE, expiresIn: STREAM_TICKET_LIFETIME },
      ),
    )
    app.decorateRequest('actor', { getter: actorOf })
    app.decorateRequest('tenant', { getter: tenantOf })
  },
  { name: 'authentication', dependencies: ['database', 'rate-limits'] },
)

function actorOf(this: FastifyRequest): Actor {
  const actor = actors.get(this)
  if (!actor) throw new Error(`${this.routeOptions.url} asks who calls, but is not behind restrictTo`)
  return actor
}

function tenantOf(this: FastifyRequest): Tenant {
  const tenant = tenants.get(this)
  if (!tenant) throw new Error(`${this.routeOptions.url} asks for the tenant, but is not behind restrictTo`)
  return tenant
}

/** Lets a request's handler work on another handle of the same tenant, such as a transaction. */
export function bindTenant(request: FastifyRequest, tenant: Tenant): void {
  tenants.set(request, tenant)
}

/**
 * Puts every route of a scope behind the same wall: declares who may call in the contract, and checks it before
 * anything of the request but its headers is read. Only bodies behind it may be large.
 *
 * @param scope the encapsulated instance whose routes are meant; call this before they are registered
 */
export function restrictTo(scope: FastifyInstance, access: Access): void {
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
    const actor = await identify(scope, request, reply)
    await scope.rateLimits.countRequest(reply, actor)
    refuseOthers(actor, access)
    // A token of ours outlives a deleted account, whose lists would look empty and whose things missing. Keys go with it,
    // and so do external identities: their look-up has found the account just now.
    if (actor.kind === 'user' && actor.subject === undefined) {
      await scope.accounts.requireLocal(actor.userId)
    }
    actors.set(request, actor)
    bindTenant(request, scope.database.tenant(actor.userId, actor.kind === 'agent' ? actor.instanceId : undefined))
  })
  scope.addHook('preHandler', ({ actor, routeOptions, params, query, body }, _reply, next) => {
    if (actor.kind !== 'agent' || actor.instanceId === undefined) return next()
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

async function identify(app: FastifyInstance, request: FastifyRequest, reply: FastifyReply): Promise<Actor> {
  const ticket = queryOf(request, 'ticket')
  if (ticket !== undefined && request.headers.authorization === undefined) {
    return app.rateLimits.guard(request, reply, undefined, () => verifyTicket(app, ticket))
  }
  const credential = credentialOf(request)
  return looksLikeApiKey(credential)
    ? app.rateLimits.guard(request, reply, credential, () => app.apiKeys.authenticate(credential))
    : app.rateLimits.guard(request, reply, undefined, () => identifyPerson(app, credential))
}

function identifyPerson(app: FastifyInstance, token: string): UserActor | Promise<UserActor> {
  return app.externalIdentities?.handles(token) ? app.externalIdentities.authenticate(token) : verifyToken(app, token)
}

function credentialOf(request: FastifyRequest): string {
  const [scheme, credential, ...rest] = (request.headers.authorization ?? '').trim().split(/\s+/)
  if (scheme?.toLowerCase() === 'bearer' && credential && rest.length === 0) return credential
  const token = queryOf(request, 'token')
  if (token !== undefined) return token
  throw new ProblemError('missing_credentials', 'Send an `Authorization: Bearer …` header', {
    headers: { 'www-authenticate': 'Bearer' },
  })
}

/** @returns a credential in the URL of a route that takes one from there */
function queryOf({ routeOptions, query }: FastifyRequest, name: 'ticket' | 'token'): string | undefined {
  if (!routeOptions.config.tokenInQuery || typeof query !== 'object' || query === null) return undefined
  const value: unknown = Reflect.get(query, name)
  return typeof value === 'string' && value !== '' ? value : undefined
}

function verifyTicket(app: FastifyInstance, ticket: string): UserActor {
  const { sub, sid, ext, until } = readTicket(app, ticket)
  // The token that asked for it may end before the ticket does.
  if (until <= Date.now()) throw expiredToken()
  return { kind: 'user', userId: sub, sessionId: sid, subject: ext, expiresAt: until }
}

function readTicket(app: FastifyInstance, ticket: string): TicketClaims {
  try {
    return app.jwt.verify<TicketClaims>(ticket, {
      allowedAud: TICKET_AUDIENCE,
      requiredClaims: ['sub', 'exp', 'iss', 'aud', 'until'],
    })
  } catch (cause) {
    throw refusedToken(cause)
  }
}

function verifyToken(app: FastifyInstance, token: string): UserActor {
  try {
    const { sub, sid, exp } = app.jwt.verify<{ sub: string; sid?: string; exp: number }>(token)
    return { kind: 'user', userId: sub, sessionId: sid, expiresAt: exp * 1000 }
  } catch (cause) {
    throw refusedToken(cause)
  }
}

/** @returns the 401 for a token that is not good */
export function refusedToken(cause: unknown): ProblemError {
  const expired = cause instanceof Error && 'code' in cause && cause.code === 'FAST_JWT_EXPIRED'
  return expired ? expiredToken(cause) : badToken('invalid_token', 'The access token is not valid', cause)
}

function expiredToken(cause?: unknown): ProblemError {
  return badToken('token_expired', 'The access token has expired; refresh it', cause)
}

function badToken(code: 'token_expired' | 'invalid_token', detail: string, cause: unknown): ProblemError {
  return new ProblemError(code, detail, { headers: { 'www-authenticate': 'Bearer error="invalid_token"' }, cause })
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
