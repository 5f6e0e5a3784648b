import { v7 as uuidv7 } from 'uuid'
import { boundTo } from '../../../db/actor.js'
import type { AgentInstanceStatus } from '../../../db/generated/types.js'
import { firstRowOf, type Step } from '../../../db/step.js'
import type { Tenant } from '../../../db/tenant.js'
import { Limits } from '../../../schemas/common.js'
import type { InstanceStatus } from '../../../schemas/instance-status.js'
import { invalidField, notFound, ProblemError } from '../../errors.js'
import type { ActivityPosition, Page } from '../../paging.js'
import type { StorageQuota } from '../../storage/quota.js'
import { createInstance, creationChange } from '../account-log/creation.js'
import { deleteInstance, missingInstance } from '../account-log/deleted-instances.js'
import { FINISHED, isFinished, isSettable } from '../account-log/status.js'
import { markStale, type Silence, type StatusChange, statusChange } from '../account-log/status-changes.js'
import type { Events } from '../events/events.js'
import * as queries from './queries.js'
import { tellDeleted } from './tell-deleted.js'
import { requireAgentType } from './type-name.js'

/** Runs of each type in the overview. Of all types on a page there are `Limits.runs`. */
const RECENT_PER_TYPE = 200

/** Signs of life noted per timeout for a waiting agent, and the milliseconds between two at most. */
const SIGNS = 4
const LONGEST_SIGN_INTERVAL = 30_000

export type { InstanceFilter, InstanceSummary } from './queries.js'

/** A run to be created. */
export interface Registration {
  readonly agentType: string
  readonly id?: string | null
  readonly name?: string | null
  readonly transport?: string | null
  /** UUID of the API key that registers it; null for a person. */
  readonly keyId: string | null
}

/** The number of runs per status; statuses without runs are left out. */
export type StatusCounts = Partial<Record<AgentInstanceStatus, number>>

/** Milliseconds without a sign of life after which a run is stale: with heartbeats, and without. */
export interface SilenceTimeouts {
  readonly withHeartbeats: number
  /** Infinity: never. */
  readonly without: number
}

/** The runs of agents. */
export class AgentInstances {
  readonly #events: Events
  readonly #quota: Pick<StorageQuota, 'requireRoom'>
  readonly #signInterval: number

  constructor(events: Events, quota: Pick<StorageQuota, 'requireRoom'>, timeouts: SilenceTimeouts) {
    this.#events = events
    this.#quota = quota
    this.#signInterval = Math.min(timeouts.withHeartbeats / SIGNS, timeouts.without / SIGNS, LONGEST_SIGN_INTERVAL)
  }

  list(tenant: Tenant, filter: queries.InstanceFilter, page: Page<ActivityPosition>) {
    return queries.listSummaries(tenant, filter, page)
  }

  /** @returns those of the given runs that exist */
  listByIds(tenant: Tenant, ids: string[]): Promise<queries.InstanceSummary[]> {
    return queries.listSummariesByIds(tenant, ids)
  }

  /** @returns per type id, the runs awaiting input, then the latest others; see `RECENT_PER_TYPE` */
  async recentByType(tenant: Tenant, typeIds: string[]): Promise<Map<string, queries.InstanceSummary[]>> {
    const recent = await queries.listRecentByType(tenant, typeIds, { perType: RECENT_PER_TYPE, inAll: Limits.runs })
    const byType = new Map<string, queries.InstanceSummary[]>(typeIds.map((id) => [id, []]))
    for (const instance of recent) byType.get(instance.agent_type_id)?.push(instance)
    return byType
  }

  /** @returns per type id, the number of runs per status; types without runs are missing */
  async countsByType(tenant: Tenant, typeIds?: string[]): Promise<Map<string, StatusCounts>> {
    const counts = new Map<string, StatusCounts>()
    for (const row of await queries.countByTypeAndStatus(tenant, typeIds)) {
      counts.set(row.user_agent_id, { ...counts.get(row.user_agent_id), [row.status]: row.count })
    }
    return counts
  }

  /** @throws {ProblemError} 404 */
  async detail(tenant: Tenant, id: string) {
    const [[instance]] = await tenant.pipeline(queries.detail(tenant, id))
    if (!instance) throw notFound('Agent instance')
    return instance
  }

  /**
   * @param step another one, to be sent along
   * @returns the run, and the rows of the other step
   * @throws {ProblemError} 404 when there is no such run
   */
  async detailAnd<Rows>(tenant: Tenant, id: string, step: Step<Rows>) {
    const { instance, rows } = await tenant.pipeline({
      instance: firstRowOf(queries.detail(tenant, id)),
      rows: step,
    })
    if (!instance) throw notFound('Agent instance')
    return { instance, rows }
  }

  /** @throws {ProblemError} 409 when a run with this id exists; 410 when it was deleted */
  async register(tenant: Tenant, { agentType, id: given, name, transport, keyId }: Registration) {
    const id = given ?? uuidv7()
    const exists = new ProblemError('already_exists', `Agent instance ${id} exists already`)
    // A key that is bound to a run creates none, and can name no other.
    if (boundTo(tenant.actor) !== undefined) throw await missingInstance(tenant, id, exists)
    const blank = invalidField('body.agent_type', 'must not be blank')
    const instance = {
      id,
      agentType: await requireAgentType(tenant, id, agentType, blank),
      name: name ?? null,
      metadata: transport ? { transport } : null,
      keyId,
    }
    // Read in the pipeline that creates it: afterwards another request may have deleted it.
    const { created, registered } = await tenant.pipeline({
      created: createInstance(tenant, instance),
      registered: firstRowOf(queries.detail(tenant, instance.id)),
    })
    if (!created || !registered) {
      throw await missingInstance(tenant, instance.id, exists)
    }
    this.#events.publish(tenant, [creationChange(created)])
    return registered
  }

