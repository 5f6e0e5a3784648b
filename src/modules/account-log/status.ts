import type { AgentInstanceStatus } from '../../../db/generated/types.js'
import type { InstanceStatus } from '../../../schemas/instance-status.js'

/** A run in one of these has ended for good: it keeps its status whatever is posted to it. */
export const FINAL = ['FAILED', 'KILLED'] as const satisfies AgentInstanceStatus[]

/** A run in one of these has ended. What is said in a completed one opens it again. */
export const FINISHED = ['COMPLETED', ...FINAL] as const satisfies AgentInstanceStatus[]

/** What counts as active in summaries: the run is going on, or would go on if somebody answered or resumed it. */
export const ACTIVE = ['ACTIVE', 'AWAITING_INPUT', 'PAUSED'] as const satisfies AgentInstanceStatus[]

/** What counts as an error in summaries. */
export const ERROR = ['FAILED', 'KILLED', 'DISCONNECTED'] as const satisfies AgentInstanceStatus[]

/**
 * STALE is the service's own finding, from missing heartbeats, and DELETED is what deleting does: nobody sets these.
 */
type SettableStatus = Exclude<AgentInstanceStatus, 'STALE'>

/** Whether agents and people may set this status. */
export function isSettable(status: InstanceStatus): status is SettableStatus {
  return status !== 'STALE' && status !== 'DELETED'
}

/** Whether a run with this status has ended for good. */
export function isFinal(status: AgentInstanceStatus | InstanceStatus): boolean {
  return FINAL.some((final) => final === status)
}

/** Whether a run with this status has ended, for good or until something is said in it. */
export function isFinished(status: AgentInstanceStatus | InstanceStatus): boolean {
  return FINISHED.some((finished) => finished === status)
}
