import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { atEnd } from './benchmark.js'

/** Milliseconds that a child gets to end by itself: the service drains for up to 7 s and then stops its PostgreSQL. */
const EXIT_TIMEOUT_MS = 20_000

interface Launch {
  readonly env?: Readonly<Record<string, string>>
  /** Options for Node.js itself. */
  readonly nodeOptions?: readonly string[]
}

/** Starts one of our scripts as a process of its own, which ends with the benchmark. */
export function launch(script: URL, { env = {}, nodeOptions = [] }: Launch = {}): ChildProcess {
  const child = spawn(process.execPath, [...nodeOptions, script.pathname], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    // Ctrl-C is for the benchmark, which ends its children in order.
    detached: true,
  })
  atEnd(() => end(child))
  return child
}

/** Ends a child, and waits until it is gone. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  child.kill('SIGTERM')
  const kill = setTimeout(() => child.kill('SIGKILL'), EXIT_TIMEOUT_MS)
  await exit
  clearTimeout(kill)
}

/**
 * Sends a message to a child and waits for its next one. One exchange at a time.
 *
 * @param isAnswer type guard for the expected answer
 * @throws Error when the child ends instead, or sends another message
 */
export function ask<T>(child: ChildProcess, question: object, isAnswer: (answer: unknown) => answer is T): Promise<T> {
  return new Promise((resolve, reject) => {
    const onExit = () => reject(new Error(`${child.spawnargs.at(-1)} has ended`))
    child.once('exit', onExit)
    child.once('message', (answer: unknown) => {
      child.off('exit', onExit)
      if (isAnswer(answer)) resolve(answer)
      else reject(new Error(`${child.spawnargs.at(-1)}: ${JSON.stringify(answer)}`))
    })
    child.send(question)
  })
}
