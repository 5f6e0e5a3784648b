import { v7 as uuidv7 } from 'uuid'
import type { Call } from './app.js'

/** A run in lists. */
export const LISTED_FIELDS = [
  'agent_type_id',
  'agent_type_name',
  'chat_length',
  'ended_at',
  'id',
  'instance_metadata',
  'last_heartbeat_at',
  'latest_message',
  'latest_message_at',
  'name',
  'started_at',
  'status',
]

/** Posts the first message of a new run. @returns its id */
export async function newInstance(agent: Call, fields: Record<string, unknown> = {}): Promise<string> {
  const id = uuidv7()
  const body = { agent_instance_id: id, agent_type: 'claude code', content: 'Working', ...fields }
  const posted = await agent('POST', '/messages/agent', body)
  if (posted.status !== 200) throw new Error(`cannot post: ${JSON.stringify(posted.body)}`)
  return posted.body.agent_instance_id
}

/** Registers a run without any message. @returns the answer of the service */
export async function registerInstance(agent: Call, fields: Record<string, unknown> = {}) {
  const registered = await agent('POST', '/agent-instances', { agent_type: 'claude code', ...fields })
  if (registered.status !== 201) throw new Error(`cannot register: ${JSON.stringify(registered.body)}`)
  return registered.body
}
