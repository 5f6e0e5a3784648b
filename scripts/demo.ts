import { randomUUID } from 'node:crypto'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * An agent that reports, asks its person a question, and waits for the answer. It needs a running service, and uses plain HTTP,
 * as any agent can. `client/` has a typed client that does the same with less.
 */
const service = (process.env['SIGNALBOX_URL'] ?? 'http://localhost:8000').replace(/\/+$/, '')

const diff = `diff --git a/total.js b/total.js
--- a/total.js
+++ b/total.js
@@ -1,3 +1,3 @@
 export function total(items) {
-  return items.slice(1).reduce((sum, item) => sum + item.price, 0)
+  return items.reduce((sum, item) => sum + item.price, 0)
 }
`

interface Account {
  access_token: string
  expires_in: number
}

interface Pending {
  messages: { content: string }[]
}

const interruption = new AbortController()
const { signal } = interruption
process.on('SIGINT', () => interruption.abort())
process.on('SIGTERM', () => interruption.abort())

try {
  await demo()
} catch (error) {
  if (!signal.aborted) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}

async function demo(): Promise<void> {
  // One-time setup by a person: an account, and a key for the agent.
  const email = `demo-${randomUUID().slice(0, 8)}@example.com`
  const password = randomUUID()
  const account = await call<Account>('POST', '/auth/register', { email, password })
  const { api_key: key } = await call<{ api_key: string }>(
    'POST',
    '/auth/api-keys',
    { name: 'demo' },
    account.access_token,
  )
  console.log(`Signed up at ${service}\n  e-mail    ${email}\n  password  ${password}\n`)

  // One id for the whole run. The first message to a new id starts the run.
  const run = randomUUID()
  try {
    await work(run, key, account)
  } finally {
    await call('POST', '/sessions/end', { agent_instance_id: run }, key)
    console.log('The session has ended.')
  }
}

/** The agent's part, with its key. */
async function work(run: string, key: string, account: Account): Promise<void> {
  for (const step of ['Reading the failing test', 'Found it: the total leaves out the first item', 'Wrote a fix']) {
    await say(run, key, step)
  }
  await say(run, key, 'This is the change', { git_diff: diff })

  const question = 'All tests pass now. Shall I commit?'
  const asked = await say(run, key, question, { requires_user_input: true })
  explain(run, account)
  const keyboard = listenToKeyboard(run, account)

  // `last_read_message_id` is the agent's read cursor: the poll returns what people wrote after it, or waits for that.
  const place = new URLSearchParams({ agent_instance_id: run, last_read_message_id: asked, wait: '10' })
  let pending: Pending = { messages: [] }
  while (pending.messages.length === 0) {
    pending = await call<Pending>('GET', `/messages/pending?${place}`, undefined, key, signal)
  }
  keyboard.close()
  const answer = pending.messages.map(({ content }) => content).join('\n')
  console.log(`You answered: ${answer}`)
  await say(run, key, `Thank you. You said: ${answer}`)
}

/** Sends what is typed here, as any frontend would: as the person. */
function listenToKeyboard(run: string, { access_token: token }: Account) {
  const keyboard = createInterface({ input: process.stdin })
  signal.addEventListener('abort', () => keyboard.close())
  keyboard.on('line', (content) => {
    if (content.trim() === '') return
    call('POST', `/agent-instances/${run}/messages`, { content }, token).catch((error: Error) =>
      console.error(error.message),
    )
  })
  return keyboard
}

/** Posts a message of the agent. @returns its id */
async function say(run: string, key: string, content: string, more: object = {}): Promise<string> {
  await sleep(600, undefined, { signal })
  const message = { agent_instance_id: run, agent_type: 'demo', content, ...more }
  const { message_id } = await call<{ message_id: string }>('POST', '/messages/agent', message, key)
  console.log(`agent: ${content}`)
  return message_id
}

/** Calls the service. @throws Error with the problem that the service reports, or that it is unreachable */
async function call<T>(
  method: string,
  path: string,
  body?: object,
  credential?: string,
  stop?: AbortSignal,
): Promise<T> {
  const response = await fetch(`${service}/api/v1${path}`, {
    method,
    headers: {
      ...(credential ? { authorization: `Bearer ${credential}` } : {}),
      ...(body ? { 'content-type': 'application/json' } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
    signal: AbortSignal.any([AbortSignal.timeout(15_000), ...(stop ? [stop] : [])]),
  }).catch((error: unknown) => {
    if (stop?.aborted) throw error
    throw new Error(`No service answers at ${service}. Start one with \`npm start\`, or set SIGNALBOX_URL.`)
  })
  if (!response.ok) throw new Error(`${method} ${path} failed with ${response.status}: ${await response.text()}`)
  return response.json()
}

function explain(run: string, { access_token: token, expires_in }: Account): void {
  console.log(`
The agent waits for you. Type your answer here, and press Enter.

Or answer as a program would, within ${expires_in / 60} minutes (then the token expires), in another terminal:

curl ${service}/api/v1/agent-instances/${run}/messages \\
  -H 'Authorization: Bearer ${token}' \\
  -H 'Content-Type: application/json' \\
  -d '{"content":"Yes, commit."}'

or in Swagger UI:
  1. Open ${service}/docs#/Agent%20instances/postUserMessage
  2. Authorize: paste what follows "Bearer" above as userToken
  3. Give ${run} as id, write your answer as content, and press Execute

Ctrl-C ends the demo.
`)
}
