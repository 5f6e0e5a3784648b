import { randomBytes, randomUUID } from 'node:crypto'
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The shortest secret that is believed: the file may be a leftover of a full disk or of an editor. */
const MIN_LENGTH = 32

/** The file cannot be used; the message names it and says what to do. */
export class SigningSecretError extends Error {
  override readonly name = 'SigningSecretError'
}

/**
 * The secret that signs access tokens, where none is configured: made once and kept beside the embedded database.
 *
 * @param dataDir the folder it is kept in; made if it does not exist
 * @returns 43 characters, 256 random bits, unless somebody has put another secret there
 * @throws {SigningSecretError} when what is there is too short to be one
 */
export async function loadSigningSecret(dataDir: string): Promise<string> {
  const path = join(dataDir, 'jwt-secret')
  const existing = await readFile(path, 'utf8').catch(ifMissing)
  if (existing !== undefined) return checked(existing, path)
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  // Not by pid: in two containers that share the folder it may be the same.
  const draft = `${path}.${randomUUID()}`
  await writeFile(draft, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flush: true })
  // A link appears with its content complete, and fails if somebody else was first: then theirs is the one.
  try {
    await link(draft, path).catch(ifThere)
  } finally {
    await unlink(draft)
  }
  return checked(await readFile(path, 'utf8'), path)
}

function checked(content: string, path: string): string {
  const secret = content.trim()
  if (secret.length >= MIN_LENGTH) return secret
  throw new SigningSecretError(
    `${path} has fewer than ${MIN_LENGTH} characters. Delete it and it is made anew; everybody then has to log in again`,
  )
}

function ifMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}

function ifThere(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error
}
