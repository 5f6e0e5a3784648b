import { readFile, rm } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ClusterConnection, clusterDir, connectionFile } from './cluster.js'

/** Runs after all test files: ends the process that keeps the PostgreSQL server. */
const { keeper }: ClusterConnection = JSON.parse(await readFile(connectionFile, 'utf8'))
process.kill(keeper, 'SIGTERM')
while (isAlive(keeper)) await sleep(20)
await rm(clusterDir, { recursive: true, force: true, maxRetries: 5 })

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
