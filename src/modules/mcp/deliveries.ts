import type { ServerResponse } from 'node:http'
import type { Delivery } from '../messages/questions.js'

/** What goes out with one answer. When that is sent, all of it has arrived; when the connection breaks before, none has. */
export class Deliveries {
  readonly #settle: (settled: Promise<void>) => void
  readonly #response: ServerResponse
  readonly #open: Delivery[] = []
  #isUnwanted = false

  /** @param settle is given what is to be waited for before the service ends */
  constructor(response: ServerResponse, settle: (settled: Promise<void>) => void) {
    this.#response = response
    this.#settle = settle
    response.once('close', () => {
      for (const delivery of this.#open) this.#end(delivery)
    })
  }

  /** Nobody listens any longer, whatever becomes of the connection. */
  refuse(): void {
    this.#isUnwanted = true
  }

  add(delivery: Delivery): void {
    if (this.#response.closed) this.#end(delivery)
    else this.#open.push(delivery)
  }

  #end(delivery: Delivery): void {
    const hasArrived = this.#response.writableFinished && !this.#isUnwanted
    this.#settle(hasArrived ? delivery.arrived() : delivery.lost())
  }
}
