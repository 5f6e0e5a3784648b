import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'

/** Other people make their clients from the contract with these. What they warn of they leave out, or get wrong. */

const root = fileURLToPath(new URL('../../', import.meta.url))
const contract = join(root, 'schemas/generated/openapi.json')

/** Where openapi-python-client is installed; `.ci/run` sees to it where there is Python. */
const pythonClient = process.env['OPENAPI_PYTHON_CLIENT']

interface Run {
  readonly stdout: string
  readonly stderr: string
}

/** @throws what it printed, if it fails */
function run(program: string, args: readonly string[]): Promise<Run> {
  return promisify(execFile)(program, args, { cwd: root, env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' } })
}

function runPackage(bin: string, args: readonly string[]): Promise<Run> {
  return run(process.execPath, [join(root, 'node_modules/.bin', bin), ...args])
}

async function newFolder(t: Test): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-generators-'))
  t.teardown(() => rm(folder, { recursive: true }))
  return folder
}

t.test('openapi-typescript has no complaint', async (t) => {
  const output = join(await newFolder(t), 'openapi.ts')
  const { stdout, stderr } = await runPackage('openapi-typescript', [contract, '-o', output])
  t.equal(stderr, '')
  t.notMatch(stdout, /⚠|warn/i)
  t.match(await readFile(output, 'utf8'), '"text/event-stream": components["schemas"]["StreamEvent"]')
})

t.test('openapi-ts has no complaint, and its streams are typed', async (t) => {
  const output = await newFolder(t)
  const { stdout, stderr } = await runPackage('openapi-ts', ['-i', contract, '-o', output, '--no-log-file'])
  t.equal(stderr, '')
  t.notMatch(stdout, /⚠|warn|error/i)
  t.match(await readFile(join(output, 'sdk.gen.ts'), 'utf8'), /streamEvents = .*\.sse\.get<StreamEventsResponses,/)
  t.match(await readFile(join(output, 'types.gen.ts'), 'utf8'), /type MessageStreamEvent = \{\s+event: 'message';/)
})

t.test('openapi-python-client has no complaint', async (t) => {
  if (pythonClient === undefined) {
    t.comment('NOT TRIED: OPENAPI_PYTHON_CLIENT does not name the program (.ci/run installs it where there is Python)')
    t.pass('not tried')
    return
  }
  const folder = await newFolder(t)
  const config = join(folder, 'config.yml')
  // It reads JSON only, and does not format what it has written: that takes a further program.
  await writeFile(config, 'content_type_overrides: { application/yaml: application/json }\npost_hooks: []\n')
  const output = join(folder, 'client')
  const options = ['--path', contract, '--output-path', output, '--config', config, '--meta', 'none']
  await t.resolves(run(pythonClient, ['generate', ...options, '--fail-on-warning']))
  t.match(await readFile(join(output, 'api/live/stream_events.py'), 'utf8'), 'MessageStreamEvent')
})
