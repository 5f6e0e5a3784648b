import type { Database } from '../../../db/client.js'
import type { Lifecycle } from '../../lifecycle.js'
import type { OutgoingCaller } from '../../outgoing/caller.js'
import { JobQueue, type QueueOptions } from '../../queue/job-queue.js'
import type { SecretCipher } from '../../secrets/cipher.js'
import type { AgentInstances, InstanceSummary } from '../agent-instances/service.js'
import type { Events } from '../events/events.js'
import { AnswerCallbacks } from './answer-callbacks.js'
import { Deliverer } from './deliverer.js'
import { Dispatcher } from './dispatcher.js'
import type { InstanceView } from './payload.js'
import { RETRY_DELAYS } from './schedule.js'
import { Webhooks } from './service.js'
import { startSweeping } from './sweep.js'

export { userRoutes } from './routes.js'

/** Changes to the constants of webhooks, for tests. */
export interface WebhookChanges extends Partial<QueueOptions> {
  readonly retryDelays?: readonly number[]
  readonly reconcileInterval?: number
  /** Bytes of events and deliveries that are stored for an account. */
  readonly storedLimit?: number
}

/** Milliseconds between reconcile passes, which find lost hints. */
const RECONCILE_INTERVAL = 3_000

/** The dependencies of webhooks. */
export interface WebhooksOptions {
  readonly database: Database
  readonly outgoing: OutgoingCaller
  readonly secrets: SecretCipher
  readonly events: Events
  readonly agentInstances: AgentInstances
  /** Milliseconds that a call may take. */
  readonly timeout: number
  readonly changes?: WebhookChanges | undefined
}

/** The services of webhooks and of callbacks for answers. */
export interface WebhookServices {
  readonly webhooks: Webhooks
  /** Calls the URLs of questions that are answered. */
  readonly answerCallbacks: AnswerCallbacks
}

/** Builds the services of webhooks; while the app runs, events are dispatched and delivered. */
export function buildWebhooks(
  app: Lifecycle,
  { database, outgoing, secrets, events, agentInstances, timeout, changes = {} }: WebhooksOptions,
): WebhookServices {
  const { log } = app
  const { retryDelays = RETRY_DELAYS, reconcileInterval = RECONCILE_INTERVAL, storedLimit, ...queueOptions } = changes
  const wake = () => queue.wake()
  const deliverer = new Deliverer({ database, outgoing, secrets, timeout, retryDelays, wake })
  const queue = new JobQueue(database, (job, signal) => deliverer.deliver(job, signal), log, queueOptions)
  const dispatcher = new Dispatcher({
    database,
    instances: async (trx, ids) => (await agentInstances.listByIds(trx, ids)).map(asListed),
    wake,
    log,
    reconcileInterval,
    storedLimit,
  })

  app.addHook('onReady', async () => {
    queue.start()
    dispatcher.start()
  })
  const unsubscribe = events.subscribe(({ kind, userId }) => {
    if (kind === 'changed') dispatcher.hint(userId)
  })
  const stopSweeping = startSweeping(database, log)
  // Deliveries finish while in-flight requests are answered: one after the other would take too long.
  let closing: Promise<void> | undefined
  const close = async () => {
    unsubscribe()
    stopSweeping()
    await Promise.all([dispatcher.close(), queue.close()])
  }
  app.addHook('preClose', async () => {
    closing = close()
  })
  app.addHook('onClose', () => closing ?? close())
  return {
    webhooks: new Webhooks({ outgoing, secrets, wake, watch: (userId) => dispatcher.watch(userId) }),
    answerCallbacks: new AnswerCallbacks({ outgoing, secrets, wake }),
  }
}

/** Lists are ordered by a column that they do not show. */
function asListed({ last_activity_at: _order, ...instance }: InstanceSummary): InstanceView {
  return instance
}
