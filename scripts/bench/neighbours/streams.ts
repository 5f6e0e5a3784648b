import { randomUUID } from 'node:crypto'
import { filler, KIB, type Scenario, step } from './scenario.js'

const unreadStreams: Scenario = {
  name: 'unread-streams',
  title: '500 streams of one account that do not read, while messages of 64 KiB come, 4 at a time',
  async run(abuser) {
    await abuser.times(abuser.size(500, 20), 20, () => abuser.stream('/api/v1/events/stream', { reads: false }))
    const id = randomUUID()
    const message = step(id, { content: filler(64 * KIB) })
    await abuser.repeat(4, () => abuser.asAgent('POST', '/messages/agent', message))
  },
}

export const streams = [unreadStreams]
