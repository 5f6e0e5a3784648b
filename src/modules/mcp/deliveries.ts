import type { FastifyReply } from 'fastify'
import { whenGone } from '../../plugins/in-flight.js'
import type { Delivery } from '../messages/questions.js'

/** What goes out with one answer. When that is sent, all of it has arrived; when the connection breaks before, none has. */
export class Deliveries {
  readonly #reply: FastifyReply
  readonly #settle: (settled: Promise<void>) => void
  readonly #open: Delivery[] = []
  #isOver = false
  #isUnwanted = false

  /** @param settle is given what is to be waited for before the service ends */
  constructor(reply: FastifyReply, settle: (settled: Promise<void>) => void) {
    this.#reply = reply
    this.#settle = settle
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
    const hasArrived = this.#reply.raw.writableFinished && !this.#isUnwanted
    this.#settle(hasArrived ? delivery.arrived() : delivery.lost())
  }
}
