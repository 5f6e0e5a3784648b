import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { InstanceEvent, InstanceStatus, Message, SignalboxClient } from 'signalbox/client'
import t from 'tap'
import ts from 'typescript'

const root = fileURLToPath(new URL('../../../', import.meta.url))

/** The client's own settings: no types of Node, none of a newer browser. */
function clientProject() {
  const file = join(root, 'client/tsconfig.json')
  const { config } = ts.readConfigFile(file, (path) => readFileSync(path, 'utf8'))
  return ts.parseJsonConfigFileContent(config, ts.sys, join(root, 'client'))
}

const head = `
  import { createSignalboxClient, streamMessages, unwrap } from 'signalbox/client'
  const client = createSignalboxClient({ baseUrl: 'http://localhost:8000', token: 'a-token' })
  const path = { id: 'an-id' }
`

/** What the examples of the documentation take for granted. */
const surroundings = `
  type Client = typeof import('signalbox/client')
  declare const process: { env: { SIGNALBOX_API_KEY?: string } }
  declare const client: import('signalbox/client').SignalboxClient
  declare const agent: import('signalbox/client').SignalboxClient
  declare const runId: string
  declare function titleOf(instance: import('signalbox/client').Instance): string
  declare function show(message: import('signalbox/client').Message): void
  declare function showStatus(status: import('signalbox/client').InstanceStatus): void
  declare function showConnection(state: import('signalbox/client').StreamState['state']): void
  declare function showSignIn(): void
  declare function render(messages: import('signalbox/client').Message[]): void
  type Message = import('signalbox/client').Message
  declare const { streamMessages, unwrap }: Pick<Client, 'streamMessages' | 'unwrap'>
`

/** Files that every program shares: parsing the browser's types takes longer than checking the snippets. */
const parsed = new Map<string, ts.SourceFile | undefined>()

/** Compiles snippets as a frontend would, against the built package. @returns the errors of each */
function compile(snippets: string[]): string[][] {
  const options = { ...clientProject().options, rootDir: root, noUnusedLocals: false }
  const files = new Map(snippets.map((code, i) => [join(root, `snippet-${i}.ts`), `${code}\nexport {}`]))
  files.set(join(root, 'surroundings.d.ts'), surroundings)
  const host = ts.createCompilerHost(options)
  const { getSourceFile, fileExists } = host
  host.fileExists = (name) => files.has(name) || fileExists.call(host, name)
  host.getSourceFile = (name, target, ...rest) => {
    const code = files.get(name)
    if (code !== undefined) return ts.createSourceFile(name, code, target)
    if (!parsed.has(name)) parsed.set(name, getSourceFile.call(host, name, target, ...rest))
    return parsed.get(name)
  }
  const program = ts.createProgram([...files.keys()], options, host)
  return snippets.map((_, i) => {
    const source = program.getSourceFile(join(root, `snippet-${i}.ts`))
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(describe)
  })
}

function describe({ code, messageText }: ts.Diagnostic): string {
  return `TS${code}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`
}

t.test('the client compiles for browsers, without the types of Node', async (t) => {
  const { fileNames, options, errors } = clientProject()
  t.strictSame(errors, [])
  t.ok(fileNames.some((name) => name.endsWith('/client/stream.ts')))
  t.strictSame(ts.getPreEmitDiagnostics(ts.createProgram(fileNames, options)).map(describe), [])
})

