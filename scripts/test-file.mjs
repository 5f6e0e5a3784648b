import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

/**
 * Runs a test file for `test-watch.mjs`, which starts this ahead of time: the packages, which take longest to load and do
 * not change, are there when a change comes. It comes with the end of the standard input.
 */
const { dependencies } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
// Some have no entry that can be loaded by their name alone.
await Promise.allSettled(Object.keys(dependencies).map((name) => import(name)))
for await (const _ of process.stdin);
await import(pathToFileURL(resolve(process.argv[2])).href)
