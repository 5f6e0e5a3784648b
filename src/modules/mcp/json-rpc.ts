import { invalidField } from '../../errors.js'

/** Messages of one request. Clients that send several at all send a handful. */
const MAX_BATCH = 100

/** A message of JSON-RPC, of which nothing is known. */
export interface Message {
  readonly method?: unknown
  readonly params?: {
    readonly name?: unknown
    readonly requestId?: unknown
    readonly clientInfo?: { readonly name?: unknown }
  } | null
}

/**
 * As much of the body as matters before the SDK reads it.
 *
 * @throws {ProblemError} 400 for more messages than anybody sends: each of them is counted, checked and answered
 */
export function messagesOf(body: unknown): Message[] {
  const messages: unknown[] = Array.isArray(body) ? body : [body]
  if (messages.length > MAX_BATCH) throw invalidField('body', `must not have more than ${MAX_BATCH} messages`)
  return messages.filter((message) => typeof message === 'object' && message !== null)
}

/** What the client calls itself, if the message opens a session. */
export function clientNameOf({ method, params }: Message): string | undefined {
  const name = method === 'initialize' ? params?.clientInfo?.name : undefined
  return typeof name === 'string' ? name : undefined
}

/** The request that the client does not want to be answered any longer, if the message says so. */
export function cancelledBy({ method, params }: Message): (string | number)[] {
  const id = method === 'notifications/cancelled' ? params?.requestId : undefined
  return typeof id === 'string' || typeof id === 'number' ? [id] : []
}

export function isQuestion({ method, params }: Message): boolean {
  return method === 'tools/call' && params?.name === 'ask_question'
}
