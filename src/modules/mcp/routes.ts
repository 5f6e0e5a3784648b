import { Type } from '@sinclair/typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Limits } from '../../../schemas/common.js'
import type { KeyActor } from '../../actors/actor.js'
import { invalidField, ProblemError } from '../../errors.js'
import { sendProblem } from '../../plugins/errors.js'
import { whenGone } from '../../plugins/in-flight.js'
import type { RateLimits } from '../../rate-limits/rate-limits.js'
import type { Routes } from '../../routes.js'
import { acceptAgentType } from '../agent-instances/type-name.js'
import type { Events } from '../events/events.js'
import type { Handoffs } from '../messages/handoffs.js'
import { ArgumentReader } from './arguments.js'
import { CancellableCalls, hashCallId } from './cancellable-calls.js'
import { cancelledBy, clientNameOf, errorOf, isArgument, isQuestion, messagesOf } from './json-rpc.js'
import type { Call } from './server.js'
import { agentTypeOf, agentTypeOfHeader, newSessionId } from './session.js'
import type { Accept, Services } from './tools.js'

/** A request whose query was validated. */
type McpRequest = FastifyRequest & { readonly query: { readonly agent_type?: string } }

/** The services of the tools and of their transport. */
export interface McpServices extends Services {
  readonly events: Events
  readonly handoffs: Handoffs
  readonly rateLimits: RateLimits
}

/** Settings of the MCP endpoint. */
export interface McpOptions {
  readonly services: McpServices
  /** Origins of pages that may call, besides those on the caller's own machine. */
  readonly origins: readonly string[]
}

/**
 * The Model Context Protocol over its Streamable HTTP transport, stateless: each request is answered by a server of its
 * own, in whatever process. There is no stream to open and no session to delete, so GET and DELETE are answered with
 * 405, as the specification has it.
 */
