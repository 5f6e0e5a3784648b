import type { FastifyBaseLogger } from 'fastify'
import type { Bindings, ChildLoggerOptions, Level } from 'pino'

/**
 * The logger of one request, created on first use: most requests log nothing, and creating one costs more than authentication.
 *
 * Fastify checks that each new one has the methods of a logger, so they must exist before.
 */
export class RequestLogger implements FastifyBaseLogger {
  readonly #make: () => FastifyBaseLogger
  #made: FastifyBaseLogger | undefined

  /** @param make creates a logger that adds the request's id to its lines */
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

  fatal(...given: unknown[]) {
    this.#log('fatal', given)
  }
  error(...given: unknown[]) {
    this.#log('error', given)
  }
  warn(...given: unknown[]) {
    this.#log('warn', given)
  }
  info(...given: unknown[]) {
    this.#log('info', given)
  }
  debug(...given: unknown[]) {
    this.#log('debug', given)
  }
  trace(...given: unknown[]) {
    this.#log('trace', given)
  }
  silent() {}

  child(bindings: Bindings, options?: ChildLoggerOptions) {
    return this.#logger.child(bindings, options)
  }

  #log(level: Level, given: unknown[]): void {
    Reflect.apply(this.#logger[level], this.#logger, given)
  }
}
