import { isUtf8 } from 'node:buffer'
import { newId } from '../../ids.js'
import { cleanAgentType } from '../agent-instances/type-name.js'

/** The name of a client that did not give one. */
const NAMELESS = 'mcp'

/** Characters kept of a client's name: as many as the name of an agent type may have. */
const MAX_NAME = 255

/**
 * A session's id. It carries the client's name, so that any process that gets a later request knows the agent type
 * without stored state. It is no credential, and not signed: each request shows its key, whose holder may name agents
 * freely.
 */
export function newSessionId(clientName: string): string {
  return `${newId()}.${Buffer.from(cut(clientName)).toString('base64url')}`
}

/** @returns the agent type of a session; for a foreign or missing id, that of a client without a name */
export function agentTypeOf(sessionId: string | undefined): string {
  const [, name = ''] = sessionId?.match(/^[0-9a-f-]{36}\.([\w-]{1,2000})$/) ?? []
  const bytes = Buffer.from(name, 'base64url')
  return (isUtf8(bytes) ? cleanAgentType(cut(bytes.toString())) : undefined) ?? NAMELESS
}

/**
 * The agent type that a client's configuration names in a header. Node.js reads headers as Latin-1, and some clients
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
