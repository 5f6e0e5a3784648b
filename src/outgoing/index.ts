import type { Lifecycle } from '../lifecycle.js'
import { OutgoingCaller, type OutgoingOptions } from './caller.js'

/**
 * Milliseconds that calls may go on once the service is stopping. Less than requests in flight have, so a request that waits
 * for a call can still record how it ended.
 */
const DRAIN_TIMEOUT_MS = 4000

/** Builds the caller of user-given URLs; when the app stops, its calls are aborted. */
export function buildOutgoing(app: Lifecycle, options: OutgoingOptions): OutgoingCaller {
  const caller = new OutgoingCaller(options)
  let drainTimer: NodeJS.Timeout | undefined
  app.addHook('preClose', async () => {
    drainTimer = setTimeout(() => caller.close(), DRAIN_TIMEOUT_MS)
  })
  app.addHook('onClose', async () => {
    clearTimeout(drainTimer)
    caller.close()
  })
  return caller
}
