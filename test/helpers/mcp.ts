import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { RequestOptions } from '@modelcontextprotocol/sdk/shared/protocol.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import { CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js'
import type { Test } from 'tap'

/** A tool's answer. */
export interface ToolAnswer {
  // biome-ignore lint/suspicious/noExplicitAny: what a tool answers is what the tests assert
  readonly result: any
  readonly text: string
  readonly isError: boolean
}

/** An agent that uses MCP by the official client, over real HTTP. */
export interface McpAgent {
  readonly client: Client
  readonly transport: StreamableHTTPClientTransport
  call(name: string, args: Record<string, unknown>, options?: RequestOptions): Promise<ToolAnswer>
  /** Logs a step of a new run. @returns the run's id */
  start(): Promise<string>
  /** Breaks all connections. */
  close(): Promise<void>
}

interface ConnectOptions {
  readonly name?: string
  readonly path?: string
  readonly fetch?: typeof fetch
}

export async function connectAgent(
  t: Test,
  url: string,
  key: string,
  { name = 'Test Agent', path = '/mcp', fetch: send = fetch }: ConnectOptions = {},
): Promise<McpAgent> {
  const client = new Client({ name, version: '1.0.0' })
  const transport = new StreamableHTTPClientTransport(new URL(path, url), {
    requestInit: { headers: { Authorization: `Bearer ${key}` } },
    fetch: send,
  })
  // The SDK's own types conflict with each other under `exactOptionalPropertyTypes`.
  await client.connect(transport as Transport)
  t.teardown(() => client.close())
  const call: McpAgent['call'] = async (tool, args, options) => {
    const answer = CallToolResultSchema.parse(
      await client.callTool({ name: tool, arguments: args }, CallToolResultSchema, options),
    )
    const [content] = answer.content
    return {
      result: answer.structuredContent,
      text: content?.type === 'text' ? content.text : '',
      isError: answer.isError ?? false,
    }
  }
  return {
    client,
    transport,
    call,
    start: async () => (await call('log_step', { step_description: 'Begin' })).result.agent_instance_id,
    close: () => client.close(),
  }
}
