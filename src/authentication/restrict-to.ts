import jwt from '@fastify/jwt'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { PersonActing } from '../../db/actor.js'
import type { Tenant } from '../../db/tenant.js'
import type { KeyScope } from '../../schemas/api-keys.js'
import { Limits } from '../../schemas/common.js'
import { isShadow, problem } from '../contract/openapi.js'
import { type KeyActor, looksLikeApiKey } from '../credentials/api-key.js'
import { ProblemError } from '../errors.js'

/** A person, by access token. */
export interface UserActor extends PersonActing {
  /** The person's id at the OpenID provider, if the token is from there. */
  readonly subject?: string | undefined
  /** When the person signed in at the OpenID provider, if its token says so. */
  readonly authenticatedAt?: Date | undefined
  /** When the token ends, in milliseconds since the epoch. */
  readonly expiresAt: number
}

/** Who calls. */
export type Actor = UserActor | KeyActor

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
    payload: { sub: string; sid: string } | TicketClaims
    user: { sub: string; sid: string; exp: number }
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

/** Who calls, and when that was found out, by `performance.now()`. */
interface Verdict {
  readonly actor: Actor
  readonly since: number
}

const verdicts = new WeakMap<FastifyRequest, Verdict>()
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
        requiredClaims: ['sub', 'sid', 'exp', 'iss', 'aud'],
        // Tokens that were found to be good; whether they have expired is checked each time.
        cache: VERIFIED_TOKENS,
      },
    })
    app.decorate('signStreamTicket', ({ userId, subject, credential, expiresAt }: UserActor) =>
      app.jwt.sign(
        {
          sub: userId,
          until: expiresAt,
          ...(subject === undefined ? {} : { ext: subject }),
          ...(credential.kind === 'session' ? { sid: credential.id } : {}),
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
  const verdict = verdicts.get(this)
  if (!verdict) throw new Error(`${this.routeOptions.url} asks who calls, but is not behind restrictTo`)
  return verdict.actor
}

function tenantOf(this: FastifyRequest): Tenant {
  const tenant = tenants.get(this)
  if (!tenant) throw new Error(`${this.routeOptions.url} asks for the tenant, but is not behind restrictTo`)
  return tenant
}

/** @returns whether it was found out who calls, and counted as theirs */
export function isKnown(request: FastifyRequest): boolean {
  return verdicts.has(request)
}

/** Lets a request's handler work on another handle of the same tenant, such as a transaction. */
export function bindTenant(request: FastifyRequest, tenant: Tenant): void {
  tenants.set(request, tenant)
}

/** @returns who sent a request, if that is known yet */
export function knownActor(request: FastifyRequest): Actor | undefined {
  return verdicts.get(request)?.actor
}

/** @returns the account of whoever sent a request, if it is known yet */
export function accountOf(request: FastifyRequest): string | undefined {
  return knownActor(request)?.userId
}

/** @returns the session that a caller's access token belongs to; none for keys and for tokens of an OpenID provider */
export function sessionIdOf(actor: Actor): string | undefined {
  return actor.kind === 'user' && actor.credential.kind === 'session' ? actor.credential.id : undefined
}

/**
 * Puts every route of a scope behind the same wall: declares who may call in the contract, checks it before anything of
 * the request but its headers is read, and again when the rest is there: a body may take as long to come as it likes.
 * Only bodies behind it may be large.
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
    const since = performance.now()
    const actor = await identify(scope, request, reply)
    await scope.rateLimits.countRequest(reply, actor)
    verdicts.set(request, { actor, since })
    refuseOthers(actor, access)
    await requireStanding(scope, actor)
    bindTenant(request, scope.database.tenant(actor.userId, actor))
    scope.answers.requireRoom(request)
  })
  scope.addHook('preHandler', (request, _reply, next) => {
    if (isFresh(scope, verdicts.get(request))) return next()
    checkAgain(scope, request).then(() => next(), next)
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

/** Whether nothing can have ended the credential since it was checked. */
function isFresh({ revocations }: FastifyInstance, verdict: Verdict | undefined): boolean {
  if (!verdict) return false
  const { actor, since } = verdict
  return revocations.isFresh(actor.userId, since) && (actor.kind === 'key' || actor.expiresAt > Date.now())
}

/** It was good when the headers came: that it is not any longer is no guess, and is not counted. */
async function checkAgain(scope: FastifyInstance, request: FastifyRequest): Promise<void> {
  const since = performance.now()
  const actor = await resolve(scope, shownBy(request))
  await requireStanding(scope, actor)
  verdicts.set(request, { actor, since })
}

/**
 * A token of ours outlives its session, and its account, whose lists would look empty and whose things missing. Keys go
 * with it; identities are looked up as keys are, also those that tickets stand for.
 */
async function requireStanding(app: FastifyInstance, actor: Actor): Promise<void> {
  if (actor.kind === 'key' || actor.credential.kind !== 'session') return
  await app.accounts.sessions.requireActive(actor.userId, actor.credential.id)
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

/** What a request shows. */
interface Shown {
  readonly kind: 'ticket' | 'key' | 'token' | 'quoted'
  readonly text: string
}

function identify(app: FastifyInstance, request: FastifyRequest, reply: FastifyReply): Promise<Actor> {
  const shown = shownBy(request)
  return app.rateLimits.guard(request, reply, shown.kind === 'key' ? shown.text : undefined, () => resolve(app, shown))
}

/** @throws {ProblemError} 401 when it is not good; whether its session has ended is up to `requireStanding` */
function resolve(app: FastifyInstance, { kind, text }: Shown): Actor | Promise<Actor> {
  switch (kind) {
    case 'ticket':
      return verifyTicket(app, text)
    case 'key':
      return app.apiKeys.authenticate(text)
    case 'quoted':
      throw badToken('invalid_api_key', `The API key stands in quotes: send it without them. ${EXAMPLE}`)
    case 'token':
      return app.externalIdentities?.handles(text) ? app.externalIdentities.authenticate(text) : verifyToken(app, text)
  }
}

/** @throws {ProblemError} 401 when there is nothing */
function shownBy(request: FastifyRequest): Shown {
  const { authorization } = request.headers
  const ticket = queryOf(request, 'ticket')
  if (ticket !== undefined && authorization === undefined) return { kind: 'ticket', text: ticket }
  const [scheme, inHeader, ...rest] = (authorization ?? '').trim().split(/\s+/)
  const isBearer = scheme?.toLowerCase() === 'bearer' && rest.length === 0
  const text = (isBearer && inHeader) || queryOf(request, 'token')
  if (text) return { kind: kindOf(text), text }
  throw new ProblemError('missing_credentials', adviceOn(request.headers))
}

const EXAMPLE = 'As in: Authorization: Bearer sbx_…'

/** What people put around a key: in files of settings, and where a manual says `<key>`. */
const QUOTED = /^["'`<]\s*sbx_|^sbx_.*["'`>]$/

function kindOf(text: string): Shown['kind'] {
  if (QUOTED.test(text)) return 'quoted'
  return looksLikeApiKey(text) ? 'key' : 'token'
}

/** @returns what is wrong with a request in whose headers no credential was found, for whoever sets up a client */
function adviceOn({ authorization = '', 'x-api-key': otherHeader }: FastifyRequest['headers']): string {
  const given = authorization.trim()
  if (given === '') {
    if (otherHeader !== undefined) return `The API key belongs into the header Authorization, not X-API-Key. ${EXAMPLE}`
    return 'Send an `Authorization: Bearer …` header'
  }
  if (/^["'`]/.test(given)) return `The header Authorization stands in quotes: send it without them. ${EXAMPLE}`
  if (given.includes('sbx_')) return `The API key must stand after the word Bearer, and alone. ${EXAMPLE}`
  return 'The header Authorization must be the word Bearer and one credential: send `Authorization: Bearer …`'
}

/** @returns a credential in the URL of a route that takes one from there */
function queryOf({ routeOptions, query }: FastifyRequest, name: 'ticket' | 'token'): string | undefined {
  if (!routeOptions.config.tokenInQuery || typeof query !== 'object' || query === null) return undefined
  const value: unknown = Reflect.get(query, name)
  return typeof value === 'string' && value !== '' ? value : undefined
}

async function verifyTicket(app: FastifyInstance, ticket: string): Promise<UserActor> {
  const { sub, sid, ext, until } = readTicket(app, ticket)
  // The token that asked for it may end before the ticket does.
  if (until <= Date.now()) throw expiredToken()
  if (sid !== undefined) {
    return { kind: 'user', userId: sub, credential: { kind: 'session', id: sid }, expiresAt: until }
  }
  const hash = ext === undefined ? undefined : await app.externalIdentities?.findHash(sub, ext)
  if (hash === undefined) throw badToken('invalid_token', 'The ticket is not valid')
  return { kind: 'user', userId: sub, credential: { kind: 'identity', hash }, subject: ext, expiresAt: until }
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
    const { sub, sid, exp } = app.jwt.verify<{ sub: string; sid: string; exp: number }>(token)
    return { kind: 'user', userId: sub, credential: { kind: 'session', id: sid }, expiresAt: exp * 1000 }
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

function badToken(
  code: 'token_expired' | 'invalid_token' | 'invalid_api_key',
  detail: string,
  cause?: unknown,
): ProblemError {
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
