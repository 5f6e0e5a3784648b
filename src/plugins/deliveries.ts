import type { FastifyInstance, FastifyReply } from 'fastify'
import fp from 'fastify-plugin'
import { whenGone } from './in-flight.js'

declare module 'fastify' {
  interface FastifyInstance {
    /** What is handed out with answers, each of which may not arrive. */
    readonly deliveries: Deliveries
  }
}

/** Something handed out to somebody who may be gone before it arrives. One of the two is called, once. */
export interface Delivery {
  arrived(): Promise<void>
  /** It is handed out again to whoever asks next. */
  lost(): Promise<void>
}

/**
 * What goes out with one answer. When that is sent, all of it has arrived; when the connection breaks before, or the answer
 * became an error, none has.
 */
export class AnswerDeliveries {
  readonly #settle: (settled: Promise<void>) => void
  readonly #open: Delivery[] = []
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
      for (const delivery of this.#open) this.#end(delivery)
    })
  }

  /** Nobody listens any longer, whatever becomes of the connection. */
  refuse(): void {
    this.#isUnwanted = true
  }

  add(delivery: Delivery): void {
    if (this.#isOver) this.#end(delivery)
    else this.#open.push(delivery)
  }

  #end(delivery: Delivery): void {
    const hasArrived = this.#isSent && !this.#isUnwanted
    this.#settle(hasArrived ? delivery.arrived() : delivery.lost())
  }
}

/** Those of all answers: the service does not end before it is noted what became of them. */
class Deliveries {
  readonly #app: FastifyInstance
  readonly #settling = new Set<Promise<void>>()

  constructor(app: FastifyInstance) {
    this.#app = app
  }

  /** @returns what is to be told of everything that is handed out with an answer */
  of(reply: FastifyReply): AnswerDeliveries {
    return new AnswerDeliveries(reply, (settled) => this.#note(settled))
  }

  /** Counts as arrived whatever becomes of the answer: what comes after it waits for that, in the same answer. */
  takeAsArrived(delivery: Delivery): void {
    this.#note(delivery.arrived())
  }

  #note(settled: Promise<void>): void {
    const noted = settled
      .catch((error) => this.#app.log.warn({ err: error }, 'whether an answer has arrived was not noted'))
      .finally(() => this.#settling.delete(noted))
    this.#settling.add(noted)
  }

  async settled(): Promise<void> {
    await Promise.all(this.#settling)
  }
}

export const deliveries = fp(
  async (app: FastifyInstance) => {
    const all = new Deliveries(app)
    app.decorate('deliveries', all)
    app.addHook('onClose', () => all.settled())
  },
  { name: 'deliveries', dependencies: ['database'] },
)
