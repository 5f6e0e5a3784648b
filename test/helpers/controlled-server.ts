import { join } from 'node:path'
import type { Test } from 'tap'
import { locateBinaries } from '../../db/embedded/binaries.js'
import { bootstrap, OWNER } from '../../db/embedded/bootstrap.js'
import { prepareCluster } from '../../db/embedded/cluster.js'
import { freePort, stopPostmaster } from '../../db/embedded/postmaster.js'
import { openSession, type Session } from '../../db/embedded/session.js'
import { temporaryDataDir } from './process.js'

/** An unsupervised PostgreSQL server, so that it can go away and come back at the same address. */
export interface ControlledServer {
  /** Connection URL of the role that owns the database. */
  readonly ownerUrl: string
  start(): Promise<void>
  stop(): Promise<void>
  /** Freezes the server, and the sessions with this application name: they answer nothing. */
  freeze(applicationName: string): Promise<void>
  thaw(): void
}

export async function controlledServer(t: Test): Promise<ControlledServer> {
  const dataDir = await temporaryDataDir(t)
  const cluster = await prepareCluster(dataDir, await locateBinaries(), () => {})
  const port = await freePort()
  let session: Session | undefined
  let frozen: number[] = []

  const running = () => {
    if (!session) throw new Error(`there is no server in ${join(dataDir, 'postgres')}`)
    return session
  }
  const start = async () => {
    session = await openSession(cluster, { settings: {}, port })
    await bootstrap(session.admin, 'signalbox', cluster.passwords.owner)
  }
  const stop = async () => {
    const { pid, admin } = running()
    await stopPostmaster(cluster, pid)
    await admin.end()
    session = undefined
  }
  const freeze = async (applicationName: string) => {
    const { admin, pid } = running()
    const { rows } = await admin.query<{ pid: number }>(
      'select pid from pg_stat_activity where application_name = $1',
      [applicationName],
    )
    frozen = [pid, ...rows.map((row) => row.pid)]
    for (const victim of frozen) process.kill(victim, 'SIGSTOP')
  }
  const thaw = () => {
    for (const victim of frozen) process.kill(victim, 'SIGCONT')
    frozen = []
  }

  t.teardown(async () => {
    thaw()
    if (session) await stop()
  })
  await start()
  const ownerUrl = `postgres://${OWNER}:${cluster.passwords.owner}@127.0.0.1:${port}/signalbox`
  return { ownerUrl, start, stop, freeze, thaw }
}
