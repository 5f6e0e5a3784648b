import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

/**
 * Runs a test file for `test-watch.mjs`, which starts this process ahead of time: the packages, which take longest to load and
 * do not change, are loaded before a change comes. The end of the standard input signals the change.
 */
const { dependencies } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
// Some have no entry point that their name alone resolves to.
await Promise.allSettled(Object.keys(dependencies).map((name) => import(name)))
for await (const _ of process.stdin);
await import(pathToFileURL(resolve(process.argv[2])).href)
