import pg from 'pg'
import type { Database } from '../../../db/client.js'
import type { Tenant, TenantTransaction } from '../../../db/tenant.js'
import { ProblemError } from '../../errors.js'
import { type Answer, AnswerCipher, hashOf } from './answer.js'
import * as queries from './queries.js'

const LOCK_NOT_AVAILABLE = '55P03'

/** Runs a request once, however often it is sent. */
export class Idempotency {
  readonly #cipher: AnswerCipher

  constructor(secret: string) {
    this.#cipher = new AnswerCipher(secret)
  }

  /**
   * Does `work` unless an equal request with this key was done in the last 24 hours; then its answer is given again. The
   * effect and the answer are committed together, so of equal requests that race one is done and the others wait for it,
   * on whatever replica. A failed request leaves nothing behind: it may be sent again.
   *
   * @param key the caller's Idempotency-Key
   * @param requestHash tells whether two requests are equal
   * @param work does the request inside the transaction that it is given
   * @throws {ProblemError} 422 when the key was used for another request; 409 when the first one is still under way
   */
  async once(
    tenant: Tenant,
    key: string,
    requestHash: string,
    work: (trx: TenantTransaction) => Promise<Answer>,
  ): Promise<Answer & { replayed: boolean }> {
    const keyHash = hashOf(key)
    return tenant.transaction(async (trx) => {
      const isFirst = await queries.claim(trx, keyHash, requestHash).catch(refuseImpatience)
      if (!isFirst) return { ...(await this.#replay(trx, key, keyHash, requestHash)), replayed: true }
      const answer = await work(trx)
      await queries.storeAnswer(trx, keyHash, this.#cipher.seal(trx.userId, key, answer))
      return { ...answer, replayed: false }
    })
  }

  /**
   * The same for work that cannot be rolled back, such as a call to somebody else: the key is claimed for good before it
   * begins, so nothing is done twice even if the process dies in between. Then it is not known what became of it, which
   * is what the answer says. Work that throws has done nothing: its key is free again.
   *
   * @param work does the request, in transactions of its own
   * @throws {ProblemError} 422 when the key was used for another request; 409 when the first one is still under way, or
   *   was cut off
   */
  async startOnce(
    tenant: Tenant,
    key: string,
    requestHash: string,
    work: () => Promise<Answer>,
  ): Promise<Answer & { replayed: boolean }> {
    const keyHash = hashOf(key)
    const first = await tenant.transaction(async (trx) => {
      const isFirst = await queries.claim(trx, keyHash, requestHash).catch(refuseImpatience)
      return isFirst ? undefined : this.#replay(trx, key, keyHash, requestHash)
    })
    if (first) return { ...first, replayed: true }
    const answer = await work().catch(async (error) => {
      // If that fails too, the key stays claimed: it is no reason to hide what went wrong first.
      await queries.release(tenant, keyHash).catch(() => {})
      throw error
    })
    await queries.storeAnswer(tenant, keyHash, this.#cipher.seal(tenant.userId, key, answer))
    return { ...answer, replayed: false }
  }

  async #replay(trx: TenantTransaction, key: string, keyHash: string, requestHash: string): Promise<Answer> {
    const first = await queries.find(trx, keyHash)
    if (first && first.request_hash !== requestHash) {
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

function refuseImpatience(error: unknown): never {
  if (error instanceof pg.DatabaseError && error.code === LOCK_NOT_AVAILABLE) throw inProgress()
  throw error
}

function inProgress(): ProblemError {
  return new ProblemError('idempotency_in_progress', 'The first request with this Idempotency-Key is still under way', {
    headers: { 'retry-after': '2' },
  })
}
