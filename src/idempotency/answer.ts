import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto'

/** The stored answer to a request. */
export interface Answer {
  readonly status: number
  readonly body: unknown
}

const ALGORITHM = 'aes-256-gcm'
const IV_LENGTH = 12
const TAG_LENGTH = 16

/** Identifies a caller's key without revealing it, as far as the key is hard to guess. */
export function hashOf(value: string): string {
  return createHash('sha256').update(value).digest('base64url')
}

/**
 * Equal for bodies that differ only in the order of their fields. Keyed with the service's secret: the content of a short
 * request cannot be found by trying, not even with the database at hand.
 */
export function requestHash(secret: string, method: string, url: string, body: unknown): string {
  const request = `${method} ${url} ${canonicalJson(body)}`
  return createHmac('sha256', secret).update(`idempotent request ${request}`).digest('base64url')
}

/** JSON with sorted fields. A replacer of `JSON.stringify` would be called, and build an object, for each value. */
function canonicalJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join()}]`
  const fields = Object.keys(value).sort()
  return `{${fields.map((field) => `${JSON.stringify(field)}:${canonicalJson(Reflect.get(value, field))}`).join()}}`
}

/** Encrypts and decrypts stored answers. Reading one takes both the service's secret and the caller's key. */
export class AnswerCipher {
  readonly #secret: string

  constructor(secret: string) {
    this.#secret = secret
  }

  /** @returns initialization vector, tag and ciphertext, concatenated */
  seal(userId: string, key: string, answer: Answer): Buffer {
    const iv = randomBytes(IV_LENGTH)
    const cipher = createCipheriv(ALGORITHM, this.#keyFor(userId, key), iv)
    const encrypted = Buffer.concat([cipher.update(JSON.stringify(answer)), cipher.final()])
    return Buffer.concat([iv, cipher.getAuthTag(), encrypted])
  }

  /** @returns undefined when it was sealed with another secret */
  open(userId: string, key: string, sealed: Buffer): Answer | undefined {
    const decipher = createDecipheriv(ALGORITHM, this.#keyFor(userId, key), sealed.subarray(0, IV_LENGTH))
    decipher.setAuthTag(sealed.subarray(IV_LENGTH, IV_LENGTH + TAG_LENGTH))
    try {
      return JSON.parse(
        decipher.update(sealed.subarray(IV_LENGTH + TAG_LENGTH), undefined, 'utf8') + decipher.final('utf8'),
      )
    } catch {
      return undefined
    }
  }

  #keyFor(userId: string, key: string): Buffer {
    return createHmac('sha256', this.#secret).update(`idempotency ${userId} ${key}`).digest()
  }
}
