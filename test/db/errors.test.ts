import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import t from 'tap'
import { DatabaseUnavailableError } from '../../db/errors.js'
import { asProblem } from '../../src/errors.js'

const ROOT = new URL('../../../', import.meta.url).pathname

/** A string that has the form of an SQLSTATE: PostgreSQL's begin with a digit, our own with SB. */
const SQLSTATE = /['"`](\d[0-9A-Z]{4}|SB\d{3})['"`]/

async function sourcesOf(folder: string): Promise<string[]> {
  const paths = await readdir(join(ROOT, folder), { recursive: true })
  return paths.filter((path) => path.endsWith('.ts')).map((path) => join(folder, path))
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '')
}

t.test("PostgreSQL's error codes are compared in db/errors.ts only", async (t) => {
  const paths = [...(await sourcesOf('src')), ...(await sourcesOf('db'))]
  t.ok(paths.includes('db/errors.ts'))
  for (const path of paths) {
    // Migrations raise errors of our own, in SQL.
    if (path === 'db/errors.ts' || path.startsWith('db/migrations/')) continue
    const text = withoutComments(await readFile(join(ROOT, path), 'utf8'))
    t.notMatch(text, SQLSTATE, `${path} compares an SQLSTATE: ask a function of db/errors.ts`)
    t.notMatch(
      text,
      /\bDatabaseError\b/,
      `${path} looks into an error of node-postgres: ask a function of db/errors.ts`,
    )
  }
})

t.test('what PostgreSQL refuses becomes a problem, by its code', async (t) => {
  const failure = (code: string, constraint = '') => {
    const error = new pg.DatabaseError('refused', 0, 'error')
    return Object.assign(error, { code, constraint })
  }
  const problems: [error: unknown, code: string][] = [
    [failure('40001'), 'unavailable'],
    [failure('40P01'), 'unavailable'],
    [failure('55P03'), 'unavailable'],
    [failure('SB410'), 'instance_deleted'],
    [failure('23503', 'messages_user_id_fkey'), 'account_gone'],
    [failure('23503', 'messages_agent_instance_fkey'), 'internal_error'],
    [failure('22P05'), 'invalid_request'],
    [failure('22021'), 'invalid_request'],
    [failure('54000'), 'invalid_request'],
    [failure('23505'), 'internal_error'],
    [failure('42P01'), 'internal_error'],
    [new DatabaseUnavailableError('away', { cause: failure('57014') }), 'unavailable'],
  ]
  for (const [error, code] of problems) t.equal(asProblem(error).code, code, JSON.stringify(error))
})
