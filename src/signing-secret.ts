import { randomBytes } from 'node:crypto'
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * The secret that signs access tokens, where none is configured: made once and kept beside the embedded database.
 *
 * @param dataDir the folder it is kept in; made if it does not exist
 * @returns 43 characters, 256 random bits
 */
export async function loadSigningSecret(dataDir: string): Promise<string> {
  const path = join(dataDir, 'jwt-secret')
  const existing = await readFile(path, 'utf8').catch(ifMissing)
  if (existing) return existing.trim()
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  const draft = `${path}.${process.pid}`
  await writeFile(draft, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600 })
  // A link appears with its content complete, and fails if somebody else was first: then theirs is the one.
  await link(draft, path).catch(ifThere)
  await unlink(draft)
  return (await readFile(path, 'utf8')).trim()
}

function ifMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}

function ifThere(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error
}