  /** Notes the API key of a launched agent as speaking for its run before it has posted there. */
  async entrust(tenant: Tenant, id: string, keyId: string): Promise<void> {
    await queries.addPostingKey(tenant, id, keyId)
  }

  /**
   * Sets the status that a person or an agent requests. Each change is logged, so it needs room; a run can be ended in
   * any case.
   *
   * @throws {ProblemError} as `setStatus`; 410 to an agent whose run was deleted; 507 when the account has no room
   */
  async requestStatus(tenant: Tenant, id: string, status: InstanceStatus): Promise<queries.InstanceSummary> {
    if (!isFinished(status)) await this.#quota.requireRoom(tenant.userId)
    if (tenant.actor.kind === 'key') await this.noteCall(tenant, id)
    await tellDeleted(tenant, id, this.setStatus(tenant, id, status))
    return this.#summary(tenant, id)
  }

  /** @throws {ProblemError} 404; 409 for a status that callers cannot set, or when the run has another final status */
  async setStatus(tenant: Tenant, id: string, status: InstanceStatus): Promise<void> {
    if (!isSettable(status)) throw new ProblemError('status_not_allowed', `The status ${status} is not set by hand`)
    const result = await queries.setStatus(tenant, id, status)
    if (!result) throw notFound('Agent instance')
    if (result.status !== status) {
      throw new ProblemError('status_not_allowed', `The run has ended as ${result.status}; that cannot be changed`)
    }
    this.#publishStatus(tenant, id, result.change)
  }

  /** Marks a run as failed, with the reason in its metadata for people to see. Another final status stays. */
  async fail(tenant: Tenant, id: string, reason: Record<string, unknown>): Promise<void> {
    await tenant.transaction(async (trx) => {
      await queries.mergeMetadata(trx, id, { failure: reason })
      const result = await queries.setStatus(trx, id, 'FAILED', FINISHED)
      this.#publishStatus(trx, id, result?.change)
    })
  }

  /**
   * Marks a run as completed. A failed or killed one stays so.
   *
   * @returns the resulting status
   * @throws {ProblemError} 400 when there is no such run, as legacy clients expect; 410 when it was deleted
   */
  async end(tenant: Tenant, id: string): Promise<AgentInstanceStatus> {
    const result = await queries.setStatus(tenant, id, 'COMPLETED')
    if (!result) {
      throw await missingInstance(tenant, id, new ProblemError('instance_not_found', 'Agent instance not found'))
    }
    this.#publishStatus(tenant, id, result.change)
    return result.status
  }

  /** @throws {ProblemError} 404 */
  async rename(tenant: Tenant, id: string, name: string): Promise<queries.InstanceSummary> {
    if (!(await queries.rename(tenant, id, name))) throw notFound('Agent instance')
    return this.#summary(tenant, id)
  }

  /** Deletes a run and its chat. @throws {ProblemError} 404 */
  async delete(tenant: Tenant, id: string): Promise<void> {
    if (!(await deleteInstance(tenant, id))) throw notFound('Agent instance')
    this.#events.publishHint(tenant)
  }

  /** Notes a heartbeat of an agent: from now on it is expected to send them. @throws {ProblemError} 404, 410 */
  async heartbeat(tenant: Tenant, id: string) {
    const sign = await this.#noteSign(tenant, id, true)
    if (!sign) throw await missingInstance(tenant, id, notFound('Agent instance'))
    const { silent_since: last_heartbeat_at, status: instance_status } = sign
    return { agent_instance_id: id.toLowerCase(), last_heartbeat_at, instance_status }
  }

  /**
   * Notes a call of an agent as a sign of life. Unlike a heartbeat, it does not make the agent expected to send any.
   *
   * @returns the run's resulting status; undefined if there is no such run
   */
  async noteCall(tenant: Tenant, id: string): Promise<AgentInstanceStatus | undefined> {
    return (await this.#noteSign(tenant, id, false))?.status
  }

  /** Notes signs of life of an agent for as long as it waits. @returns a function that ends that */
  noteWaiting(tenant: Tenant, id: string): () => void {
    const note = () => {
      // The next one is due soon.
      this.noteCall(tenant, id).catch(() => {})
    }
    const timer = setInterval(note, this.#signInterval)
    return () => clearInterval(timer)
  }

  async #noteSign(tenant: Tenant, id: string, isHeartbeat: boolean): Promise<queries.SignOfLife | undefined> {
    const sign = await queries.noteSign(tenant, id, isHeartbeat)
    if (!sign) return undefined
    this.#publishStatus(tenant, id, sign.change)
    this.#events.publishHeartbeat(tenant, id, sign.silent_since)
    return sign
  }

  /** Marks a run as stale unless it has given a sign of life since. @returns whether it did */
  async markStale(tenant: Tenant, id: string, silence: Silence): Promise<boolean> {
    const { change } = await tenant.pipeline({ change: markStale(tenant, id, silence) })
    this.#publishStatus(tenant, id, change)
    return change !== undefined
  }

  #publishStatus(tenant: Tenant, id: string, change: StatusChange | undefined): void {
    if (change) this.#events.publish(tenant, [statusChange(id, change)])
  }

  async #summary(tenant: Tenant, id: string): Promise<queries.InstanceSummary> {
    const instance = await queries.findSummary(tenant, id)
    if (!instance) throw notFound('Agent instance')
    return instance
  }
}
