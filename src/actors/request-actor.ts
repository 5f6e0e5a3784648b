import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { Tenant } from '../../db/tenant.js'
import type { Actor } from './actor.js'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who calls. Only routes behind `restrictTo` have one. */
    readonly actor: Actor
    /** The database as the caller may see it. Only routes behind `restrictTo` have one. */
    readonly tenant: Tenant
  }
}

/** Who calls, and when that was found out, by `performance.now()`. */
export interface Verdict {
  readonly actor: Actor
  readonly since: number
}

const verdicts = new WeakMap<FastifyRequest, Verdict>()
const tenants = new WeakMap<FastifyRequest, Tenant>()

/** Lets handlers read who calls. `authentication` finds it out. */
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

/** Notes who sent a request. */
export function noteVerdict(request: FastifyRequest, verdict: Verdict): void {
  verdicts.set(request, verdict)
}

/** @returns who sent a request, and when that was found out, if it is known yet */
export function verdictOf(request: FastifyRequest): Verdict | undefined {
  return verdicts.get(request)
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

/** @returns the account of the caller, if it is known yet */
export function accountOf(request: FastifyRequest): string | undefined {
  return knownActor(request)?.userId
}
