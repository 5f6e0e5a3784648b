import { stringEnum } from './common.js'

/** Every status that the contract knows. `DELETED` runs are told of in events only. */
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
/** A status of the contract. */
export type InstanceStatus = (typeof instanceStatuses)[number]

/** A status, as schemas refer to it. */
export const Status = stringEnum(instanceStatuses, { description: 'What the run is doing.' })

/** What an agent is told of its run. */
export const StatusForAgent = stringEnum(instanceStatuses, {
  description:
    'What the run is doing. `KILLED` or `FAILED`: it has ended for good, and the agent is to stop. `COMPLETED`: it has ' +
    'ended, and whatever is said in it opens it again.',
})
