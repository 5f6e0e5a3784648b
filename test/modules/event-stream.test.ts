import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { EventStream } from '../../src/modules/events/event-stream.js'

t.test('a stream that was closed ends with its last word, whatever is sent to it afterwards', async (t) => {
  const stream = new EventStream()
  stream.on('error', (error) => t.fail(error.message))
  stream.send({ event: 'connected', data: { instance_id: 'an-id' }, revision: 1 })
  stream.close('The access token has expired')
  stream.send({ event: 'heartbeat', data: { timestamp: new Date() } })
  stream.close('The service is restarting')
  await sleep(10)
  const text = Buffer.concat(await stream.toArray()).toString()
  t.equal(
    text,
    'retry: 1000\nid: 1\nevent: connected\ndata: {"instance_id":"an-id"}\n\n' +
      'event: error\ndata: {"error":"The access token has expired"}\n\n',
  )
})
