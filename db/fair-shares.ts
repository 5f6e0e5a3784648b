import { BusyError, DatabaseUnavailableError } from './errors.js'

/** Work of the service itself or for several accounts together; each concern has its own share of the connections. */
const CONCERNS = ['lookups', 'combined posts', 'events', 'rate limits', 'queue', 'errands'] as const

/** A concern with a share of the connections. */
export type Concern = (typeof CONCERNS)[number]

/** A borrower of connections: one of the service's concerns, or the account with this UUID. */
export type Borrower = Concern | (string & {})

interface Waiter {
  readonly resolve: () => void
  readonly timer: NodeJS.Timeout
}

/** A borrower that holds connections, or waits for some. */
interface Party {
  readonly name: Borrower
  readonly isAccount: boolean
  lent: number
  readonly waiting: Waiter[]
}

/** How connections are shared. */
export interface FairSharesOptions {
  /** Size of the pool. */
  readonly capacity: number
  /** Milliseconds that a request waits at most. */
  readonly waitTimeoutMs: number
  /** How many requests of one borrower may wait. */
  readonly maxWaiting: number
}

/**
 * Decides which borrower gets the next connection. Each borrower may have a share, a quarter of all connections and at least
 * one, and borrowers take turns. Idle connections may be borrowed beyond that, except for a last share, so that a new borrower
 * finds a connection. Accounts together leave one share to the service's own concerns: however many accounts there are, a
 * sign-in can be looked up.
 */
export class FairShares {
  readonly #options: FairSharesOptions
  readonly #share: number
  readonly #parties = new Map<Borrower, Party>()
  /** Waiting borrowers, the next one first. The concerns of the service are few, and go before accounts. */
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
   * Waits for a turn. The borrower then has to call `giveBack`.
   *
   * @throws {BusyError} when too many requests of the borrower wait already
   * @throws {DatabaseUnavailableError} when the turn does not come in time
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
      // The timer need not keep the process alive: the connection of the waiting request does.
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
      // To the end of the round, unless no other request of the borrower waits.
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

  /** A waiter that leaves may have been what held another borrower to a single share. */
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
