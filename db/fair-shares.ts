import { BusyError, DatabaseUnavailableError } from './errors.js'

/** What the service does of itself or on behalf of several accounts; each has a share of the connections of its own. */
export const CONCERNS = ['lookups', 'combined posts', 'events', 'rate limits', 'queue', 'errands'] as const

/** One of the concerns that have a share of the connections. */
export type Concern = (typeof CONCERNS)[number]

/** Whom a connection is lent to: one of the service's concerns, or the account with this UUID. */
export type Borrower = Concern | (string & {})

interface Waiter {
  readonly resolve: () => void
  readonly timer: NodeJS.Timeout
}

/** Somebody who has connections, or waits for some. */
interface Party {
  readonly name: Borrower
  readonly isAccount: boolean
  lent: number
  readonly waiting: Waiter[]
}

/** How connections are shared. */
export interface FairSharesOptions {
  /** How many connections there are. */
  readonly capacity: number
  /** Milliseconds that anybody waits. */
  readonly waitTimeoutMs: number
  /** How many may wait on behalf of one borrower. */
  readonly maxWaiting: number
}

/**
 * Says whose turn it is to have a connection. Everybody may have a share, a quarter of all and at least one, and is served
 * in turn with the others. What nobody wants may be had beyond that, except for a last share, so that a stranger who
 * arrives finds a connection. Accounts together leave one share to the service's own concerns: however many they are,
 * somebody who signs in is looked up.
 */
export class FairShares {
  readonly #options: FairSharesOptions
  readonly #share: number
  readonly #parties = new Map<Borrower, Party>()
  /** Those who wait, whoever is next first. The concerns of the service are few, and go before. */
  readonly #waitingConcerns = new Set<Party>()
  readonly #waitingAccounts = new Set<Party>()
  #free: number
  #freeForAccounts: number

  constructor(options: FairSharesOptions) {
    this.#options = options
    this.#share = Math.max(1, Math.floor(options.capacity / 4))
    this.#free = options.capacity
    this.#freeForAccounts = Math.max(1, options.capacity - this.#share)
  }

  /**
   * Waits for a turn. Whoever got one calls `giveBack`.
   *
   * @throws {BusyError} when too many wait for the same borrower already
   * @throws {DatabaseUnavailableError} when the turn has not come for too long
   */
  async borrow(name: Borrower): Promise<void> {
    const party = this.#partyOf(name)
    if (party.waiting.length === 0 && this.#mayLend(party)) return this.#lend(party)
    const { maxWaiting, waitTimeoutMs } = this.#options
    if (party.waiting.length >= maxWaiting) throw new BusyError('too much waits for the database here')
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#leave(party, waiter)
        reject(new DatabaseUnavailableError(`no database connection was free for ${waitTimeoutMs} ms`))
      }, waitTimeoutMs)
      // What waits is a request, whose connection keeps the process alive.
      timer.unref()
      const waiter = { resolve, timer }
      party.waiting.push(waiter)
      this.#waitingOf(party).add(party)
    })
  }

  giveBack(name: Borrower): void {
    const party = this.#partyOf(name)
    party.lent -= 1
    this.#free += 1
    if (party.isAccount) this.#freeForAccounts += 1
    this.#serve()
    this.#forgetIdle(party)
  }

  #partyOf(name: Borrower): Party {
    const known = this.#parties.get(name)
    if (known) return known
    const isAccount = !CONCERNS.some((concern) => concern === name)
    const party = { name, isAccount, lent: 0, waiting: [] }
    this.#parties.set(name, party)
    return party
  }

  #waitingOf({ isAccount }: Party): Set<Party> {
    return isAccount ? this.#waitingAccounts : this.#waitingConcerns
  }

  #mayLend(party: Party): boolean {
    const free = party.isAccount ? Math.min(this.#free, this.#freeForAccounts) : this.#free
    if (free <= 0) return false
    if (party.lent < this.#share) return true
    const others = this.#waitingConcerns.size + this.#waitingAccounts.size - Number(party.waiting.length > 0)
    return others === 0 && free > this.#share
  }

  #lend(party: Party): void {
    party.lent += 1
    this.#free -= 1
    if (party.isAccount) this.#freeForAccounts -= 1
  }

  #serve(): void {
    for (let party = this.#next(); party; party = this.#next()) {
      const waiter = party.waiting.shift()
      const waiting = this.#waitingOf(party)
      // To the end of the round, unless nobody else waits for it.
      waiting.delete(party)
      if (party.waiting.length > 0) waiting.add(party)
      if (!waiter) continue
      clearTimeout(waiter.timer)
      this.#lend(party)
      waiter.resolve()
    }
  }

  #next(): Party | undefined {
    if (this.#free <= 0) return undefined
    for (const party of this.#waitingConcerns) if (this.#mayLend(party)) return party
    if (this.#freeForAccounts <= 0) return undefined
    for (const party of this.#waitingAccounts) if (this.#mayLend(party)) return party
    return undefined
  }

  /** That one no longer waits may be what kept somebody else at a single share. */
  #leave(party: Party, waiter: Waiter): void {
    party.waiting.splice(party.waiting.indexOf(waiter), 1)
    if (party.waiting.length > 0) return
    this.#waitingOf(party).delete(party)
    this.#forgetIdle(party)
    this.#serve()
  }

  #forgetIdle(party: Party): void {
    if (party.lent === 0 && party.waiting.length === 0) this.#parties.delete(party.name)
  }
}
