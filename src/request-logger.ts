import type { FastifyBaseLogger } from 'fastify'

/**
 * The logger of one request, which is made when it is used: most requests log nothing, and making one costs more than
 * finding out who calls.
 */
export class RequestLogger implements FastifyBaseLogger {
  readonly #make: () => FastifyBaseLogger
  #made: FastifyBaseLogger | undefined

  /** @param make makes a logger whose lines name the request */
  constructor(make: () => FastifyBaseLogger) {
    this.#make = make
  }

  get #logger(): FastifyBaseLogger {
    this.#made ??= this.#make()
    return this.#made
  }

  get level() {
    return this.#logger.level
  }
  set level(level: string) {
    this.#logger.level = level
  }
  get fatal() {
    return this.#logger.fatal.bind(this.#logger)
  }
  get error() {
    return this.#logger.error.bind(this.#logger)
  }
  get warn() {
    return this.#logger.warn.bind(this.#logger)
  }
  get info() {
    return this.#logger.info.bind(this.#logger)
  }
  get debug() {
    return this.#logger.debug.bind(this.#logger)
  }
  get trace() {
    return this.#logger.trace.bind(this.#logger)
  }
  get silent() {
    return this.#logger.silent.bind(this.#logger)
  }
  get child() {
    return this.#logger.child.bind(this.#logger)
  }
}
