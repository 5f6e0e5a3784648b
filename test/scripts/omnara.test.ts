import { execFile } from 'node:child_process'
import { chmod, copyFile, symlink, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'

const WRAPPER = new URL('../../../scripts/omnara', import.meta.url)
const ADDRESS = 'http://signalbox.test:8000'

/** Puts the wrapper into a folder of its own, before a stand-in that prints its arguments, one a line. */
async function install(t: Test, { real = true } = {}) {
  const root = t.testdir({ wrapper: {}, copy: {}, real: {} })
  const wrapper = join(root, 'wrapper')
  await copyFile(WRAPPER, join(wrapper, 'omnara'))
  if (real) {
    const standIn = join(root, 'real', 'omnara')
    await writeFile(standIn, '#!/bin/sh\nfor argument in "$@"; do echo "$argument"; done\n')
    await chmod(standIn, 0o755)
  }
  // Neither under another name nor as a copy is it another omnara.
  await symlink(wrapper, join(root, 'same'))
  await copyFile(WRAPPER, join(root, 'copy', 'omnara'))
  const folders = [wrapper, join(root, 'same'), join(root, 'copy'), join(root, 'real'), '/usr/bin', '/bin']
  const path = folders.join(delimiter)
  return async (args: string[], env: Record<string, string> = { SIGNALBOX_URL: ADDRESS }) => {
    const { stdout } = await promisify(execFile)(join(wrapper, 'omnara'), args, { env: { PATH: path, ...env } })
    return stdout.split('\n').slice(0, -1)
  }
}

t.test('the permission prompts of omnara headless go to Signalbox', async (t) => {
  const omnara = await install(t)
  // As omnara 1.7.0 starts it.
  const args = ['mcp', '--api-key', 'sbx_key', '--permission-tool', '--disable-tools', '--agent-instance-id', 'an id']
  t.strictSame(await omnara(args), ['--base-url', ADDRESS, ...args])
})

t.test('each subcommand gets the address where it reads it', async (t) => {
  const omnara = await install(t)
  t.strictSame(await omnara(['headless', '--prompt', 'two words']), [
    ...['headless', '--prompt', 'two words'],
    ...['--base-url', ADDRESS],
  ])
  t.strictSame(await omnara(['--agent', 'codex']), ['--base-url', ADDRESS, '--agent', 'codex'])
  t.strictSame(await omnara([]), ['--base-url', ADDRESS])
  // It would hand an address on to Claude Code as an option of that.
  t.strictSame(await omnara(['serve', '--no-tunnel']), ['serve', '--no-tunnel'])
})

t.test('an address that is given stays', async (t) => {
  const omnara = await install(t)
  t.strictSame(await omnara(['headless', '--base-url', 'http://other']), ['headless', '--base-url', 'http://other'])
  t.strictSame(await omnara(['--base-url=http://other', 'mcp']), ['--base-url=http://other', 'mcp'])
})

t.test('it says what is missing', async (t) => {
  const omnara = await install(t)
  await t.rejects(omnara(['mcp'], {}), /SIGNALBOX_URL/)
  const alone = await install(t, { real: false })
  await t.rejects(alone(['mcp']), { code: 127, stderr: /pip install 'omnara==1\.7\.0' 'fastmcp<3'/ })
})
