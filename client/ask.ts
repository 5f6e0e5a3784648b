import type { components } from './generated/openapi.js'
import type { Methods } from './methods.js'
import { SignalboxError, unwrap } from './problem.js'
import type { InstanceStatus, QueuedMessage } from './types.js'
import { sleep, withinTime } from './waiting.js'

/** What an agent asks; the fields are those of a message of its. */
export type Question = Omit<components['schemas']['AgentMessage'], 'requires_user_input'>

/** How to ask, and for how long to wait. */
export interface AskOptions {
  /** Ends the waiting; the question stays open. */
  readonly signal?: AbortSignal | undefined
}

/** How a question ended. */
export interface Reply {
  /** The question's id. */
  readonly questionId: string
  /** What the person wrote; null when the run was ended without an answer. */
  readonly answer: string | null
  /** The answer, and what the person wrote after it. */
  readonly messages: QueuedMessage[]
  /** What the person wrote before the question and the agent had not read. */
  readonly earlier: QueuedMessage[]
  /** The run's status. In `KILLED` and `FAILED` it has ended for good: the agent is to stop. */
  readonly status: InstanceStatus
}

/** Seconds that a request is held. Many proxies cut at 60. */
const WAIT = 50

/** Milliseconds after which an unanswered request is given up: a connection can be lost without notice. */
const REQUEST_TIMEOUT_MS = (WAIT + 15) * 1000

/** Milliseconds between two attempts when the connection is lost, at first and at most. */
const FIRST_PAUSE = 500
const LONGEST_PAUSE = 30_000

/** Statuses under 500 that pass on their own. */
const TEMPORARY = [408, 425, 429]

/** The refusal while the same request, whose answer was lost, is still in flight. */
const UNDER_WAY = 'idempotency_in_progress'

/**
 * Asks, and waits for the answer for as long as it takes. A lost connection costs nothing: the question is not asked twice, and
 * an answer that was lost on its way comes again. It counts as read when the agent posts next.
 *
 * @param client a client with an agent's credentials
 * @throws {SignalboxError} when trying again is no use: the credentials are refused, the run was deleted
 * @throws {Error} when another process of the agent has gone on in this run; the signal's reason when it aborts
 */
export async function ask(
  client: Pick<Methods, 'GET' | 'POST'>,
  question: Question,
  { signal }: AskOptions = {},
): Promise<Reply> {
  const header = { 'idempotency-key': crypto.randomUUID() }
  const body = { ...question, requires_user_input: true }
  const asked = await persist(signal, (init) =>
    unwrap(client.POST('/api/v1/messages/agent', { params: { header }, body, ...init })),
  )
  const { agent_instance_id, message_id: questionId, queued_user_messages: earlier } = asked
  const query = { agent_instance_id, last_read_message_id: questionId, wait: WAIT, confirm: true }
  for (;;) {
    const pending = await persist(signal, (init) =>
      unwrap(client.GET('/api/v1/messages/pending', { params: { query }, ...init })),
    )
    const { messages, instance_status: status } = pending
    if (pending.status === 'stale') throw new Error('Another process of this agent has gone on in this run')
    const [first] = messages
    const hasEnded = status === 'KILLED' || status === 'FAILED'
    if (first || hasEnded) return { questionId, answer: first?.content ?? null, messages, earlier, status }
  }
}

/** Retries until there is an answer: a lost connection and an unavailable service are not answers. */
async function persist<T>(
  signal: AbortSignal | undefined,
  attempt: (init: { readonly signal: AbortSignal }) => Promise<T>,
): Promise<T> {
  for (let pause = FIRST_PAUSE; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
    signal?.throwIfAborted()
    let seconds: number | undefined
    try {
      return await withinTime(REQUEST_TIMEOUT_MS, signal, (limited) => attempt({ signal: limited }))
    } catch (error) {
      signal?.throwIfAborted()
      if (error instanceof SignalboxError) {
        if (!isTemporary(error)) throw error
        seconds = error.retryAfter
      }
    }
    await sleep(seconds === undefined ? pause : seconds * 1000, signal)
  }
}

function isTemporary({ status, code }: SignalboxError): boolean {
  return status >= 500 || TEMPORARY.includes(status) || code === UNDER_WAY
}
