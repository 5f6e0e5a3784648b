import { isUtf8 } from 'node:buffer'
import { newId } from '../../ids.js'
import { cleanAgentType } from '../agent-instances/type-name.js'

/** What a client is called that has not said its name. */
const NAMELESS = 'mcp'

/** Characters of a client's name that are kept: as many as the name of a kind of agent may have. */
const MAX_NAME = 255

/**
 * A session's id. It carries the client's name, so that whichever process gets a later request knows what kind of agent
 * sends it, and none of them has to remember. It is no credential, and not signed: each request shows its key, and who
 * holds one may call its agents what it likes.
 */
export function newSessionId(clientName: string): string {
  return `${newId()}.${Buffer.from(cut(clientName)).toString('base64url')}`
}

/** @returns the kind of agent that a session is of; of one that is none of ours, or without one, the kind without a name */
export function agentTypeOf(sessionId: string | undefined): string {
  const [, name = ''] = sessionId?.match(/^[0-9a-f-]{36}\.([\w-]{1,2000})$/) ?? []
  const bytes = Buffer.from(name, 'base64url')
  return (isUtf8(bytes) ? cleanAgentType(cut(bytes.toString())) : undefined) ?? NAMELESS
}

/**
 * The kind of agent that a client's configuration names in a header. Node.js reads headers as Latin-1, and some clients
 * send UTF-8.
 *
 * @returns undefined if it names none
 */
export function agentTypeOfHeader(header: string): string | undefined {
  const bytes = Buffer.from(header, 'latin1')
  return cleanAgentType(cut(isUtf8(bytes) ? bytes.toString() : header))
}

function cut(name: string): string {
  return name.slice(0, MAX_NAME).toWellFormed()
}
