import { randomUUID } from 'node:crypto'
import { SERVICE } from '../../db/actor.js'
import { agentsPost } from '../../src/modules/account-log/new-message.js'
import type { Answer, Call, TestUser } from './app.js'

/** One run of one agent of one person, and their conversation. */
export interface Chat {
  readonly id: string
  readonly agent: Call
  /** The agent posts a message, with any other fields. */
  post(content: string, fields?: object): Promise<Answer>
  /** The person writes. */
  write(content: string): Promise<Answer>
  /** The agent polls: from a read cursor, or without moving it. */
  poll(lastReadId?: string): Promise<Answer>
  /** The agent reports a person's words. */
  report(content: string, fields?: object): Promise<Answer>
  requestInput(messageId: string): Promise<Answer>
  /** The run as the person sees it. */
  detail(): Promise<Answer>
}

/** Starts a run with the agent's first step, whose text is "start". */
export async function startChat(user: TestUser, id: string = randomUUID()): Promise<Chat & { firstId: string }> {
  const chat = chatOf(user, await user.newAgent(), id)
  const { body } = await chat.post('start', { agent_type: 'claude code' })
  return { ...chat, firstId: body.message_id }
}

export function chatOf(user: TestUser, agent: Call, id: string): Chat {
  const run = { agent_instance_id: id }
  return {
    id,
    agent,
    post: (content, fields = {}) => agent('POST', '/messages/agent', { ...run, content, ...fields }),
    write: (content) => user.call('POST', `/agent-instances/${id}/messages`, { content }),
    poll: (lastReadId) =>
      agent('GET', '/messages/pending', undefined, {
        query: { ...run, ...(lastReadId === undefined ? {} : { last_read_message_id: lastReadId }) },
      }),
    report: (content, fields = {}) => agent('POST', '/messages/user', { ...run, content, ...fields }),
    requestInput: (messageId) => agent('PATCH', `/messages/${messageId}/request-input`),
    detail: () => user.call('GET', `/agent-instances/${id}`),
  }
}

/** The texts of a list of messages. */
export function contents(messages: { content: string }[]): string[] {
  return messages.map(({ content }) => content)
}

/** A step of an agent, as the service derives it from a post. */
export function newStep(userId: string, instanceId: string, content: string) {
  const step = { instanceId, content, metadata: null, keyId: randomUUID(), requiresUserInput: false }
  return agentsPost({ userId, actor: SERVICE }, { ...step, gitDiff: undefined, offersQueue: false })
}
