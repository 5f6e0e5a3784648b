import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import t, { type Test } from 'tap'
import { startService } from '../helpers/app.js'

const script = new URL('../../scripts/demo.js', import.meta.url).pathname

/** The command that the demo prints for its reader. */
const CURL = /curl (\S+)\/messages \\\n {2}-H 'Authorization: Bearer (\S+)'/

t.test('the demo reports, asks, and ends when its reader has answered', async (t) => {
  const { demo, api } = await startDemo(t)
  const { instance, token } = await demo.question()
  const waiting = await api(instance, token)
  t.match(waiting, { agent_type_name: 'demo', status: 'AWAITING_INPUT', git_diff: /^diff --git/ })

  await api(`${instance}/messages`, token, { content: 'Yes, please' })

  t.equal(await demo.exitCode, 0)
  t.match(demo.output(), /You answered: Yes, please/)
  const ended = await api(instance, token)
  t.match(ended, { status: 'COMPLETED' })
  t.match(ended.messages.at(-1), { sender_type: 'AGENT', content: /Thank you/ })
})

t.test('what is typed where the demo runs is the answer', async (t) => {
  const { demo, api } = await startDemo(t)
  const { instance, token } = await demo.question()
  demo.process.stdin?.write('\nNot yet\n')
  t.equal(await demo.exitCode, 0)
  t.match(demo.output(), /You answered: Not yet/)
  t.match(await api(instance, token), { status: 'COMPLETED' })
})

t.test('Ctrl-C ends the session of a demo that waits', async (t) => {
  const { demo, api } = await startDemo(t)
  const { instance, token } = await demo.question()

  demo.process.kill('SIGINT')

  t.equal(await demo.exitCode, 0)
  t.match(await api(instance, token), { status: 'COMPLETED' })
})

t.test('without a service the demo says how to start one', async (t) => {
  const demo = run(t, `http://127.0.0.1:${await unusedPort()}`)
  t.equal(await demo.exitCode, 1)
  t.match(demo.output(), /No service answers at http:\/\/127\.0\.0\.1:\d+\. Start one with `npm start`/)
})

async function startDemo(t: Test) {
  const { app } = await startService(t)
  const demo = run(t, await app.listen({ port: 0, host: '127.0.0.1' }))
  return { demo, api }
}

/** GETs, or POSTs when there is a body. */
async function api(url: string, token: string, body?: object) {
  const headers = { authorization: `Bearer ${token}`, ...(body ? { 'content-type': 'application/json' } : {}) }
  const response = await fetch(url, body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers })
  return response.json()
}

function run(t: Test, service: string) {
  const child: ChildProcess = spawn(process.execPath, [script], {
    env: { ...process.env, SIGNALBOX_URL: service },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  t.teardown(() => child.kill('SIGKILL'))
  let output = ''
  const exitCode = once(child, 'close').then(([code]) => code)
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk
      child.emit('printed')
    })
  }
  return { process: child, exitCode, output: () => output, question }

  /** @returns what an answer takes, once the demo has asked: the URL of its instance, and the access token */
  async function question(): Promise<{ instance: string; token: string }> {
    for (;;) {
      const [, instance, token] = CURL.exec(output) ?? []
      if (instance && token) return { instance, token }
      const ended = await Promise.race([once(child, 'printed').then(() => false), exitCode.then(() => true)])
      if (ended) throw new Error(`the demo has ended too early: ${output}`)
    }
  }
}

async function unusedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address ? address.port : 0
}
