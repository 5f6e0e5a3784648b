import type { ProblemCode } from '../../../schemas/problem.js'
import { invalidField, type ProblemError, problemBody } from '../../errors.js'

/** Messages of one request. Clients that send batches at all send a handful. */
const MAX_BATCH = 100

/** Codes of a request that could not be read as messages. Source: JSON-RPC 2.0, section 5.1 */
const CODES: ReadonlyMap<ProblemCode, number> = new Map([
  ['invalid_json', -32700],
  ['invalid_request', -32600],
  ['body_too_large', -32600],
  ['unsupported_media_type', -32600],
])

/** An unvalidated message of JSON-RPC. */
export interface Message {
  readonly method?: unknown
  readonly params?: {
    readonly name?: unknown
    readonly requestId?: unknown
    readonly clientInfo?: { readonly name?: unknown }
  } | null
}

/**
 * The messages of a body, as far as they matter before the SDK reads it.
 *
 * @throws {ProblemError} 400 for too many messages: each of them is counted, checked and answered
 */
export function messagesOf(body: unknown): Message[] {
  const messages: unknown[] = Array.isArray(body) ? body : [body]
  if (messages.length > MAX_BATCH) throw invalidField('body', `must not have more than ${MAX_BATCH} messages`)
  return messages.filter((message) => typeof message === 'object' && message !== null)
}

/** The client's name, if the message opens a session. */
export function clientNameOf({ method, params }: Message): string | undefined {
  const name = method === 'initialize' ? params?.clientInfo?.name : undefined
  return typeof name === 'string' ? name : undefined
}

/** The request that the message cancels, if it cancels one. */
export function cancelledBy({ method, params }: Message): (string | number)[] {
  const id = method === 'notifications/cancelled' ? params?.requestId : undefined
  return typeof id === 'string' || typeof id === 'number' ? [id] : []
}

/** Whether a message calls the tool that waits for a person. */
export function isQuestion({ method, params }: Message): boolean {
  return method === 'tools/call' && params?.name === 'ask_question'
}

/** Whether a path in the body leads into the arguments of a tool, in a batch as well. */
export function isArgument(path: readonly string[]): boolean {
  const [params, args] = path[0] === 'params' ? path : path.slice(1)
  return params === 'params' && args === 'arguments'
}

/**
 * The JSON-RPC error for a request that could not be read. Errors about the caller are problems, as on other routes.
 *
 * @returns it, with the problem as its data; its id is null, as the message is unknown
 */
export function errorOf(problem: ProblemError, requestId: string): object | undefined {
  const code = CODES.get(problem.code)
  if (code === undefined) return undefined
  const error = { code, message: problem.message, data: problemBody(problem, requestId) }
  return { jsonrpc: '2.0', id: null, error }
}
