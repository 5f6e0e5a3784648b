import type { FastifyReply } from 'fastify'
import type { Log } from '../../logging/log.js'
import { whenGone } from '../../plugins/in-flight.js'

/** Messages handed out to a caller that may disconnect before they arrive. One of the two is called, once. */
export interface Handoff {
  arrived(): Promise<void>
  /** They are handed out again to the next caller. */
  lost(): Promise<void>
}

/**
 * The handoffs of one answer. When that is sent, all of them have arrived; when the connection breaks before, or the
 * answer became an error, none has.
 */
export class AnswerHandoffs {
  readonly #settle: (settled: Promise<void>) => void
  readonly #open: Handoff[] = []
  #isSent = false
  #isOver = false
  #isUnwanted = false

  /** @param settle is given what shutdown has to wait for */
  constructor(reply: FastifyReply, settle: (settled: Promise<void>) => void) {
    const { socket } = reply.request
    this.#settle = settle
    // Node says that an answer is finished also when its connection broke before it had taken all of it. Before Node's
    // own listener, which may end the connection.
    reply.raw.prependOnceListener('finish', () => {
      this.#isSent = !socket.destroyed && reply.statusCode < 400
    })
    whenGone(reply, () => {
      this.#isOver = true
      for (const handoff of this.#open) this.#end(handoff)
    })
  }

  /** The answer has no receiver any longer, whatever happens to the connection. */
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

/** The handoffs of all answers: shutdown waits until their results are stored. */
export class Handoffs {
  readonly #log: Log
  readonly #settling = new Set<Promise<void>>()

  constructor(log: Log) {
    this.#log = log
  }

  /** @returns the handoffs of an answer */
  of(reply: FastifyReply): AnswerHandoffs {
    return new AnswerHandoffs(reply, (settled) => this.#note(settled))
  }

  /** Counts as arrived whatever happens to the answer: a later call in the same answer waits for it. */
  takeAsArrived(handoff: Handoff): void {
    this.#note(handoff.arrived())
  }

  #note(settled: Promise<void>): void {
    const noted = settled
      .catch((error) => this.#log.warn({ err: error }, 'whether an answer has arrived was not noted'))
      .finally(() => this.#settling.delete(noted))
    this.#settling.add(noted)
  }

  /** @returns when the results of all of them are stored */
  async settled(): Promise<void> {
    await Promise.all(this.#settling)
  }
}
