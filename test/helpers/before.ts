import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, mkdir, rm } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { clusterDir, connectionFile } from './cluster.js'

/** Runs before all test files: starts the process that keeps the PostgreSQL server, and waits until it is up. */
await rm(clusterDir, { recursive: true, force: true, maxRetries: 5 })
await mkdir(clusterDir, { recursive: true })
const keeper = spawn(process.execPath, [new URL('./keeper.js', import.meta.url).pathname], {
  detached: true,
  stdio: ['ignore', 'ignore', 'inherit'],
})
const failed = once(keeper, 'exit').then(([code]) => {
  throw new Error(`the test database did not start (exit code ${code})`)
})
await Promise.race([failed, appears(connectionFile)])
keeper.unref()
process.exit(0)

async function appears(path: string): Promise<void> {
  while (
    !(await access(path).then(
      () => true,
      () => false,
    ))
  )
    await sleep(20)
}
