/**
 * The posts of one account that wait to be stored, in the order of their arrival. Each transaction walks through them
 * from the beginning: it takes some, and passes over the others, which stay.
 *
 * An array: taking an item from its middle moves those behind it, 2,000 pointers at most.
 */
export class PostQueue<Item> {
  /** UUID of the account. */
  readonly userId: string
  /** The number of posts taken that are being stored alone, because they are large. */
  alone = 0
  #items: Item[] = []
  /** The position of the walk. */
  #position = 0

  constructor(userId: string) {
    this.userId = userId
  }

  /** The number of waiting posts. */
  get length(): number {
    return this.#items.length
  }

  /** Adds a post at the end. */
  push(item: Item): void {
    this.#items.push(item)
  }

  /** Begins a walk. */
  rewind(): void {
    this.#position = 0
  }

  /** The post at the walk's position; undefined at its end. */
  get current(): Item | undefined {
    return this.#items[this.#position]
  }

  /** Passes over the current post: the next one is the current one then. */
  pass(): void {
    this.#position += 1
  }

  /** Takes the current post out: the next one is the current one then. */
  take(): void {
    this.#items.splice(this.#position, 1)
  }

  /** Takes out the posts that are wanted, and ends the walk. @returns them, in their order */
  takeOut(isWanted: (item: Item) => boolean): Item[] {
    const taken: Item[] = []
    const left: Item[] = []
    for (const item of this.#items) (isWanted(item) ? taken : left).push(item)
    this.#items = left
    this.rewind()
    return taken
  }
}
