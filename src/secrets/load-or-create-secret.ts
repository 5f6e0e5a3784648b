import { randomUUID } from 'node:crypto'
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * A secret that is made once and kept in a file from then on, readable by its owner alone.
 *
 * @param path the file; its folder is made if it does not exist
 * @param make gives a new secret, of one line
 * @returns what is in the file, without white space around it
 */
export async function loadOrCreateSecret(path: string, make: () => string): Promise<string> {
  const existing = await readIfExists(path)
  if (existing !== undefined) return existing
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  // Not by pid: in two containers that share the folder it may be the same.
  const draft = `${path}.${randomUUID()}`
  await writeFile(draft, `${make()}\n`, { mode: 0o600, flush: true })
  // A link appears with its content complete, and fails if somebody else was first: then theirs is the one.
  try {
    await link(draft, path).catch(ifThere)
  } finally {
    await unlink(draft)
  }
  return (await readFile(path, 'utf8')).trim()
}

/** @returns what is in the file, without white space around it; undefined when there is none */
export async function readIfExists(path: string): Promise<string | undefined> {
  return (await readFile(path, 'utf8').catch(ifMissing))?.trim()
}

function ifMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}

function ifThere(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error
}
