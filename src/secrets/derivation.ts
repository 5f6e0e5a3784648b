import { createHmac, hkdfSync } from 'node:crypto'

/** Bytes of a key of HMAC-SHA-256. */
const KEY_LENGTH = 32

/**
 * Derives secrets: the same one each time, which only the service's keys can produce. So a secret need not be stored to be
 * shown again.
 */
export class SecretDerivation {
  readonly #keys: readonly [Buffer, ...Buffer[]]

  /**
   * @param keys of 32 bytes, at least one, the current one first
   * @param purpose separates these secrets from those that the same keys derive from the same text for another purpose
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

  /** @returns the possible secrets of a text: by each of the keys, the current one first */
  candidates(text: string): string[] {
    return this.#keys.map((key) => derived(key, text))
  }
}

function derived(key: Buffer, text: string): string {
  return createHmac('sha256', key).update(text).digest('base64url')
}
