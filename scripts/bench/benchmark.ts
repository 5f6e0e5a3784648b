import { statfs } from 'node:fs/promises'
import { cpus, tmpdir, totalmem } from 'node:os'

/** Cleanups of a benchmark: they end or remove what it has started or made, the latest first. */
const cleanups: (() => Promise<void>)[] = []

/** Registers a cleanup for the end of the benchmark, however it ends. */
export function atEnd(cleanup: () => Promise<void>): void {
  cleanups.push(cleanup)
}

/** From statfs(2): a file system in memory, where fsync costs nothing. */
const TMPFS_MAGIC = 0x01021994

/**
 * Runs a benchmark and ends the process: with 1 if it fails, is interrupted, or exceeds its limit.
 *
 * @param limit minutes
 */
export async function benchmark(title: string, limit: number, work: () => Promise<void>): Promise<never> {
  console.log(`${title}\n${await machine()}\n`)
  const interrupted = new Promise<never>((_, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => reject(new Error(signal)))
    // A rejection that is not awaited yet would end the process before its cleanups.
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

/** The environment that the results depend on, for the record. */
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
