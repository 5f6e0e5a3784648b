import { isUtf8 } from 'node:buffer'
import { newId } from '../../ids.js'
import { normalizeAgentType } from '../agent-instances/creation.js'

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
  return `${newId()}.${Buffer.from(clientName.slice(0, MAX_NAME)).toString('base64url')}`
}

/** @returns the kind of agent that a session is of; of one that is none of ours, or without one, the kind without a name */
export function agentTypeOf(sessionId: string | undefined): string {
  const [, name = ''] = sessionId?.match(/^[0-9a-f-]{36}\.([\w-]{1,2000})$/) ?? []
  const bytes = Buffer.from(name, 'base64url')
  if (!isUtf8(bytes) || bytes.includes(0)) return NAMELESS
  return normalizeAgentType(bytes.toString().slice(0, MAX_NAME).toWellFormed()) ?? NAMELESS
}
