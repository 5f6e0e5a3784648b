import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, rmSync, statSync, watch, writeFileSync } from 'node:fs'
import { constants, setPriority } from 'node:os'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

/**
 * Reruns test files on change: `npm run test:watch -- test/paging.test.ts`. A changed file is transpiled at once and the tests
 * start, while the watching compiler still checks the types. The test database is kept between runs. Prints the tests, and of
 * their assertions those that fail.
 */
const root = fileURLToPath(new URL('../', import.meta.url))
const files = process.argv.slice(2).map((path) => path.replace(/^(?:\.\/)?(?:dist\/)?(.*)\.(?:ts|js)$/, '$1'))
const missing = files.filter((file) => !existsSync(`${root}${file}.ts`))
if (files.length === 0 || missing.length > 0) {
  for (const file of missing) console.error(`There is no ${file}.ts.`)
  console.error('Name test files, as in: npm run test:watch -- test/paging.test.ts')
  process.exit(1)
}

const { compilerOptions, include } = ts.readConfigFile(`${root}tsconfig.json`, ts.sys.readFile).config
const { options } = ts.convertCompilerOptionsFromJson(compilerOptions, root)
// For a single file, the compiler does not know that the package's modules are ECMAScript modules.
const transpiling = { ...options, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler }

/** The compiler's message for a build without errors. */
const COMPILED = /Found 0 errors/

/** Editors write a file in several steps, and several files at once. Milliseconds. */
const SETTLE = 50

/** A database of its own, so that `npm test` can run at the same time. tap's runner would set the other two. */
const env = { ...process.env, TEST_CLUSTER: '-watch', TAP_TIMEOUT: '0', TAP_DISABLE_COVERAGE: '1' }

const changed = new Map()
let lastChange = 0
let isCompiled = false
let settling
let clusterSince = 0
let current
let isEnding = false
/** Processes that have preloaded the packages, and wait for their signal. */
let ready = []

const compiler = run(['node_modules/typescript/bin/tsc', '--build', '--watch', '--preserveWatchOutput'])
compiler.stdout.on('data', (chunk) => {
  const text = String(chunk).replaceAll(/^.*(?:Starting|File change detected|Found 0 errors).*$\n*/gm, '')
  if (text.trim() !== '') process.stdout.write(text)
  // Despite type errors, it has written the files.
  if (isCompiled || !/Found \d+ error/.test(chunk)) return
  isCompiled = true
  if (!COMPILED.test(chunk)) console.log('The types do not hold; what the tests say may mislead.')
  // From here on the tests have priority.
  setPriority(compiler.pid, constants.priority.PRIORITY_LOW)
  rerun()
})
compiler.once('exit', (code) => end(code ?? 0))
process.on('SIGINT', () => end(0))
process.on('SIGTERM', () => end(0))
for (const folder of include) watch(`${root}${folder}`, { recursive: true }, (_, name) => onChange(`${folder}/${name}`))

function onChange(path) {
  if (!isCompiled || !path.endsWith('.ts') || !existsSync(`${root}${path}`)) return
  const text = readFileSync(`${root}${path}`, 'utf8')
  if (changed.get(path) === text) return
  changed.set(path, text)
  lastChange = Date.now()
  transpile(path, text)
  clearTimeout(settling)
  settling = setTimeout(rerun, SETTLE)
}

/** Writes what the compiler will write again, without looking at other files. */
function transpile(path, text) {
  const target = `dist/${path.replace(/ts$/, 'js')}`
  const { outputText, sourceMapText } = ts.transpileModule(text, {
    compilerOptions: transpiling,
    fileName: `${root}${path}`,
  })
  writeFileSync(`${root}${target}`, outputText)
  const up = '../'.repeat(target.split('/').length - 1)
  const map = { ...JSON.parse(sourceMapText), sources: [`${up}${path}`] }
  writeFileSync(`${root}${target}.map`, JSON.stringify(map))
}

/** Stops leftovers of the previous run. */
async function rerun() {
  const previous = current
  const mine = { children: [], isStopped: false }
  current = mine
  const start = performance.now()
  if (previous) await stop(previous)
  if (mine.isStopped || isEnding) return
  if (newest('dist/db') > clusterSince) restartCluster()
  let failed = 0
  mine.children = files.map((file, i) => ready[i] ?? prepare(file))
  ready = []
  for (const child of mine.children) {
    if (mine.isStopped) return
    if (!(await passes(child)) && !mine.isStopped) failed++
  }
  if (mine.isStopped) return
  console.log(`${failed > 0 ? 'FAILED' : 'passed'} after ${((performance.now() - start) / 1000).toFixed(1)} s\n`)
  ready = files.map(prepare)
}

function prepare(file) {
  return run(['--enable-source-maps', 'scripts/test-file.mjs', `dist/${file}.js`], 'pipe')
}

/** Prints the relevant part of a test run. @returns whether every test has passed */
async function passes(child) {
  const isExited = once(child, 'exit')
  child.stdin.end()
  for await (const line of createInterface({ input: child.stdout })) {
    if (!/^(?:\s+ok |\s*# Subtest|\s*1\.\.\d|\s*TAP version|\s*# (?:time=|\{ total))|^\s*$/.test(line))
      console.log(line)
  }
  const [code] = await isExited
  return code === 0
}

/** Its template has the migrations applied. */
function restartCluster() {
  stopCluster()
  clusterSince = Date.now()
  runHelper('before')
}

function stopCluster() {
  if (clusterSince > 0) runHelper('after')
}

function runHelper(name) {
  spawnSync(process.execPath, [`dist/test/helpers/${name}.js`], {
    cwd: root,
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}

/** @returns when the latest of a folder's files was written */
function newest(folder) {
  const paths = readdirSync(root + folder, { recursive: true }).filter((path) => path.endsWith('.js'))
  return Math.max(...paths.map((path) => statSync(`${root}${folder}/${path}`).mtimeMs))
}

async function end(code) {
  if (isEnding) return
  isEnding = true
  compiler.kill('SIGTERM')
  // If it has not caught up, the next compiler must not mistake what was transpiled here for its own output.
  if (statSync(`${root}dist/.tsbuildinfo`).mtimeMs < lastChange) rmSync(`${root}dist/.tsbuildinfo`)
  await stop({ children: ready })
  if (current) await stop(current)
  stopCluster()
  process.exit(code)
}

/** @returns when the processes have ended */
async function stop(running) {
  running.isStopped = true
  const alive = running.children.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null)
  const exits = alive.map((child) => once(child, 'exit'))
  for (const child of alive) child.kill('SIGTERM')
  await Promise.all(exits)
}

function run(args, stdin = 'ignore') {
  return spawn(process.execPath, args, { cwd: root, env, stdio: [stdin, 'pipe', 'inherit'] })
}
