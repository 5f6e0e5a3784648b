import { chats } from './chats.js'
import { connections } from './connections.js'
import { credentials } from './credentials.js'
import { outgoing } from './outgoing.js'
import type { Scenario } from './scenario.js'
import { streams } from './streams.js'

export const scenarios: readonly Scenario[] = [...connections, ...chats, ...streams, ...credentials, ...outgoing]

/**
 * @param names separated by commas; undefined: all of them
 * @throws {TypeError} for an unknown name
 */
export function chosenScenarios(names: string | undefined): readonly Scenario[] {
  if (names === undefined) return scenarios
  return names.split(',').map((name) => {
    const scenario = scenarios.find((each) => each.name === name)
    if (scenario) return scenario
    throw new TypeError(`--only takes ${scenarios.map((each) => each.name).join(', ')}`)
  })
}
