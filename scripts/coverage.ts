import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/**
 * Line coverage of the product in the last test run. Fails below the minimum. Tests, scripts and generated files do not count;
 * a file that no test has loaded counts as not executed.
 */
const MINIMUM_PERCENT = 90
const FOLDERS = ['src', 'db', 'schemas', 'client']

const root = fileURLToPath(new URL('../../', import.meta.url))

interface Lines {
  readonly total: number
  readonly covered: number
}

interface Summary {
  readonly [path: string]: { readonly lines: Lines }
}

const measured = measure()
const files = FOLDERS.flatMap(sources).map((path) => ({ path, lines: measured[root + path]?.lines ?? untouched(path) }))
for (const { path, lines } of files) {
  if (percent(lines) < MINIMUM_PERCENT) console.log(`${percent(lines).toFixed(1).padStart(5)} %  ${path}`)
}

const sum = (pick: (lines: Lines) => number) => files.reduce((total, { lines }) => total + pick(lines), 0)
const all = { total: sum(({ total }) => total), covered: sum(({ covered }) => covered) }
console.log(
  `${percent(all).toFixed(1).padStart(5)} %  of all ${all.total} lines; at least ${MINIMUM_PERCENT} % are asked for`,
)
if (percent(all) < MINIMUM_PERCENT) process.exitCode = 1

/** @throws Error when no test has run */
function measure(): Summary {
  execFileSync('node_modules/.bin/tap', ['report', 'json-summary'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  return JSON.parse(readFileSync(`${root}.tap/report/coverage-summary.json`, 'utf8'))
}

/** @returns the source files of a folder that contain executable code */
function sources(folder: string): string[] {
  return readdirSync(root + folder, { recursive: true, encoding: 'utf8' })
    .map((path) => `${folder}/${path}`)
    .filter((path) => /(?<!\.d)\.ts$/.test(path) && !path.includes('/generated/') && hasCode(path))
}

/** The compiler emits `export {}` for a module that contains only types. */
function hasCode(path: string): boolean {
  return !/^export \{\};$/m.test(readFileSync(`${root}dist/${path.replace(/\.ts$/, '.js')}`, 'utf8'))
}

function untouched(path: string): Lines {
  return {
    total: readFileSync(root + path, 'utf8')
      .trimEnd()
      .split('\n').length,
    covered: 0,
  }
}

function percent({ total, covered }: Lines): number {
  return (100 * covered) / total
}
