import type { ChildProcess } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

/** Node.js options for a process that is to be measured. */
export const SETTLING = ['--import', new URL('./settle.js', import.meta.url).href]

/** Pauses in which V8 gives pages back; the first collection frees what finalizers hold. */
const COLLECTIONS = 3
const PAUSE = 1_500

/** @returns the resident memory of a process started with `SETTLING`, in KB, once it has collected its garbage; Linux only */
export async function settledMemory({ pid }: ChildProcess): Promise<number> {
  for (let i = 0; i < COLLECTIONS; i++) {
    if (pid) process.kill(pid, 'SIGUSR2')
    await sleep(PAUSE)
  }
  return field(await readFile(`/proc/${pid}/status`, 'utf8'), /^VmRSS:\s+(\d+) kB/m)
}

/** @returns the peak resident memory of a process, in KB; undefined where the system does not report it */
export async function peakMemory({ pid }: ChildProcess): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return status.includes('VmHWM') ? field(status, /^VmHWM:\s+(\d+) kB/m) : undefined
}

/** @returns the limit on open files, and so connections, of a process of ours; Linux only */
export async function openFilesLimit(): Promise<number> {
  return field(await readFile('/proc/self/limits', 'utf8'), /^Max open files\s+\d+\s+(\d+)/m)
}

function field(text: string, pattern: RegExp): number {
  const value = pattern.exec(text)?.[1]
  if (value === undefined) throw new Error(`no ${pattern} in ${text}`)
  return Number(value)
}
