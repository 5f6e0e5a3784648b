import { once } from 'node:events'
import { connect } from 'node:net'
import t from 'tap'
import { startService } from '../helpers/app.js'
import { listen } from '../helpers/network.js'

t.test('the service stops although a connection was opened on which nothing is sent', async (t) => {
  const { app } = await startService(t)
  const { port, hostname } = new URL(await listen(app))
  const accepted = once(app.server, 'connection')
  const silent = connect(Number(port), hostname)
  t.teardown(() => silent.destroy())
  await accepted
  const closed = once(silent, 'close')
  await app.close()
  await closed
  t.notOk(app.server.listening)
})
