import { createHmac, hkdfSync } from 'node:crypto'

/** Bytes of a key of HMAC-SHA-256. */
const KEY_LENGTH = 32

/**
 * Makes secrets of others: the same one each time, which nobody without the service's keys can make. So it need not be
 * kept to be given again.
 */
export class SecretDerivation {
  readonly #keys: readonly [Buffer, ...Buffer[]]

  /**
   * @param keys of 32 bytes, at least one, the current one first
   * @param purpose sets the secrets apart from those that the same keys make of the same text for something else
   */
  constructor(keys: readonly Buffer[], purpose: string) {
    const [first, ...rest] = keys.map((key) => Buffer.from(hkdfSync('sha256', key, '', purpose, KEY_LENGTH)))
    if (!first) throw new Error('there is no key to derive by')
    this.#keys = [first, ...rest]
  }

  /** @returns 43 characters, 256 bits, by the current key */
  derive(text: string): string {
    return derived(this.#keys[0], text)
  }

  /** @returns what the text may have been made into: by each of the keys, the current one first */
  candidates(text: string): string[] {
    return this.#keys.map((key) => derived(key, text))
  }
}

function derived(key: Buffer, text: string): string {
  return createHmac('sha256', key).update(text).digest('base64url')
}
