/** One that waits in a queue. */
export interface LinkedItem<Item> {
  /** The one that came after it: a matter of the queue, which makes nothing of its own for each. */
  next: Item | undefined
}

/**
 * What waits on behalf of one account, in the order in which it came. It is walked through from its beginning for each
 * transaction: what is not taken is passed over, and stays.
 */
export class PostQueue<Item extends LinkedItem<Item>> {
  /** UUID of the account. */
  readonly userId: string
  /** How many wait. */
  length = 0
  /** How many of those that it gave are being stored alone because they are large. */
  alone = 0
  #first: Item | undefined
  #last: Item | undefined
  /** The latest one that the walk has passed over. */
  #passed: Item | undefined

  constructor(userId: string) {
    this.userId = userId
  }

  push(item: Item): void {
    if (this.#last) this.#last.next = item
    else this.#first = item
    this.#last = item
    this.length += 1
  }

  /** Begins a walk. */
  rewind(): void {
    this.#passed = undefined
  }

  /** The one that the walk has come to; undefined at its end. */
  get current(): Item | undefined {
    return this.#passed ? this.#passed.next : this.#first
  }

  /** Goes on with the next one. @param item the current one */
  pass(item: Item): void {
    this.#passed = item
  }

  /** Takes the current one out of the queue, and goes on with the next one. @param item the current one */
  take(item: Item): void {
    if (this.#passed) this.#passed.next = item.next
    else this.#first = item.next
    if (this.#last === item) this.#last = this.#passed
    item.next = undefined
    this.length -= 1
  }

  /** Takes out those that are wanted. @returns them, in their order */
  takeOut(isWanted: (item: Item) => boolean): Item[] {
    const taken: Item[] = []
    this.rewind()
    for (let item = this.current; item; item = this.current) {
      if (isWanted(item)) {
        this.take(item)
        taken.push(item)
      } else this.pass(item)
    }
    return taken
  }
}