t.test('what the contract allows compiles, what it does not is refused with the name of the mistake', async (t) => {
  const right = [
    `const { data, error } = await client.GET('/api/v1/agent-instances', { params: { query: { status: 'ACTIVE' } } })
     if (error) { const code: 'not_found' | string = error.code; throw new Error(error.detail + code) }
     const names: (string | null)[] = data.map(({ name }) => name)`,
    `await client.POST('/api/v1/messages/agent', { body: { agent_instance_id: 'an-id', content: 'Reading' } })`,
    `const { messages } = await unwrap(client.GET('/api/v1/agent-instances/{id}', { params: { path } }))
     const text: string | undefined = messages[0]?.content`,
    `for await (const event of streamMessages(client, 'an-id')) {
       if (event.event === 'message') { const text: string = event.data.content }
       if (event.event === 'status_update' && event.data.status === 'DELETED') break
     }`,
  ]
  const wrong: [code: string, diagnostic: RegExp][] = [
    [`await client.GET('/api/v1/agent-instancess', {})`, /^TS2345: Argument of type '"\/api\/v1\/agent-instancess"'/],
    [`await client.DELETE('/api/v1/agent-instances', {})`, /^TS2345: Argument of type '"\/api\/v1\/agent-instances"'/],
    [`await client.GET('/api/v1/agent-instances/{id}', { params: { path: { ident: '1' } } })`, /^TS\d+: .*'ident'/],
    [
      `await client.GET('/api/v1/agent-instances', { params: { query: { limit: 5, status: 'RUNNING' } } })`,
      /^TS2322: Type '"RUNNING"' is not assignable/,
    ],
    [
      `await client.GET('/api/v1/agent-instances', { params: { query: { limit: 5, statsu: 'ACTIVE' } } })`,
      /^TS2561: .*'statsu' does not exist .*Did you mean to write 'status'/,
    ],
    [
      `await client.POST('/api/v1/agent-instances/{id}/messages', { params: { path }, body: { text: 'Yes' } })`,
      /^TS2353: .*'text' does not exist/,
    ],
    [
      `await client.POST('/api/v1/messages/agent', {
         body: { agent_instance_id: 'an-id', content: 'Deploy?', requires_userinput: true },
       })`,
      /^TS2561: .*Did you mean to write 'requires_user_input'/,
    ],
    [
      `await client.PUT('/api/v1/agent-instances/{id}/status', { params: { path }, body: { status: 'DONE' } })`,
      /^TS2322: Type '"DONE"' is not assignable/,
    ],
    [
      `const { data } = await client.GET('/api/v1/agent-instances'); data.length`,
      /^TS18048: 'data' is possibly 'undefined'/,
    ],
    [
      `const instance = await unwrap(client.GET('/api/v1/agent-instances/{id}', { params: { path } })); instance.state`,
      /^TS2339: Property 'state' does not exist/,
    ],
    [
      `for await (const event of streamMessages(client, 'an-id')) if (event.event === 'mesage') break`,
      /^TS2367: .*no overlap/,
    ],
    [
      `for await (const event of streamMessages(client, 'an-id')) if (event.event === 'message') event.data.status`,
      /^TS2339: Property 'status' does not exist/,
    ],
  ]
  const errors = compile([...right, ...wrong.map(([code]) => code)].map((code) => head + code))
  for (const [i, code] of right.entries()) t.strictSame(errors[i], [], code)
  for (const [i, [code, diagnostic]] of wrong.entries()) {
    const found = errors[right.length + i]
    t.equal(found?.length, 1, `one error: ${code}`)
    t.match(found?.[0], diagnostic, code)
  }
})

t.test('the examples of the documentation compile', async (t) => {
  const documentation = readFileSync(join(root, 'docs/client.md'), 'utf8')
  const examples = [...documentation.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = '']) => code)
  t.ok(examples.length >= 8)
  const errors = compile(examples)
  for (const [i, code] of examples.entries()) t.strictSame(errors[i], [], code)
})

/** Never called: `tsc --build` fails if one of these compiles. */
export async function mistakes(client: SignalboxClient, event: InstanceEvent, message: Message): Promise<unknown[]> {
  // @ts-expect-error: there is no such status
  const status: InstanceStatus = 'RUNNING'
  // @ts-expect-error: an event's data follows from its name
  const text: string = event.data.content
  // @ts-expect-error: an agent's message has no sender
  const sender: string = message.sender_user_id
  // @ts-expect-error: there is no such path
  const path = await client.GET('/api/v1/instances', {})
  // @ts-expect-error: `name` is missing
  const key = await client.POST('/api/v1/auth/api-keys', { body: {} })
  return [status, text, sender, path, key]
}
