import { createHash, randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'

const PREFIX = 'sbx_'
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
/** 62^43 > 2^256, 62^6 > 2^32: the fewest characters for the secret and its checksum. */
const SECRET_LENGTH = 43
const CHECKSUM_LENGTH = 6
const FORM = new RegExp(`^${PREFIX}[0-9A-Za-z]{${SECRET_LENGTH + CHECKSUM_LENGTH}}$`)

/** Characters of a key that may be stored and shown: the prefix and 8 of 43, which leaves 208 bits to guess. */
const SHOWN_LENGTH = PREFIX.length + 8

/**
 * A new API key: `sbx_`, 256 random bits in base62, and their CRC-32 in base62. The prefix and the checksum let scanners find
 * leaked keys, and let typing errors fail without a database query.
 */
export function mintKey(): string {
  const secret = base62(BigInt(`0x${randomBytes(32).toString('hex')}`), SECRET_LENGTH)
  return `${PREFIX}${secret}${checksum(secret)}`
}

/** @returns whether a credential looks like an API key, valid or not */
export function looksLikeApiKey(credential: string): boolean {
  return credential.startsWith(PREFIX)
}

/** @returns whether it has the form of a key, and the right checksum */
export function isWellFormedKey(key: string): boolean {
  return FORM.test(key) && key.endsWith(checksum(key.slice(PREFIX.length, -CHECKSUM_LENGTH)))
}

/** SHA-256 in hex: a key has too many bits to be guessed from its hash, so it needs no slow one. */
export function hashKey(key: string): string {
  return createHash('sha256').update(key).digest('hex')
}

/** @returns the first characters, enough to tell keys apart */
export function displayPrefix(key: string): string {
  return key.slice(0, SHOWN_LENGTH)
}

function checksum(secret: string): string {
  return base62(BigInt(crc32(secret)), CHECKSUM_LENGTH)
}

function base62(value: bigint, length: number): string {
  let digits = ''
  for (let rest = value; digits.length < length; rest /= 62n) digits = ALPHABET.charAt(Number(rest % 62n)) + digits
  return digits
}
