import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import t from 'tap'
import { migrations } from '../../db/migrations/index.js'

const root = new URL('../../../', import.meta.url)

t.test('a migration that was applied somewhere never changes, and a new one comes last', async (t) => {
  const checksums: Record<string, string> = JSON.parse(
    await readFile(new URL('db/migrations/checksums.json', root), 'utf8'),
  )
  const names = Object.keys(migrations)
  t.strictSame(Object.keys(checksums), names, 'checksums.json has a line for each, in order: add that of a new one')
  t.strictSame(names, [...names].sort(), 'their numbers ascend')
  for (const name of names) {
    const source = await readFile(new URL(`db/migrations/${name}.ts`, root))
    const checksum = createHash('sha256').update(source).digest('hex')
    t.equal(checksum, checksums[name], `${name} is as it was when it was released; write a new migration instead`)
  }
})

t.test('every migration is listed', async (t) => {
  const files = await readdir(new URL('db/migrations/', root))
  const numbered = files.filter((file) => /^\d{4}_\w+\.ts$/.test(file)).map((file) => file.replace(/\.ts$/, ''))
  t.strictSame(numbered.sort(), Object.keys(migrations))
})
