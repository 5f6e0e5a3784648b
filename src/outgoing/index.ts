import type { Lifecycle } from '../lifecycle.js'
import { OutgoingCaller, type OutgoingOptions } from './caller.js'

/**
 * Milliseconds that calls may go on once the service is to stop. Less than requests in flight have: whoever waits for a
 * call then gets to note how it ended.
 */
const DRAIN_TIMEOUT_MS = 4000

/** Builds what calls out to URLs that users gave; when the app stops, so do its calls. */
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
