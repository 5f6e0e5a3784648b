import { Server } from '@modelcontextprotocol/sdk/server/index.js'
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js'
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js'
import {
  type CallToolResult,
  ErrorCode,
  type JSONRPCRequest,
  ListToolsRequestSchema,
  McpError,
  type ServerNotification,
  type ServerRequest,
} from '@modelcontextprotocol/sdk/types.js'
import { AjvJsonSchemaValidator } from '@modelcontextprotocol/sdk/validation/ajv'
import type { FastifyBaseLogger } from 'fastify'
import { version } from '../../contract/openapi.js'
import { asProblem } from '../../errors.js'
import { type Accept, type Caller, type Services, tools } from './tools.js'

/** Milliseconds between two signs that a question is still waited for. Clients and proxies give up after 30 s or more. */
const SIGN_INTERVAL = 10_000

/** JSON-RPC code of a call that may not go on; those from -32000 down to -32099 are the server's own. */
const NOT_AUTHORIZED = -32001

const INSTRUCTIONS =
  'Signalbox shows people what you do, and lets them answer and steer you. Call log_step when you begin and whenever ' +
  'you go on to something new; keep the agent_instance_id that it returns. Act on user_feedback. Call ask_question ' +
  'when a person has to decide, and wait for the answer. Call end_session when the work is finished.'

/** Making one takes milliseconds, and the servers of all requests can share it: none of them uses it. */
const jsonSchemaValidator = new AjvJsonSchemaValidator()

/** What a request's server works with. */
export interface Call extends Omit<Caller, 'signal'> {
  readonly services: Services
  readonly log: FastifyBaseLogger
  /** Aborted when the caller has gone. */
  readonly signal: AbortSignal
  /** Checks the arguments of a tool, of which nothing is known. */
  accept(args: unknown): Accept
  /** Counts the answer, of about so many bytes, until it is taken. */
  count(bytes: number): void
  /** Follows a call that can be cancelled. @returns a function that ends that */
  follow(requestId: string | number): () => void
}

/** One request of a client, on a server of its own: nothing is kept between two requests. */
export interface Exchange {
  answer(request: Request, body: unknown): Promise<Response>
  close(): Promise<void>
}

type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>

/** @param streams whether the answer is a stream, on which there are signs of life while it waits; else it is JSON */
export async function openExchange(call: Call, streams: boolean): Promise<Exchange> {
  // The SDK calls `Server` deprecated in favour of `McpServer`, which takes its schemas from zod. Ours are TypeBox.
  const server = new Server(
    { name: 'signalbox', title: 'Signalbox', version },
    { capabilities: { tools: {} }, instructions: INSTRUCTIONS, jsonSchemaValidator },
  )
  server.setRequestHandler(ListToolsRequestSchema, async () => ({ tools: tools.map(described) }))
  // With a handler of its own for it, the SDK would answer arguments that are no object with an error of the protocol,
  // which models are not shown.
  server.fallbackRequestHandler = async (request, extra) => {
    if (request.method !== 'tools/call') throw new McpError(ErrorCode.MethodNotFound, 'Method not found')
    return callTool(call, request.params, extra)
  }
  const transport = new WebStandardStreamableHTTPServerTransport({
    enableJsonResponse: !streams,
    keepAliveMs: SIGN_INTERVAL,
  })
  await server.connect(transport)
  return {
    answer: (request, parsedBody) => transport.handleRequest(request, { parsedBody }),
    close: () => server.close(),
  }
}

/** @throws {McpError} for an unknown tool, as the specification has it (Tools, section Error Handling) */
async function callTool(call: Call, params: JSONRPCRequest['params'], extra: Extra): Promise<CallToolResult> {
  const tool = tools.find(({ name }) => name === params?.['name'])
  if (!tool) throw new McpError(ErrorCode.InvalidParams, `There is no tool named ${params?.['name']}`)
  const unfollow = call.follow(extra.requestId)
  const silence = giveSigns(extra)
  try {
    const caller = { ...call, signal: AbortSignal.any([call.signal, extra.signal]) }
    const { result, text } = await tool.call(call.services, caller, call.accept(params?.['arguments']))
    // What is large in the one is in the other.
    call.count(2 * text.length)
    return { content: [{ type: 'text', text }], structuredContent: result }
  } catch (error) {
    return refusal(error, call.log)
  } finally {
    silence()
    unfollow()
  }
}

function described({ name, title, description, inputSchema, outputSchema }: (typeof tools)[number]) {
  return { name, title, description, inputSchema, outputSchema }
}

/** Tells a client that asked to be told that its call goes on. @returns a function that ends that */
function giveSigns({ _meta, sendNotification }: Extra): () => void {
  const progressToken = _meta?.progressToken
  if (progressToken === undefined) return () => {}
  const begun = performance.now()
  const sign = () => {
    const progress = Math.round((performance.now() - begun) / 1000)
    const params = { progressToken, progress, message: 'Waiting for a person to answer' }
    // Whoever has gone need not be told.
    sendNotification({ method: 'notifications/progress', params }).catch(() => {})
  }
  sign()
  const timer = setInterval(sign, SIGN_INTERVAL)
  return () => clearInterval(timer)
}

/**
 * What the model is told when a call fails: it can put right most of what it did wrong. Only a caller who may not call at
 * all gets an error of the protocol.
 */
function refusal(error: unknown, log: FastifyBaseLogger): CallToolResult {
  const problem = asProblem(error)
  if (problem.status >= 500) log.error({ err: problem.cause ?? problem }, problem.message)
  if (problem.status === 401) throw new McpError(NOT_AUTHORIZED, problem.message)
  return { content: [{ type: 'text', text: problem.message }], isError: true }
}
