/** A look that has not begun. */
interface Look<Asked, Found> {
  readonly asked: [Asked, ...Asked[]]
  readonly found: Promise<Found>
}

/**
 * Looks at the same thing that many ask for at once. Each gets one that begins after it asked, so it misses nothing that
 * was there by then; all who ask before that share it. At most one look of a key is under way.
 */
export class SharedLooks<Asked, Found> {
  readonly #look: (asked: readonly [Asked, ...Asked[]]) => Promise<Found>
  readonly #next = new Map<string, Look<Asked, Found>>()
  readonly #underWay = new Map<string, Promise<void>>()

  /** @param look given what each of those who share it asks for */
  constructor(look: (asked: readonly [Asked, ...Asked[]]) => Promise<Found>) {
    this.#look = look
  }

  join(key: string, asked: Asked): Promise<Found> {
    const next = this.#next.get(key)
    if (next) {
      next.asked.push(asked)
      return next.found
    }
    const look: Look<Asked, Found> = { asked: [asked], found: this.#turn(key).then(() => this.#begin(key, look)) }
    this.#next.set(key, look)
    return look.found
  }

  /** Those whom the same thing has woken ask within one turn of the event loop. */
  #turn(key: string): Promise<void> {
    return this.#underWay.get(key) ?? new Promise((resolve) => setImmediate(resolve))
  }

  async #begin(key: string, { asked }: Look<Asked, Found>): Promise<Found> {
    this.#next.delete(key)
    const found = this.#look(asked)
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
