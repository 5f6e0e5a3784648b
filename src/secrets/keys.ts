import { hkdfSync, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { loadOrCreateSecret, readIfExists } from './load-or-create-secret.js'

/** Bytes of a key: AES-256. */
const KEY_LENGTH = 32

/** The file is unusable; the message names it and the remedy. */
export class SecretsKeyError extends Error {
  override readonly name = 'SecretsKeyError'
}

/** @returns the key in a base64 text; undefined unless it has 32 bytes */
export function readKey(text: string): Buffer | undefined {
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(text)) return undefined
  const key = Buffer.from(text, 'base64')
  return key.length === KEY_LENGTH ? key : undefined
}

/**
 * The keys of a service with its own database: the configured ones, then the one that it generated while none was configured,
 * so that earlier secrets stay readable. That one is stored beside the database, and generated only if needed.
 *
 * @param configured the items of `SECRETS_KEY`
 * @returns at least one key; the first one seals, all of them open
 * @throws {SecretsKeyError} when the file does not contain a key
 */
export async function embeddedKeys(configured: readonly string[], dataDir: string): Promise<Buffer[]> {
  const path = join(dataDir, 'secrets-key')
  const kept = configured.length > 0 ? await readIfExists(path) : await loadOrCreateSecret(path, makeKey)
  const keys = [...configured, ...(kept === undefined ? [] : [kept])].map(readKey)
  if (keys.includes(undefined)) {
    throw new SecretsKeyError(
      `${path} is not a key of ${KEY_LENGTH} bytes in base64. Restore it from a backup; without it the secrets of webhooks ` +
        'are lost and have to be entered again. To go on without it, delete it',
    )
  }
  return keys.filter((key) => key !== undefined)
}

/**
 * The keys of a service with an external database: the configured ones, then one derived from the signing secret, which
 * services without `SECRETS_KEY` use: changing the signing secret then changes this key.
 */
export function externalKeys(configured: readonly string[], jwtSecret: string): Buffer[] {
  const derived = Buffer.from(hkdfSync('sha256', jwtSecret, '', 'signalbox secrets', KEY_LENGTH))
  return [...configured.map(readKey).filter((key) => key !== undefined), derived]
}

function makeKey(): string {
  return randomBytes(KEY_LENGTH).toString('base64')
}
