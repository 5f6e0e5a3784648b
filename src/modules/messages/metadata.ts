import { Limits } from '../../../schemas/common.js'
import { ProblemError } from '../../errors.js'

type Metadata = Readonly<Record<string, unknown>> | null

/** @returns its bytes as JSON */
export function metadataBytes(metadata: Metadata): number {
  return metadata === null ? 0 : Buffer.byteLength(JSON.stringify(metadata))
}

/** @returns whether it exceeds the limit of a message */
export function isTooLarge(metadata: Metadata): boolean {
  return metadataBytes(metadata) > Limits.metadata
}

/** @param path names the field that holds it. @returns the 413 */
export function metadataTooLarge(path: string): ProblemError {
  const message = `must not be larger than ${Limits.metadata} bytes: cut it`
  return new ProblemError('body_too_large', `${path} ${message}`, { errors: [{ path, message }] })
}

/** The warning to legacy clients: an error would lose the message over its metadata. */
export const METADATA_IGNORED = `message_metadata was ignored: it is larger than ${Limits.metadata} bytes`
