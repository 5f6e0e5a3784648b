import { statfs } from 'node:fs/promises'
import { cpus, tmpdir, totalmem } from 'node:os'

/** What a benchmark has started or made, to be ended and removed again. The latest goes first. */
const cleanups: (() => Promise<void>)[] = []

/** Has something done when the benchmark ends, however it ends. */
export function atEnd(cleanup: () => Promise<void>): void {
  cleanups.push(cleanup)
}

/** From statfs(2): a file system in memory, where fsync costs nothing. */
const TMPFS_MAGIC = 0x01021994

/**
 * Runs a benchmark and ends the process: with 1 if it fails, is interrupted, or takes longer than it may.
 *
 * @param limit minutes
 */
export async function benchmark(title: string, limit: number, work: () => Promise<void>): Promise<never> {
  console.log(`${title}\n${await machine()}\n`)
  const interrupted = new Promise<never>((_, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => reject(new Error(signal)))
    // What fails while nobody waits for it would end the process before what it has started.
    process.on('unhandledRejection', reject)
    process.on('uncaughtException', reject)
    setTimeout(() => reject(new Error(`it has taken more than ${limit} minutes`)), limit * 60_000)
  })
  try {
    await Promise.race([work(), interrupted])
  } catch (error) {
    console.error(error)
    process.exitCode = 1
  }
  for (const cleanup of cleanups.reverse()) {
    await cleanup().catch((error) => {
      console.error(error)
      process.exitCode = 1
    })
  }
  process.exit()
}

/** What the results depend on, for whoever notes them down. */
async function machine(): Promise<string> {
  const [first, ...others] = cpus()
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`
  const inMemory = (await statfs(tmpdir())).type === TMPFS_MAGIC
  return [
    new Date().toISOString().slice(0, 10),
    `${others.length + 1} × ${first?.model.trim() ?? 'unknown'}`,
    memory,
    `Node.js ${process.version}`,
    ...(inMemory ? [`WARNING: ${tmpdir()} is in memory, where fsync costs nothing; set TMPDIR to a disk`] : []),
  ].join(', ')
}
