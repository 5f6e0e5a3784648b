/** A query that has not begun. */
interface NextQuery<Asked, Found> {
  readonly asked: [Asked, ...Asked[]]
  readonly found: Promise<Found>
}

/**
 * Shares one query among concurrent callers. Each gets a query that begins after its call, so it misses nothing that
 * was there by then; all callers before that share it. At most one query of a key is under way.
 */
export class SharedQueries<Asked, Found> {
  readonly #run: (asked: readonly [Asked, ...Asked[]]) => Promise<Found>
  readonly #next = new Map<string, NextQuery<Asked, Found>>()
  readonly #underWay = new Map<string, Promise<void>>()

  /** @param query given what each of the callers that share it asks for */
  constructor(query: (asked: readonly [Asked, ...Asked[]]) => Promise<Found>) {
    this.#run = query
  }

  join(key: string, asked: Asked): Promise<Found> {
    const next = this.#next.get(key)
    if (next) {
      next.asked.push(asked)
      return next.found
    }
    const query: NextQuery<Asked, Found> = {
      asked: [asked],
      found: this.#turn(key).then(() => this.#begin(key, query)),
    }
    this.#next.set(key, query)
    return query.found
  }

  /** Callers woken by the same change ask within one turn of the event loop. */
  #turn(key: string): Promise<void> {
    return this.#underWay.get(key) ?? new Promise((resolve) => setImmediate(resolve))
  }

  async #begin(key: string, { asked }: NextQuery<Asked, Found>): Promise<Found> {
    this.#next.delete(key)
    const found = this.#run(asked)
    const over = found.then(ignore, ignore)
    this.#underWay.set(key, over)
    try {
      return await found
    } finally {
      if (this.#underWay.get(key) === over) this.#underWay.delete(key)
    }
  }
}

function ignore(): void {}
