import { Type } from '@sinclair/typebox'
import type { FastifyRequest } from 'fastify'
import { Limits } from '../../../schemas/common.js'
import { invalidField, ProblemError } from '../../errors.js'
import type { Routes } from '../../routes.js'
import { normalizeAgentType } from '../agent-instances/creation.js'
import type { AgentActor } from '../api-keys/key.js'
import type { Delivery } from '../messages/questions.js'
import { Deliveries } from './deliveries.js'
import { agentTypeOf, newSessionId } from './session.js'
import type { Accept } from './tools.js'
import { Waits, waitIdOf } from './waits.js'

export interface McpOptions {
  /** Origins of pages that may call, besides those on the caller's own machine. */
  readonly origins: readonly string[]
}

/** A message of JSON-RPC, of which nothing is known. */
interface Message {
  readonly method?: unknown
  readonly params?: {
    readonly name?: unknown
    readonly requestId?: unknown
    readonly clientInfo?: { readonly name?: unknown }
  } | null
}

/**
 * The Model Context Protocol by its Streamable HTTP transport, without memory of sessions: each request is answered by a
 * server of its own, in whatever process. There is nothing to listen to apart from answers and nothing to delete, so GET
 * and DELETE are answered with 405, as the specification has it.
 */
export async function agentRoutes(app: Routes, { origins }: McpOptions): Promise<void> {
  const waits = new Waits(app.events)
  const settling = new Set<Promise<void>>()
  app.addHook('onClose', async () => {
    await Promise.all(settling)
  })
  const settle = (settled: Promise<void>) => {
    const noted = settled
      .catch((error) => app.log.warn({ err: error }, 'whether an answer has arrived was not noted'))
      .finally(() => settling.delete(noted))
    settling.add(noted)
  }

  app.addHook('onRequest', async ({ headers: { origin } }) => {
    if (origin !== undefined && !origins.includes(origin) && !isLocal(origin)) {
      throw new ProblemError('origin_not_allowed', 'Pages of this origin may not call')
    }
  })

  app.post(
    '/mcp',
    {
      config: { instance: 'tool' },
      schema: {
        // It describes itself, to `tools/list`; OpenAPI has no words for it.
        hide: true,
        querystring: Type.Object({
          agent_type: Type.Optional(
            Type.String({
              maxLength: Limits.name,
              description: 'The kind of agent, instead of the name of the client.',
            }),
          ),
        }),
      },
    },
    async (request, reply) => {
      const actor = agentOf(request)
      const messages = messagesOf(request.body)
      // Each message of a batch is a request.
      for (const _ of messages.slice(1)) await app.rateLimits.countRequest(reply, actor)

      const sessionId = [request.headers['mcp-session-id']].flat()[0]
      const nameWait = (requestId: string | number) => sessionId && waitIdOf(actor.keyId, sessionId, requestId)
      for (const requestId of messages.flatMap(cancelledBy)) {
        const waitId = nameWait(requestId)
        if (waitId) waits.cancel(actor.userId, waitId)
      }
      const clientName = messages.map(clientNameOf).find((name) => name !== undefined)
      if (clientName !== undefined) reply.header('mcp-session-id', newSessionId(clientName))

      const gone = new AbortController()
      const deliveries = new Deliveries(reply.raw, settle)
      // Loaded when the first agent comes: it takes a quarter of a second.
      const { openExchange } = await import('./server.js')
      const call = {
        ...{
          services: app,
          log: request.log,
          tenant: request.tenant,
          keyId: actor.keyId,
          instanceId: actor.instanceId,
        },
        agentType: normalizeAgentType(request.query.agent_type) ?? agentTypeOf(sessionId),
        signal: gone.signal,
        deliver: (delivery: Delivery) => deliveries.add(delivery),
        accept: (args: Record<string, unknown>) => accepting(request, args),
        follow: (requestId: string | number) => {
          const waitId = nameWait(requestId)
          return waitId ? waits.add(waitId, cancel) : () => {}
        },
      }
      const exchange = await openExchange(call, messages.some(isQuestion))
      const end = () => {
        gone.abort()
        exchange.close().catch((error) => request.log.warn({ err: error }, 'an exchange was not closed'))
      }
      const cancel = () => {
        deliveries.refuse()
        end()
      }
      if (reply.raw.closed) end()
      else reply.raw.once('close', end)
      return reply.send(await exchange.answer(asWebRequest(request), request.body))
    },
  )
}

/** The route is for agents alone. */
function agentOf({ actor }: FastifyRequest): AgentActor {
  if (actor.kind !== 'agent') throw new Error('a person got past the wall of a route for agents')
  return actor
}

/** As much of the body as matters before the SDK reads it. */
function messagesOf(body: unknown): Message[] {
  const messages: unknown[] = Array.isArray(body) ? body : [body]
  return messages.filter((message) => typeof message === 'object' && message !== null)
}

/** What the client calls itself, if the message opens a session. */
function clientNameOf({ method, params }: Message): string | undefined {
  const name = method === 'initialize' ? params?.clientInfo?.name : undefined
  return typeof name === 'string' ? name : undefined
}

/** The request that the client does not want to be answered any longer, if the message says so. */
function cancelledBy({ method, params }: Message): (string | number)[] {
  const id = method === 'notifications/cancelled' ? params?.requestId : undefined
  return typeof id === 'string' || typeof id === 'number' ? [id] : []
}

function isQuestion({ method, params }: Message): boolean {
  return method === 'tools/call' && params?.name === 'ask_question'
}

/** Checks the arguments of a tool as the body of a route is checked. Models write null for what they leave out. */
function accepting(request: FastifyRequest, given: Record<string, unknown>): Accept {
  const args = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null))
  return (schema) => {
    const validate = request.compileValidationSchema(schema, 'body')
    if (validate(args)) return args
    const [error] = validate.errors ?? []
    const path = error?.instancePath.split('/').slice(1).join('.') || 'arguments'
    throw invalidField(path, error?.message ?? 'is invalid')
  }
}

/** Fastify has read the body already. */
function asWebRequest({ headers, url }: FastifyRequest): Request {
  const { accept = '', 'content-type': contentType = '', 'mcp-protocol-version': protocolVersion } = headers
  return new Request(new URL(url, 'http://localhost'), {
    method: 'POST',
    headers: {
      ...{ accept, 'content-type': contentType },
      ...(typeof protocolVersion === 'string' ? { 'mcp-protocol-version': protocolVersion } : {}),
    },
  })
}

/** Pages on the caller's own machine, such as the MCP inspector's. */
function isLocal(origin: string): boolean {
  return URL.canParse(origin) && ['localhost', '127.0.0.1', '[::1]'].includes(new URL(origin).hostname)
}
