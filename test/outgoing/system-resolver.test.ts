import { readFile } from 'node:fs/promises'
import t from 'tap'
import { systemResolver } from '../../src/outgoing/system-resolver.js'

const patient = AbortSignal.timeout(60_000)

t.test('names of the hosts file have the addresses that stand there', async (t) => {
  const resolve = systemResolver()
  const hosts = (await readFile('/etc/hosts', 'utf8')).split('\n').map((line) => line.replace(/#.*/, '').trim())
  for (const [address = '', name = ''] of hosts.map((line) => line.split(/\s+/)).filter(([, name]) => name)) {
    t.ok((await resolve(name.toLowerCase(), patient)).includes(address), name)
    t.ok((await resolve(`${name.toLowerCase()}.`, patient)).includes(address), `${name}.`)
  }
})

t.test('a name that cannot be is not asked for', async (t) => {
  t.strictSame(await systemResolver()('hooks.invalid', patient), [])
})