export async function agentRoutes(app: Routes, { services, origins }: McpOptions): Promise<void> {
  const { events, handoffs, rateLimits } = services
  const calls = new CancellableCalls(events)

  app.setErrorHandler(async (error, request, reply) => {
    const problem = await app.explainFailure(error, request, reply)
    const body = errorOf(problem, request.id)
    return body ? reply.code(problem.status).headers(problem.headers).send(body) : sendProblem(request, reply, problem)
  })
  app.addHook('onRequest', async ({ headers: { origin } }) => {
    if (origin !== undefined && !origins.includes(origin) && !isLocal(origin)) {
      throw new ProblemError('origin_not_allowed', 'Pages of this origin may not call')
    }
  })

  app.post(
    '/mcp',
    {
      config: { instance: 'tool', handsOut: true, mendsBody: true, numbersAsText: isArgument },
      schema: {
        // It describes itself, to `tools/list`; OpenAPI cannot.
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
      const messages = messagesOf(request.body)
      // Each message of a batch is a request.
      for (const _ of messages.slice(1)) await rateLimits.countRequest(reply, agentOf(request))
      for (const requestId of messages.flatMap(cancelledBy)) cancelOther(request, requestId)
      const clientName = messages.map(clientNameOf).find((name) => name !== undefined)
      if (clientName !== undefined) reply.header('mcp-session-id', newSessionId(clientName))
      return reply.send(await answer(request, reply, messages))
    },
  )

  /** Cancels another request of the same session. */
  function cancelOther(request: FastifyRequest, requestId: string | number): void {
    const callId = callIdOf(request, requestId)
    if (callId !== undefined) calls.cancel(agentOf(request).userId, callId)
  }

  async function answer(
    request: McpRequest,
    reply: FastifyReply,
    messages: ReturnType<typeof messagesOf>,
  ): Promise<Response> {
    const taken = takenBy(request.headers)
    // A question may take its time.
    const streams = taken.stream && (messages.some(isQuestion) || !taken.json)
    // A batch is answered as a whole: what its first call was handed counts as arrived at once, as the next call waits
    // for it.
    const isBatch = messages.length > 1
    const { keyId, secretHash, instanceId } = agentOf(request)
    const gone = new AbortController()
    const handedOut = handoffs.of(reply)
    // Loaded with the first agent's request: it takes a quarter of a second.
    const { openExchange } = await import('./server.js')
    const reader = new ArgumentReader()
    const call: Call = {
      ...{ services, log: request.log, tenant: request.tenant, signal: gone.signal },
      ...{ keyId, secretHash, instanceId },
      agentType: agentTypeFor(request),
      addHandoff: (handoff) => (isBatch ? handoffs.takeAsArrived(handoff) : handedOut.add(handoff)),
      count: (bytes) => app.answers.note(request, reply, bytes),
      accept: (args) => accepting(request, reader, args),
      follow: (requestId) => {
        const callId = callIdOf(request, requestId)
        return callId === undefined ? () => {} : calls.add(callId, cancel)
      },
    }
    const exchange = await openExchange(call, streams)
    const end = () => {
      gone.abort()
      exchange.close().catch((error) => request.log.warn({ err: error }, 'an exchange was not closed'))
    }
    const cancel = () => {
      handedOut.refuse()
      end()
    }
    whenGone(reply, end)
    const response = await exchange.answer(asWebRequest(request), request.body)
    return streams ? begun(response) : response
  }
}

/**
 * A configured name takes precedence over the client's own.
 *
 * @throws {ProblemError} 400 for an invalid name in the query
 */
function agentTypeFor(request: McpRequest): string {
  const configured = acceptAgentType(request.query.agent_type, 'query.agent_type')
  const header = headerOf(request, 'x-client-type')
  const named = header === undefined ? undefined : agentTypeOfHeader(header)
  return named ?? configured ?? agentTypeOf(sessionIdOf(request))
}

function sessionIdOf(request: FastifyRequest): string | undefined {
  return headerOf(request, 'mcp-session-id')
}

function headerOf({ headers }: FastifyRequest, name: string): string | undefined {
  return [headers[name]].flat()[0]
}

/** @returns the name of a request; undefined where the client has no session, as the name would be ambiguous */
function callIdOf(request: FastifyRequest, requestId: string | number): string | undefined {
  const sessionId = sessionIdOf(request)
  return sessionId && hashCallId(agentOf(request).keyId, sessionId, requestId)
}

/** The route is for agents alone. */
function agentOf({ actor }: FastifyRequest): KeyActor {
  if (actor.kind !== 'key') throw new Error('a person got past the wall of a route for agents')
  return actor
}

/** Validates the arguments of a tool as the body of a route is validated. */
function accepting(request: FastifyRequest, reader: ArgumentReader, given: unknown): Accept {
  return (schema) => {
    const { args, mended } = reader.read(schema, given)
    const validate = request.compileValidationSchema(schema, 'body')
    if (validate(args)) return { args, mended }
    const [error] = validate.errors ?? []
    const path = error?.instancePath.split('/').slice(1).join('.') || 'arguments'
    throw invalidField(path, error?.message ?? 'is invalid')
  }
}

/** The headers go out with the first bytes. Without a comment these would be the first sign of life, seconds later. */
function begun(response: Response): Response {
  if (!response.body || !response.headers.get('content-type')?.startsWith('text/event-stream')) return response
  const opening = new TransformStream<Uint8Array, Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode(': waiting\n\n')),
  })
  return new Response(response.body.pipeThrough(opening), response)
}

/** The forms of an answer that the client accepts: both unless it says so. Source: RFC 9110, section 12.5.1 */
function takenBy({ accept }: FastifyRequest['headers']) {
  const ranges = (accept || '*/*').split(',').map((range) => range.split(';', 1)[0]?.trim().toLowerCase())
  const takes = (...these: string[]) => these.some((range) => ranges.includes(range))
  return {
    json: takes('application/json', 'application/*', '*/*'),
    stream: takes('text/event-stream', 'text/*', '*/*'),
  }
}

/** Fastify has read the body already. The SDK requires each client to accept both forms; one is enough. */
function asWebRequest({ headers, url }: FastifyRequest): Request {
  const { 'content-type': contentType = '', 'mcp-protocol-version': protocolVersion } = headers
  const { json, stream } = takenBy(headers)
  const accept = json || stream ? 'application/json, text/event-stream' : (headers.accept ?? '')
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
