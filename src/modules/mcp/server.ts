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

/**
 * Milliseconds between two progress notifications of a waiting question. Clients and proxies give up after 30 s or
 * more.
 */
const SIGN_INTERVAL = 10_000

/** JSON-RPC code of an unauthorized call; those from -32000 down to -32099 are the server's own. */
const NOT_AUTHORIZED = -32001

const INSTRUCTIONS =
  'Signalbox shows people what you do, and lets them answer and steer you. Call log_step when you begin and whenever ' +
  'you go on to something new; keep the agent_instance_id that it returns. Act on user_feedback. Call ask_question ' +
  'when a person has to decide, and wait for the answer. Call end_session when the work is finished.'

/** Constructing one takes milliseconds. The servers of all requests can share it: none of them uses it. */
const jsonSchemaValidator = new AjvJsonSchemaValidator()

/** The context of a request's server. */
export interface Call extends Omit<Caller, 'signal'> {
  readonly services: Services
  readonly log: FastifyBaseLogger
  /** Aborted when the caller has disconnected. */
  readonly signal: AbortSignal
  /** Validates the arguments of a tool. */
  accept(args: unknown): Accept
  /** Counts the answer, of about so many bytes, until it is taken. */
  count(bytes: number): void
  /** Registers a call that can be cancelled. @returns a function that ends that */
  follow(requestId: string | number): () => void
}

/** One request of a client, on a server of its own: no state is kept between two requests. */
export interface Exchange {
  answer(request: Request, body: unknown): Promise<Response>
  close(): Promise<void>
}

type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>

/** @param streams whether the answer is a stream, which shows signs of life while it waits; else it is JSON */
export async function openExchange(call: Call, streams: boolean): Promise<Exchange> {
  // The SDK calls `Server` deprecated in favour of `McpServer`, which takes its schemas from zod. Ours are TypeBox.
  const server = new Server(
    { name: 'signalbox', title: 'Signalbox', version },
    { capabilities: { tools: {} }, instructions: INSTRUCTIONS, jsonSchemaValidator },
  )
  server.setRequestHandler(ListToolsRequestSchema, async () => ({ tools: tools.map(described) }))
  // With its own handler for the method, the SDK would answer arguments that are no object with a JSON-RPC error, which
  // models are not shown.
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
    // Large values are in both the text and the structured content.
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

/** Sends progress notifications to a client that asked for them. @returns a function that ends that */
function giveSigns({ _meta, sendNotification }: Extra): () => void {
  const progressToken = _meta?.progressToken
  if (progressToken === undefined) return () => {}
  const begun = performance.now()
  const sign = () => {
    const progress = Math.round((performance.now() - begun) / 1000)
    const params = { progressToken, progress, message: 'Waiting for a person to answer' }
    // A client that has disconnected needs none.
    sendNotification({ method: 'notifications/progress', params }).catch(() => {})
  }
  sign()
  const timer = setInterval(sign, SIGN_INTERVAL)
  return () => clearInterval(timer)
}

/**
 * The error of a failed call for the model, which can correct most causes. Only an unauthorized caller gets a JSON-RPC
 * error.
 */
function refusal(error: unknown, log: FastifyBaseLogger): CallToolResult {
  const problem = asProblem(error)
  if (problem.status >= 500) log.error({ err: problem.cause ?? problem }, problem.message)
  if (problem.status === 401) throw new McpError(NOT_AUTHORIZED, problem.message)
  return { content: [{ type: 'text', text: problem.message }], isError: true }
}
