import type { Abuser } from './abuser.js'

/** Something that one caller does, and others should not feel. */
export interface Scenario {
  /** As `--only` takes it. */
  readonly name: string
  /** In a line. */
  readonly title: string
  /** Does it until the abuser's bound. What the service refuses is tried again. */
  run(abuser: Abuser): Promise<void>
}

/** A kibibyte and a mebibyte. */
export const KIB = 1024
export const MIB = 1024 * KIB

/** What PostgreSQL compresses well, so that a flood costs little disk. */
export function filler(bytes: number): string {
  return 'All work and no play makes a dull agent. '.repeat(Math.ceil(bytes / 41)).slice(0, bytes)
}

/** What an agent posts. */
export function step(agent_instance_id: string, more: object = {}) {
  return { agent_instance_id, agent_type: 'abuser', content: 'a step', ...more }
}

/**
 * @param ends the last two numbers of an address of loopback
 * @returns it; the only one there is on other systems than Linux
 */
export function loopbackAddress(...ends: [number, number]): string {
  return process.platform === 'linux' ? `127.1.${ends.join('.')}` : '127.0.0.1'
}
