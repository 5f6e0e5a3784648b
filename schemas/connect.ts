import { Type } from '@sinclair/typebox'
import { component, ref } from './common.js'

/** Answer: what connects one kind of client, ready to paste. */
export const ConnectSnippet = component(
  'ConnectSnippet',
  Type.Object({
    id: Type.String({ description: 'Which client it is for.' }),
    title: Type.String({ description: 'The client, for people.' }),
    language: Type.String({ description: 'What it is written in, for highlighting.' }),
    description: Type.String({ description: 'Where it goes.' }),
    code: Type.String({ description: 'What to paste, once `YOUR_API_KEY` is replaced by a key.' }),
  }),
  {
    id: 'claude-code',
    title: 'Claude Code',
    language: 'shell',
    description: 'In a terminal.',
    code:
      'claude mcp add --transport http signalbox https://signalbox.example.com/mcp ' +
      '--header "Authorization: Bearer YOUR_API_KEY"',
  },
)

/** Answer to `GET /agents/connect`. */
export const AgentConnection = component(
  'AgentConnection',
  Type.Object({
    base_url: Type.String({ description: 'Where this service is reached; the legacy SDK asks for it.' }),
    mcp_url: Type.String({ description: 'Where agents connect that speak the Model Context Protocol.' }),
    snippets: Type.Array(ref(ConnectSnippet), { description: 'Ready to paste, one for each kind of client.' }),
  }),
  { base_url: 'https://signalbox.example.com', mcp_url: 'https://signalbox.example.com/mcp', snippets: [] },
)
