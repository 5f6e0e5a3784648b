import { once } from 'node:events'
import { connect } from 'node:net'
import { Duplex } from 'node:stream'
import t, { type Test } from 'tap'
import { type App, startService } from '../helpers/app.js'
import { listen } from '../helpers/network.js'

t.test('the service stops although a connection was opened on which nothing is sent', async (t) => {
  const { app } = await startService(t)
  const { port, hostname } = new URL(await listen({ app }))
  const accepted = once(app.server, 'connection')
  const silent = connect(Number(port), hostname)
  t.teardown(() => silent.destroy())
  await accepted
  const closed = once(silent, 'close')
  await app.close()
  await closed
  t.notOk(app.server.listening)
})

/** A connection that says nothing. */
class Silent extends Duplex {
  constructor(readonly remoteAddress: string | undefined) {
    super({ read: () => {}, write: (_chunk, _encoding, done) => done() })
  }
}

function connector(t: Test, app: App) {
  return (address: string | undefined): Silent => {
    const connection = new Silent(address)
    t.teardown(() => connection.destroy())
    app.server.emit('connection', connection)
    return connection
  }
}

t.test('an address on the internet has 512 connections open, and others go on', async (t) => {
  const { app, logged } = await startService(t)
  const open = connector(t, app)
  for (const [one, same, other] of [
    ['8.8.8.8', '::ffff:8.8.8.8', '8.8.4.4'],
    ['2600:1:2:3::1', '2600:1:2:3:ffff::2', '2600:1:2:4::1'],
  ] as const) {
    const all = Array.from({ length: 512 }, () => open(one))
    t.notOk(
      all.some(({ destroyed }) => destroyed),
      one,
    )
    t.ok(open(one).destroyed)
    t.ok(open(same).destroyed, same)
    t.notOk(open(other).destroyed, other)
    const closed = once(all[0] as Silent, 'close')
    all[0]?.destroy()
    await closed
    t.notOk(open(one).destroyed, 'one that is closed makes room for one')
    t.ok(open(one).destroyed)
  }
  const warnings = logged.map((line) => JSON.parse(line)).filter(({ msg }) => /more than 512/.test(msg))
  t.match(warnings, [{ level: 40, ip: '8.8.8.8' }], 'the operator is told, not with each of them')
  t.equal(warnings.length, 1)
})

t.test('proxies and whoever is near have as many as they like', async (t) => {
  const { app } = await startService(t)
  const open = connector(t, app)
  for (const address of ['127.0.0.1', '::1', '::ffff:10.1.2.3', '172.17.0.1', 'fd00::1', 'fe80::1%eth0', undefined]) {
    for (let i = 0; i < 520; i++) if (open(address).destroyed) t.fail(`${address} ${i}`)
  }
  const { app: proxied } = await startService(t, { TRUST_PROXY: '1' })
  const openProxied = connector(t, proxied)
  for (let i = 0; i < 520; i++) if (openProxied('8.8.8.8').destroyed) t.fail(`${i}`)
  t.equal(app.server.maxConnections, 20_000)
})
