import type { Static } from '@sinclair/typebox'
import type { FastifyRequest } from 'fastify'
import { ref } from '../../../schemas/common.js'
import { AgentConnection, type ConnectSnippet } from '../../../schemas/connect.js'
import type { Routes } from '../../routes.js'

type Snippet = Static<typeof ConnectSnippet>

const KEY = 'YOUR_API_KEY'

/** The instructions for connecting agents to this server, for people. */
export async function userRoutes(app: Routes, { publicUrl }: { publicUrl: string | undefined }): Promise<void> {
  app.get(
    '/agents/connect',
    {
      schema: {
        operationId: 'getAgentConnection',
        summary: 'See how to connect an agent',
        description:
          'Snippets to paste, with the address of this service (`PUBLIC_URL`, or the one that was asked) and ' +
          '`YOUR_API_KEY` where the key belongs.',
        tags: ['Agent messaging'],
        response: { 200: ref(AgentConnection, { description: 'How to connect.' }) },
      },
    },
    async (request) => {
      const base = publicUrl ?? originOf(request)
      return { base_url: base, mcp_url: `${base}/mcp`, snippets: snippetsFor(base) }
    },
  )
}

/**
 * An invalid `Host` stays out of what people paste into their shell. So does its port: the one of the connection is
 * open.
 */
function originOf({ protocol, host, socket }: FastifyRequest): string {
  const url = `${protocol}://${host}`
  const isPlain = /^[\w.:[\]-]+$/.test(host) && URL.canParse(url)
  return isPlain ? new URL(url).origin : `http://localhost:${socket.localPort}`
}

/** Sources: the documentation of each client on remote MCP servers. */
function snippetsFor(base: string): Snippet[] {
  const mcp = `${base}/mcp`
  const headers = { Authorization: `Bearer ${KEY}` }
  return [
    {
      id: 'curl',
      title: 'curl',
      language: 'shell',
      description: 'In a terminal: reports the first step of a new run. Any HTTP client can do the same.',
      code: [
        `curl ${base}/api/v1/messages/agent \\`,
        `  -H "Authorization: Bearer ${KEY}" -H "Content-Type: application/json" \\`,
        `  -d '{"agent_instance_id": "'$(uuidgen)'", "agent_type": "my agent", "content": "Tests pass"}'`,
      ].join('\n'),
    },
    {
      id: 'claude-code',
      title: 'Claude Code',
      language: 'shell',
      description: 'In a terminal, in the project where it is to be used.',
      code: `claude mcp add --transport http signalbox ${mcp} --header "Authorization: Bearer ${KEY}"`,
    },
    {
      id: 'cursor',
      title: 'Cursor',
      language: 'json',
      description: 'In `.cursor/mcp.json` of the project, or in `~/.cursor/mcp.json`.',
      code: json({ mcpServers: { signalbox: { url: mcp, headers } } }),
    },
    {
      id: 'vscode',
      title: 'VS Code',
      language: 'json',
      description: 'In `.vscode/mcp.json` of the project.',
      code: json({ servers: { signalbox: { type: 'http', url: mcp, headers } } }),
    },
    {
      id: 'codex',
      title: 'Codex',
      language: 'toml',
      description: 'In `~/.codex/config.toml`, with the key in the environment variable `SIGNALBOX_API_KEY`.',
      code: `[mcp_servers.signalbox]\nurl = "${mcp}"\nbearer_token_env_var = "SIGNALBOX_API_KEY"\ntool_timeout_sec = 86400`,
    },
    {
      id: 'python-sdk',
      title: 'Python SDK',
      language: 'python',
      description: 'After `pip install omnara`.',
      code: `from omnara import OmnaraClient\n\nclient = OmnaraClient(api_key="${KEY}", base_url="${base}")`,
    },
  ]
}

function json(value: object): string {
  return JSON.stringify(value, null, 2)
}
