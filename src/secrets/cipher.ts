import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'

/** The location of a sealed secret. It can be opened only there: a copy in another row is worthless. */
export interface SecretContext {
  readonly table: string
  readonly column: string
  readonly userId: string
  /** UUID of the row. */
  readonly id: string
}

/** A sealed secret cannot be opened: no key fits, it was tampered with, or it was sealed for another location. */
export class SecretUnreadableError extends Error {
  override readonly name = 'SecretUnreadableError'
}

const ALGORITHM = 'aes-256-gcm'
const VERSION = 'v1'
const IV_LENGTH = 12
const TAG_LENGTH = 16

/**
 * Encrypts secrets before they are stored. Sealed, they are text: a version, the id of the key, and initialization vector,
 * tag and ciphertext in base64url, separated by dots.
 */
export class SecretCipher {
  readonly #keys: ReadonlyMap<string, Buffer>
  readonly #current: string

  /** @param keys of 32 bytes, at least one: the first seals, all of them open */
  constructor(keys: readonly Buffer[]) {
    const [first] = keys
    if (!first) throw new Error('there is no key to seal with')
    this.#keys = new Map(keys.map((key) => [keyId(key), key]))
    this.#current = keyId(first)
  }

  seal(plaintext: string, context: SecretContext): string {
    const iv = randomBytes(IV_LENGTH)
    const cipher = createCipheriv(ALGORITHM, this.#keyOf(this.#current), iv)
    cipher.setAAD(boundTo(context))
    const encrypted = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()])
    const packed = Buffer.concat([iv, cipher.getAuthTag(), encrypted])
    return [VERSION, this.#current, packed.toString('base64url')].join('.')
  }

  /** @throws {SecretUnreadableError} */
  open(sealed: string, context: SecretContext): string {
    const [version, id = '', packed = ''] = sealed.split('.')
    if (version !== VERSION) throw new SecretUnreadableError('the secret is not sealed in a known form')
    const key = this.#keyOf(id)
    const bytes = Buffer.from(packed, 'base64url')
    try {
      const options = { authTagLength: TAG_LENGTH }
      const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, IV_LENGTH), options)
      decipher.setAAD(boundTo(context))
      decipher.setAuthTag(bytes.subarray(IV_LENGTH, IV_LENGTH + TAG_LENGTH))
      return decipher.update(bytes.subarray(IV_LENGTH + TAG_LENGTH), undefined, 'utf8') + decipher.final('utf8')
    } catch {
      throw new SecretUnreadableError(`the secret in ${context.table}.${context.column} was tampered with, or moved`)
    }
  }

  /** @returns whether it is sealed with the first key, and does not need the others */
  isCurrent(sealed: string): boolean {
    return sealed.startsWith(`${VERSION}.${this.#current}.`)
  }

  #keyOf(id: string): Buffer {
    const key = this.#keys.get(id)
    if (key) return key
    throw new SecretUnreadableError(`SECRETS_KEY lacks the key ${id.slice(0, 8)} that the secret was sealed with`)
  }
}

/** Tells keys apart without revealing anything about them. */
function keyId(key: Buffer): string {
  return createHmac('sha256', key).update('signalbox key id').digest('hex').slice(0, 8)
}

function boundTo({ table, column, userId, id }: SecretContext): Buffer {
  return Buffer.from(JSON.stringify([table, column, userId.toLowerCase(), id.toLowerCase()]))
}
