import { randomBytes } from 'node:crypto'
import { hash, verify } from '@node-rs/argon2'

/**
 * Argon2id with the parameters that OWASP's Password Storage Cheat Sheet names first: 19 MiB of memory, 2 passes, 1
 * lane. Each hash contains them, so changing them leaves old hashes valid.
 */
const PARAMETERS = { memoryCost: 19 * 1024, timeCost: 2, parallelism: 1 }

/**
 * A hash that no password matches, made at start so that the first unknown e-mail address takes no longer than others.
 */
const unmatchable = hash(randomBytes(32), PARAMETERS)

/** @returns an Argon2id hash in PHC format, with its salt and parameters */
export function hashPassword(password: string): Promise<string> {
  return hash(password, PARAMETERS)
}

/**
 * Does the same work whether or not the account exists, so that timing does not reveal it.
 *
 * @param storedHash the account's hash; undefined when there is no such account
 */
export async function passwordMatches(password: string, storedHash: string | undefined): Promise<boolean> {
  const matches = await verify(storedHash ?? (await unmatchable), password)
  return storedHash !== undefined && matches
}
