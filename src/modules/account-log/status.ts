import type { AgentInstanceStatus } from '../../../db/generated/types.js'
import type { InstanceStatus } from '../../../schemas/instance-status.js'

/** Statuses that are final: a run keeps its status whatever is posted to it. */
export const FINAL = ['FAILED', 'KILLED'] as const satisfies AgentInstanceStatus[]

/** Statuses of a run that has ended. A message in a completed run reopens it. */
export const FINISHED = ['COMPLETED', ...FINAL] as const satisfies AgentInstanceStatus[]

/** Statuses that summaries count as active: the run goes on, or would go on if it were answered or resumed. */
export const ACTIVE = ['ACTIVE', 'AWAITING_INPUT', 'PAUSED'] as const satisfies AgentInstanceStatus[]

/** Statuses that summaries count as errors. */
export const ERROR = ['FAILED', 'KILLED', 'DISCONNECTED'] as const satisfies AgentInstanceStatus[]

/** Only the service sets STALE, when heartbeats are missing, and DELETED, when a run is deleted. */
type SettableStatus = Exclude<AgentInstanceStatus, 'STALE'>

/** Whether agents and people may set this status. */
export function isSettable(status: InstanceStatus): status is SettableStatus {
  return status !== 'STALE' && status !== 'DELETED'
}

/** Whether the status is final. */
export function isFinal(status: AgentInstanceStatus | InstanceStatus): boolean {
  return FINAL.some((final) => final === status)
}

/** Whether a run with this status has ended, for good or until the next message. */
export function isFinished(status: AgentInstanceStatus | InstanceStatus): boolean {
  return FINISHED.some((finished) => finished === status)
}
