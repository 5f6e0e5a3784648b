import { setTimeout as sleep } from 'node:timers/promises'
import type { Database } from '../../db/client.js'
import { isLockTimeout } from '../../db/errors.js'
import type { Tenant, TenantTransaction } from '../../db/tenant.js'
import { ProblemError } from '../errors.js'
import { type Answer, AnswerCipher, hashOf, requestHash } from './answer.js'
import * as queries from './queries.js'

/** Milliseconds to wait for the first of several equal requests. */
const WAIT_TIMEOUT_MS = 2_000

/** What distinguishes one request from another. */
export interface IdempotentRequest {
  readonly method: string
  readonly url: string
  readonly body: unknown
}

/** Identifies a key, and shows whether two requests are equal. */
interface Hashes {
  readonly key: string
  readonly request: string
}

/**
 * Runs a request once, however often it is sent. Repetitions in this process wait for the first one here; repetitions in other
 * processes wait in the database.
 */
export class Idempotency {
  readonly #secret: string
  readonly #cipher: AnswerCipher
  /** The end of the first request in flight, by account and key. */
  readonly #underWay = new Map<string, Promise<void>>()

  constructor(secret: string) {
    this.#secret = secret
    this.#cipher = new AnswerCipher(secret)
  }

  /**
   * Runs `work` unless an equal request with this key succeeded in the last 24 hours; then its answer is repeated. The effect
   * and the answer are committed together, so of concurrent equal requests one runs and the others wait for it, on any replica.
   * A failed request leaves nothing behind: it may be sent again.
   *
   * @param key the caller's Idempotency-Key
   * @param work handles the request inside the given transaction
   * @throws {ProblemError} 422 when the key was used for another request; 409 while the first one is still in flight
   */
  async once(
    tenant: Tenant,
    key: string,
    request: IdempotentRequest,
    work: (trx: TenantTransaction) => Promise<Answer>,
  ): Promise<Answer & { replayed: boolean }> {
    const hashes = this.#hashesOf(key, request)
    return this.#claiming(tenant, hashes, async (trx, isFirst) => {
      if (!isFirst) return { ...(await this.#replay(trx, key, hashes)), replayed: true }
      const answer = await work(trx)
      await queries.storeAnswer(trx, hashes.key, this.#cipher.seal(trx.userId, key, answer))
      return { ...answer, replayed: false }
    })
  }

  /**
   * The same for work that cannot be rolled back, such as an outgoing call: the key is claimed and committed before it begins,
   * so it never runs twice, even if the process dies in between. Then its outcome is unknown, and the answer says so. Work that
   * throws has had no effect: its key is free again.
   *
   * @param work handles the request, in transactions of its own
   * @throws {ProblemError} 422 when the key was used for another request; 409 while the first one is still in flight, or after
   *   it was cut off
   */
  async startOnce(
    tenant: Tenant,
    key: string,
    request: IdempotentRequest,
    work: () => Promise<Answer>,
  ): Promise<Answer & { replayed: boolean }> {
    const hashes = this.#hashesOf(key, request)
    const first = await this.#claiming(tenant, hashes, async (trx, isFirst) =>
      isFirst ? undefined : this.#replay(trx, key, hashes),
    )
    if (first) return { ...first, replayed: true }
    const answer = await work().catch(async (error) => {
      // If that fails too, the key stays claimed: the first error must not be hidden.
      await queries.release(tenant, hashes.key).catch(() => {})
      throw error
    })
    await queries.storeAnswer(tenant, hashes.key, this.#cipher.seal(tenant.userId, key, answer))
    return { ...answer, replayed: false }
  }

  /** Claims the key in a transaction, once no other one holds it; no connection is held while waiting for that. */
  async #claiming<T>(
    tenant: Tenant,
    hashes: Hashes,
    work: (trx: TenantTransaction, isFirst: boolean) => Promise<T>,
  ): Promise<T> {
    const deadline = performance.now() + WAIT_TIMEOUT_MS
    const name = `${tenant.userId} ${hashes.key}`
    const first = this.#underWay.get(name)
    if (first && !(await endsInTime(first))) throw inProgress()
    const claimed = tenant.transaction(async (trx) => {
      const isFirst = await queries.claim(trx, hashes.key, hashes.request).catch((error) => {
        throw isLockTimeout(error) && performance.now() > deadline ? inProgress() : error
      })
      return work(trx, isFirst)
    })
    if (!this.#underWay.has(name)) this.#note(name, claimed)
    return claimed
  }

  #note(name: string, claimed: Promise<unknown>): void {
    const forget = () => void this.#underWay.delete(name)
    this.#underWay.set(name, claimed.then(forget, forget))
  }

  #hashesOf(key: string, { method, url, body }: IdempotentRequest): Hashes {
    return { key: hashOf(key), request: requestHash(this.#secret, method, url, body) }
  }

  async #replay(trx: TenantTransaction, key: string, hashes: Hashes): Promise<Answer> {
    const first = await queries.find(trx, hashes.key)
    if (first && first.request_hash !== hashes.request) {
      throw new ProblemError('idempotency_key_reused', 'This Idempotency-Key was used for another request')
    }
    if (first?.answer === null && first.is_recent) throw inProgress()
    const answer = first?.answer && this.#cipher.open(trx.userId, key, first.answer)
    if (!answer) {
      throw new ProblemError(
        'idempotency_answer_lost',
        'The request was done before, but its answer cannot be read any more',
      )
    }
    return answer
  }

  /** Deletes answers that are older than 24 hours. */
  sweep(database: Database): Promise<void> {
    return queries.sweep(database)
  }
}

/** @returns false when it exceeds the longest wait */
async function endsInTime(end: Promise<void>): Promise<boolean> {
  const stop = new AbortController()
  const late = sleep(WAIT_TIMEOUT_MS, false, { signal: stop.signal }).catch(() => false)
  return Promise.race([end.then(() => true), late]).finally(() => stop.abort())
}

function inProgress(): ProblemError {
  return new ProblemError('idempotency_in_progress', 'The first request with this Idempotency-Key is still under way', {
    headers: { 'retry-after': '2' },
  })
}
