import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Where one test run keeps its PostgreSQL server; by project folder, so that two checkouts do not share one, nor do
 * `npm test` and `npm run test:watch` in one of them.
 */
export const clusterDir = join(
  tmpdir(),
  `signalbox-test-${Buffer.from(process.cwd()).toString('base64url').slice(-24)}${process.env['TEST_CLUSTER'] ?? ''}`,
)

/** Connection details for the test files. */
export const connectionFile = join(clusterDir, 'connection.json')

export interface ClusterConnection {
  /** The owner role, which may create databases. */
  readonly ownerUrl: string
  /** A migrated database that each test file clones. */
  readonly template: string
  /** The service role of the template; its clones grant it the same. */
  readonly serviceUrl: string
  /** The process that keeps the server. */
  readonly keeper: number
}
