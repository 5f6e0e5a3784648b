import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import pretty from 'pino-pretty'

/**
 * The service, reloaded on change: the compiler watches, and the service restarts whenever everything compiles. The old process
 * has released its port and its database before the new one begins.
 */
const root = fileURLToPath(new URL('../', import.meta.url))
const logs = pretty({ translateTime: 'SYS:HH:MM:ss', ignore: 'pid,hostname', destination: 1, sync: true })

/** The compiler's message for a build without errors. */
const COMPILED = /Found 0 errors/

let service
let ending = false
let reloading

const compiler = run('node_modules/typescript/bin/tsc', '--build', '--watch', '--preserveWatchOutput')
compiler.stdout.on('data', (chunk) => {
  process.stdout.write(chunk)
  if (COMPILED.test(chunk)) reload()
})
compiler.once('exit', (code) => {
  end(code ?? 0)
})
process.on('SIGINT', () => end(0))
process.on('SIGTERM', () => end(0))

/** A restart requested while another one is pending is covered by that one. */
function reload() {
  reloading ??= stop(service).then(() => {
    reloading = undefined
    if (!ending) service = start()
  })
}

function start() {
  const child = run('--enable-source-maps', 'dist/src/server.js')
  child.stdout.pipe(logs, { end: false })
  child.once('exit', (code, signal) => {
    if (code !== 0)
      console.log(`The service has ended (${signal ?? `exit code ${code}`}); it starts again on a change.`)
  })
  return child
}

async function end(code) {
  if (ending) return
  ending = true
  await Promise.all([reloading, stop(compiler)])
  await stop(service)
  process.exit(code)
}

/** @returns when the process has ended */
async function stop(child) {
  if (!child || child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  child.kill('SIGTERM')
  await exit
}

function run(...args) {
  return spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
}
