import { stringEnum } from './common.js'

export const instanceStatuses = [
  'ACTIVE',
  'AWAITING_INPUT',
  'PAUSED',
  'STALE',
  'COMPLETED',
  'FAILED',
  'KILLED',
  'DISCONNECTED',
  'DELETED',
] as const
export type InstanceStatus = (typeof instanceStatuses)[number]

export const Status = stringEnum(instanceStatuses, { description: 'What the run is doing.' })

/** What an agent is told of its run. */
export const StatusForAgent = stringEnum(instanceStatuses, {
  description:
    'What the run is doing. `KILLED` or `FAILED`: it has ended for good, and the agent is to stop. `COMPLETED`: it has ' +
    'ended, and whatever is said in it opens it again.',
})
