import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import openapiTypescript, { astToString } from 'openapi-typescript'
import { pino } from 'pino'
import { Database } from '../db/client.js'
import { startEmbedded } from '../db/embedded.js'
import { prepareDatabase } from '../db/migrate.js'
import { buildApp } from '../src/app.js'
import { loadConfig } from '../src/config.js'
import { withConfigTable } from './config-table.js'

/**
 * Writes the generated files: the table types from a migrated database, the OpenAPI document from the routes, the client's
 * types from that document, and the README's table of settings from their schema. With `--check` it writes nothing, and fails
 * if a file would change.
 */
const root = new URL('../../', import.meta.url)
const check = process.argv.includes('--check')
const run = promisify(execFile)

const files: { path: string; generate: (database: TemporaryDatabase) => Promise<string> }[] = [
  { path: 'db/generated/types.ts', generate: tableTypes },
  { path: 'schemas/generated/openapi.json', generate: openapiDocument },
  { path: 'client/generated/openapi.ts', generate: clientTypes },
  { path: 'README.md', generate: readme },
]

interface TemporaryDatabase {
  readonly ownerUrl: string
  readonly serviceUrl: string
}

await withTemporaryDatabase(async (database) => {
  const drifted: string[] = []
  for (const { path, generate } of files) {
    const url = new URL(path, root)
    const content = await generate(database)
    if (content === (await readFile(url, 'utf8').catch(() => ''))) continue
    drifted.push(path)
    if (!check) await writeFile(url, content)
  }
  if (drifted.length === 0) console.log('Generated files are current.')
  else console.log(`${check ? 'Out of date' : 'Written'}: ${drifted.join(', ')}`)
  if (check && drifted.length > 0) {
    console.error('Run `npm run generate` and commit the result.')
    process.exitCode = 1
  }
})

async function withTemporaryDatabase(work: (database: TemporaryDatabase) => Promise<void>): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'signalbox-generate-'))
  const server = await startEmbedded({ dataDir })
  try {
    const serviceUrl = await prepareDatabase(server.url, 'generate')
    await work({ ownerUrl: server.url, serviceUrl })
  } finally {
    await server.stop()
    await rm(dataDir, { recursive: true })
  }
}

async function tableTypes({ ownerUrl }: TemporaryDatabase): Promise<string> {
  const overrides = await readFile(new URL('scripts/codegen-overrides.json', root), 'utf8')
  const bin = new URL('node_modules/kysely-codegen/dist/cli/bin.js', root)
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-codegen-'))
  const file = join(folder, 'types.ts')
  const options = [
    '--dialect',
    'postgres',
    '--url',
    ownerUrl,
    '--default-schema',
    'public',
    '--exclude-pattern',
    '{public.kysely_*,signalbox_queue.*}',
    '--out-file',
    file,
  ]
  await run(process.execPath, [bin.pathname, ...options, '--overrides', overrides, '--log-level', 'error'])
  const content = await readFile(file, 'utf8')
  await rm(folder, { recursive: true })
  return content
}

async function openapiDocument({ serviceUrl }: TemporaryDatabase): Promise<string> {
  const database = new Database({ url: serviceUrl, poolMax: 2 })
  const { app } = await buildApp({
    config: loadConfig({}),
    database,
    jwtSecret: 'only for generating the document',
    secretsKeys: [Buffer.alloc(32)],
    logger: pino({ level: 'silent' }),
  })
  await app.ready()
  const document = app.swagger()
  await app.close()
  await database.close()
  return `${JSON.stringify(document, null, 2)}\n`
}

async function clientTypes(): Promise<string> {
  const ast = await openapiTypescript(new URL('schemas/generated/openapi.json', root), { defaultNonNullable: false })
  return `// Generated from schemas/generated/openapi.json. Do not edit.\n${astToString(ast)}`
}

async function readme(): Promise<string> {
  return withConfigTable(await readFile(new URL('README.md', root), 'utf8'))
}
