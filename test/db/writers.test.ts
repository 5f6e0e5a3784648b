import { readdir, readFile } from 'node:fs/promises'
import t from 'tap'
import { ACCESS } from '../../db/access.js'

/**
 * Which module writes to which table. What others want written there they ask that module for. A module is a folder of
 * `src/modules` or of `src`.
 */
const WRITERS: Record<string, readonly string[]> = {
  account_clocks: ['account-log'],
  account_events: ['account-log'],
  agent_instances: ['account-log', 'agent-instances', 'messages'],
  answer_callbacks: ['webhooks'],
  // Who moves in at an OpenID provider ends every other way into the account.
  api_keys: ['api-keys', 'oidc'],
  external_identities: ['oidc'],
  idempotency_keys: ['idempotency'],
  login_pauses: ['rate-limits'],
  messages: ['account-log'],
  rate_limits: ['rate-limits'],
  refresh_tokens: ['accounts'],
  sessions: ['accounts', 'oidc'],
  takeovers: ['oidc'],
  // A run of a new type makes the type.
  user_agents: ['account-log', 'user-agents'],
  users: ['accounts', 'oidc'],
  webhook_cursors: ['webhooks'],
  webhook_deliveries: ['webhooks'],
  webhook_events: ['webhooks'],
  webhooks: ['oidc', 'webhooks'],
}

/** Statements whose text does not name the table: the queue's own tables, and the columns that secrets are sealed in. */
const UNNAMED: Record<string, readonly string[]> = {
  '${JOBS}': ['queue'],
  '${TABLE}': ['queue'],
  '${name}': ['secrets'],
}

/** The columns of a run that others than the account's log write: none that a change tells of. */
const RUN_COLUMNS: Record<string, readonly string[]> = {
  'agent-instances': ['instance_metadata', 'name', 'posting_keys', 'sends_heartbeats', 'silent_since', 'was_heard'],
  messages: [
    'claim_cursor_id',
    'claim_key_id',
    'claim_last_id',
    'claim_last_seq',
    'claim_turn',
    'has_large_queue',
    'last_read_message_id',
    'last_read_seq',
    'offered_from_message_id',
    'offered_from_seq',
    'offered_message_id',
    'offered_until',
  ],
}

/**
 * How often the statements of a module take `FOR UPDATE`: for rows that are deleted next. On an account, an agent type or a
 * run it would stop those that insert rows which refer to it: docs/architecture.md, "Lock order".
 */
const EXCLUSIVE_LOCKS: Record<string, number> = {
  // The deletion of an account: its clock; agent types, runs, the account.
  'account-log': 1,
  accounts: 3,
  // Rows that nothing refers to: jobs, counters.
  queue: 1,
  'rate-limits': 1,
  // The event of the last delivery of it.
  webhooks: 1,
}

const WRITES = [
  /\binsert into\s+(\$\{\w+\}|\w+)/g,
  /\bdelete from\s+(\$\{\w+\}|\w+)/g,
  /\bupdate\s+(\$\{\w+\}|\w+)(?:\s+(?:as\s+)?\w+)?\s+set\b/g,
  /\.(?:insertInto|updateTable|deleteFrom|mergeInto)\('(\w+)'/g,
]

const src = new URL('../../../src/', import.meta.url)

/** The files of `src` without their comments, by module. */
async function readModules(): Promise<Map<string, string>> {
  const modules = new Map<string, string>()
  for (const path of await readdir(src, { recursive: true })) {
    if (!path.endsWith('.ts')) continue
    const module = /^(?:modules\/)?([^/]+)\//.exec(path)?.[1] ?? ''
    const source = (await readFile(new URL(path, src), 'utf8')).replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
    modules.set(module, `${modules.get(module) ?? ''}\n${source}`)
  }
  return modules
}

/** @returns the pieces between commas that stand in no brackets, up to the end of the brackets around them or `end` */
function assignmentsOf(text: string, end?: RegExp): string[] {
  const pieces = ['']
  let depth = 0
  for (const part of text.split(/([(){}[\],`]|\b(?:from|where|returning)\b)/)) {
    if (/^[({[]$/.test(part)) depth += 1
    else if (/^[)}\]]$/.test(part)) depth -= 1
    if (depth < 0 || (depth === 0 && end?.test(part))) break
    if (part === ',' && depth === 0) pieces.push('')
    else pieces[pieces.length - 1] += part
  }
  return pieces.map((piece) => piece.trim()).filter((piece) => piece !== '')
}

/** @returns the columns of runs that the statements of a module set */
function runColumnsOf(source: string): string[] {
  const sql = [...source.matchAll(/\bupdate\s+agent_instances(?:\s+\w+)?\s+set\b/g)].flatMap(({ index, 0: head }) =>
    assignmentsOf(source.slice(index + head.length), /^(?:from|where|returning|`)$/).map(
      (piece) => /^\w+/.exec(piece)?.[0] ?? piece,
    ),
  )
  const built = [...source.matchAll(/\.updateTable\('agent_instances'\)\s*\.set\(\{/g)].flatMap(({ index, 0: head }) =>
    assignmentsOf(source.slice(index + head.length)).flatMap((piece) =>
      piece.startsWith('...')
        ? [...piece.matchAll(/(\w+):/g)].map((key) => key[1] ?? '')
        : [/^\w+/.exec(piece)?.[0] ?? piece],
    ),
  )
  return [...new Set([...sql, ...built])].sort()
}

t.test('each table is written by the modules that are named here, and by no others', async (t) => {
  const found = new Map<string, Set<string>>()
  for (const [module, source] of await readModules()) {
    for (const write of WRITES) {
      for (const [, table = ''] of source.matchAll(write)) found.set(table, (found.get(table) ?? new Set()).add(module))
    }
    t.notMatch(
      source,
      /\.(?:insertInto|updateTable|deleteFrom|mergeInto)\([^']/,
      `${module || 'src'} names what it writes to`,
    )
  }
  const writers = Object.fromEntries([...found].map(([table, modules]) => [table, [...modules].sort()]))
  t.strictSame(writers, { ...WRITERS, ...UNNAMED })
})

t.test('every table that somebody may write to has a line', async (t) => {
  const writable = Object.values(ACCESS).flatMap((access) =>
    Object.entries(access).flatMap(([table, { insert, update, delete: deletes }]) =>
      !table.includes('.') && (insert || update || deletes) ? [table] : [],
    ),
  )
  t.strictSame([...new Set(writable)].sort(), Object.keys(WRITERS).sort())
})

t.test('what a change tells of a run is written by the log alone', async (t) => {
  const modules = await readModules()
  for (const [module, columns] of Object.entries(RUN_COLUMNS)) {
    t.strictSame(runColumnsOf(modules.get(module) ?? ''), columns, module)
  }
  const told = ['git_diff', 'message_count', 'status', 'stored_bytes']
  const own = runColumnsOf(modules.get('account-log') ?? '')
  t.strictSame(
    told.filter((column) => own.includes(column)),
    told,
  )
})

t.test('FOR UPDATE is for what is deleted next', async (t) => {
  const found: Record<string, number> = {}
  for (const [module, source] of await readModules()) {
    const locks = source.match(/\bfor\s+update\b|\.forUpdate\(/gi)?.length ?? 0
    if (locks > 0) found[module] = locks
  }
  t.strictSame(found, EXCLUSIVE_LOCKS)
})
