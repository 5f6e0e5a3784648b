import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { Tenant } from '../../db/tenant.js'
import type { Actor } from './actor.js'

declare module 'fastify' {
  interface FastifyRequest {
    /** The actor. Only routes behind `restrictTo` have one. */
    readonly actor: Actor
    /** The database in the scope of the actor. Only routes behind `restrictTo` have one. */
    readonly tenant: Tenant
  }
}

/** The actor, and when it was authenticated, by `performance.now()`. */
export interface Verdict {
  readonly actor: Actor
  readonly since: number
}

const verdicts = new WeakMap<FastifyRequest, Verdict>()
const tenants = new WeakMap<FastifyRequest, Tenant>()

/** Gives handlers access to the actor, which `authentication` finds. */
export const requestActor = fp(
  async (app: FastifyInstance) => {
    app.decorateRequest('actor', { getter: actorOf })
    app.decorateRequest('tenant', { getter: tenantOf })
  },
  { name: 'request-actor' },
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

/** Records the actor of a request. */
export function noteVerdict(request: FastifyRequest, verdict: Verdict): void {
  verdicts.set(request, verdict)
}

/** @returns the actor of a request and when it was authenticated; undefined before authentication */
export function verdictOf(request: FastifyRequest): Verdict | undefined {
  return verdicts.get(request)
}

/** @returns whether the request was authenticated, and counted for its account */
export function isKnown(request: FastifyRequest): boolean {
  return verdicts.has(request)
}

/** Replaces the handle of a request's handler by another one of the same tenant, such as a transaction. */
export function bindTenant(request: FastifyRequest, tenant: Tenant): void {
  tenants.set(request, tenant)
}

/** @returns the actor of a request; undefined before authentication */
export function knownActor(request: FastifyRequest): Actor | undefined {
  return verdicts.get(request)?.actor
}

/** @returns the account of the actor; undefined before authentication */
export function accountOf(request: FastifyRequest): string | undefined {
  return knownActor(request)?.userId
}
