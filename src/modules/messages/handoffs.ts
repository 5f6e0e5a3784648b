import type { FastifyReply } from 'fastify'
import type { Log } from '../../logging/log.js'
import { whenGone } from '../../plugins/in-flight.js'

/** Something handed out to somebody who may be gone before it arrives. One of the two is called, once. */
export interface Handoff {
  arrived(): Promise<void>
  /** It is handed out again to whoever asks next. */
  lost(): Promise<void>
}

/**
 * What goes out with one answer. When that is sent, all of it has arrived; when the connection breaks before, or the answer
 * became an error, none has.
 */
export class AnswerHandoffs {
  readonly #settle: (settled: Promise<void>) => void
  readonly #open: Handoff[] = []
  #isSent = false
  #isOver = false
  #isUnwanted = false

  /** @param settle is given what is to be waited for before the service ends */
  constructor(reply: FastifyReply, settle: (settled: Promise<void>) => void) {
    const { socket } = reply.request
    this.#settle = settle
    // Node says that an answer is finished also when its connection broke before it had taken all of it. Before Node's own
    // listener, which may end the connection.
    reply.raw.prependOnceListener('finish', () => {
      this.#isSent = !socket.destroyed && reply.statusCode < 400
    })
    whenGone(reply, () => {
      this.#isOver = true
      for (const handoff of this.#open) this.#end(handoff)
    })
  }

  /** Nobody listens any longer, whatever becomes of the connection. */
  refuse(): void {
    this.#isUnwanted = true
  }

  add(handoff: Handoff): void {
    if (this.#isOver) this.#end(handoff)
    else this.#open.push(handoff)
  }

  #end(handoff: Handoff): void {
    const hasArrived = this.#isSent && !this.#isUnwanted
    this.#settle(hasArrived ? handoff.arrived() : handoff.lost())
  }
}

/** Those of all answers: the service does not end before it is noted what became of them. */
export class Handoffs {
  readonly #log: Log
  readonly #settling = new Set<Promise<void>>()

  constructor(log: Log) {
    this.#log = log
  }

  /** @returns what is to be told of everything that is handed out with an answer */
  of(reply: FastifyReply): AnswerHandoffs {
    return new AnswerHandoffs(reply, (settled) => this.#note(settled))
  }

  /** Counts as arrived whatever becomes of the answer: what comes after it waits for that, in the same answer. */
  takeAsArrived(handoff: Handoff): void {
    this.#note(handoff.arrived())
  }

  #note(settled: Promise<void>): void {
    const noted = settled
      .catch((error) => this.#log.warn({ err: error }, 'whether an answer has arrived was not noted'))
      .finally(() => this.#settling.delete(noted))
    this.#settling.add(noted)
  }

  /** @returns when it is noted what became of all of them */
  async settled(): Promise<void> {
    await Promise.all(this.#settling)
  }
}
