import { randomUUID } from 'node:crypto'
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * A secret that is generated once and stored in a file, readable by its owner alone.
 *
 * @param path the file; its folder is made if it does not exist
 * @param make generates a secret of one line
 * @returns the content of the file, trimmed
 */
export async function loadOrCreateSecret(path: string, make: () => string): Promise<string> {
  const existing = await readIfExists(path)
  if (existing !== undefined) return existing
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  // Not named by pid: two containers that share the folder may have the same pid.
  const draft = `${path}.${randomUUID()}`
  await writeFile(draft, `${make()}\n`, { mode: 0o600, flush: true })
  // A link appears with complete content, and fails if another process was first: then that process's secret is used.
  try {
    await link(draft, path).catch(ifThere)
  } finally {
    await unlink(draft)
  }
  return (await readFile(path, 'utf8')).trim()
}

/** @returns the content of the file, trimmed; undefined when there is none */
export async function readIfExists(path: string): Promise<string | undefined> {
  return (await readFile(path, 'utf8').catch(ifMissing))?.trim()
}

function ifMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}

function ifThere(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error
}
