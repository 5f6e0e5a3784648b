import type { Abuser } from './abuser.js'

/** An abuse by one caller that others should not notice. */
export interface Scenario {
  /** Its name for `--only`. */
  readonly name: string
  /** A one-line title. */
  readonly title: string
  /** Runs until the abuser's bound. Refusals are retried. */
  run(abuser: Abuser): Promise<void>
}

/** A kibibyte and a mebibyte. */
export const KIB = 1024
export const MIB = 1024 * KIB

/** Text that PostgreSQL compresses well, so that a flood costs little disk. */
export function filler(bytes: number): string {
  return 'All work and no play makes a dull agent. '.repeat(Math.ceil(bytes / 41)).slice(0, bytes)
}

/** The body of an agent's post. */
export function step(agent_instance_id: string, more: object = {}) {
  return { agent_instance_id, agent_type: 'abuser', content: 'a step', ...more }
}

/**
 * @param ends the last two numbers of an address of loopback
 * @returns the address; on systems other than Linux the only one there is
 */
export function loopbackAddress(...ends: [number, number]): string {
  return process.platform === 'linux' ? `127.1.${ends.join('.')}` : '127.0.0.1'
}
