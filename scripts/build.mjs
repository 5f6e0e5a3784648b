import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/**
 * Compiles to dist/, if the compiler is installed. After `npm ci --omit=dev` it is not: then the existing dist/ is used. With
 * `--if-possible` (npm's prepare, which may run before dist/ is copied there) an empty dist/ is accepted.
 */
const compiler = fileURLToPath(new URL('../node_modules/typescript/bin/tsc', import.meta.url))
const built = new URL('../dist/src/server.js', import.meta.url)

if (existsSync(compiler)) {
  const { status } = spawnSync(process.execPath, [compiler, '--build'], { stdio: 'inherit' })
  process.exitCode = status ?? 1
} else if (!existsSync(built)) {
  const optional = process.argv.includes('--if-possible')
  console.error(
    `Not built: TypeScript is a dev dependency, and those were left out.\n${
      optional ? 'Before you start the service, copy' : 'Copy'
    } dist/ from a checkout that is built, or install with \`npm ci\` and then \`npm prune --omit=dev\`.`,
  )
  if (!optional) process.exitCode = 1
}
