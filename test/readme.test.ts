import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { delimiter, dirname } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { ConfigSchema } from '../src/config.js'
import { startService } from './helpers/app.js'

const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8')
const curl = new URL('./helpers/curl.js', import.meta.url).pathname

t.test('the table of settings says what the schema says', async (t) => {
  const rows = readme.matchAll(/^\| `(?<name>[A-Z_]+)` \| (?<value>.*?) \| (?<meaning>.*) \|$/gm)
  const documented = [...rows].map(({ groups }) => ({ ...groups }))
  const expected = Object.entries(ConfigSchema.properties).map(([name, schema]) => ({
    name,
    value: schema.default === undefined ? '–' : `\`${schema.default}\``,
    meaning: schema.description ?? 'a setting without a description',
  }))
  t.strictSame(documented, expected, 'run `npm run generate` after a change of src/config.ts')
})

t.test('the commands of the three steps work when they are pasted as they stand', async (t) => {
  const { app } = await startService(t)
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  const commands = shellBlocks('## Three steps').join('\n').replaceAll('http://localhost:8000', url)

  const { stdout } = await promisify(execFile)('sh', ['-eu', '-c', `curl() { node '${curl}' "$@"; }\n${commands}`], {
    env: { ...process.env, PATH: [dirname(process.execPath), process.env['PATH']].join(delimiter) },
  })

  const [step, answer, pending] = stdout.trim().split('\n')
  t.match(JSON.parse(step ?? ''), { success: true, queued_user_messages: [] })
  t.match(JSON.parse(answer ?? ''), { content: 'Yes, deploy.', sender_type: 'USER' })
  t.match(JSON.parse(pending ?? ''), { status: 'ok', messages: [{ content: 'Yes, deploy.', sender_type: 'USER' }] })
})

/** @returns the content of the shell blocks of one section */
function shellBlocks(heading: string): string[] {
  const [, section = ''] = readme.split(`${heading}\n`)
  const [content = ''] = section.split(/^## /m)
  return [...content.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, code = '']) => code)
}
