import type { Database } from '../../../db/client.js'
import type { Lifecycle } from '../../lifecycle.js'
import type { StorageQuota } from '../../storage/quota.js'
import type { Events } from '../events/events.js'
import { AgentInstances, type SilenceTimeouts } from './service.js'
import { Sweeper } from './sweeper.js'

export { agentRoutes, sharedRoutes, userRoutes } from './routes.js'

/** The dependencies of the runs. */
export interface AgentInstancesOptions {
  readonly database: Database
  readonly events: Events
  readonly storageQuota: StorageQuota
  readonly timeouts: SilenceTimeouts
}

/** Builds the service of runs; while the app runs, runs of silent agents are marked as stale. */
export function buildAgentInstances(
  app: Lifecycle,
  { database, events, storageQuota, timeouts }: AgentInstancesOptions,
): AgentInstances {
  const instances = new AgentInstances(events, storageQuota, timeouts)
  const sweeper = new Sweeper(database, instances, timeouts, app.log)
  app.addHook('onReady', async () => sweeper.start())
  app.addHook('onClose', async () => sweeper.stop())
  return instances
}
