import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { loadOrCreateSecret } from './load-or-create-secret.js'

/** The shortest accepted secret: the file may be a leftover of a full disk or of an editor. */
const MIN_LENGTH = 32

/** The file is unusable; the message names it and the remedy. */
export class SigningSecretError extends Error {
  override readonly name = 'SigningSecretError'
}

/**
 * The secret that signs access tokens, where none is configured: generated once and stored beside the embedded database.
 *
 * @param dataDir the folder it is kept in; made if it does not exist
 * @returns 43 characters, 256 random bits, unless the operator has put another secret there
 * @throws {SigningSecretError} when the stored secret is too short
 */
export async function loadSigningSecret(dataDir: string): Promise<string> {
  const path = join(dataDir, 'jwt-secret')
  const secret = await loadOrCreateSecret(path, () => randomBytes(32).toString('base64url'))
  if (secret.length >= MIN_LENGTH) return secret
  throw new SigningSecretError(
    `${path} has fewer than ${MIN_LENGTH} characters. Delete it and it is made anew; everybody then has to log in again`,
  )
}
