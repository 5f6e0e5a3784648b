import { randomUUID } from 'node:crypto'
import type { Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { KIB, MIB, type Scenario, step } from './scenario.js'

/** Abuse of connections and request bodies. */

const REQUEST = Buffer.from('GET /openapi.json HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n')

const unreadAnswers: Scenario = {
  name: 'unread-answers',
  title: 'No account: 5 connections send `GET /openapi.json` 1,500 times each and read nothing',
  async run(abuser) {
    const requests = Buffer.concat(Array.from({ length: abuser.size(1500, 200) }, () => REQUEST))
    await abuser.repeat(abuser.size(5, 2), async () => {
      const socket = abuser.connect().pause()
      socket.write(requests)
      // A socket that is not read notices its end only on a write: that takes tenths of a second.
      for (let round = 0; round < abuser.size(50, 5) && !socket.destroyed && abuser.goesOn; round++) {
        await abuser.pause(100)
        if (!socket.destroyed) socket.write(REQUEST)
      }
      abuser.count(socket.destroyed ? 'closed' : 'left open')
      socket.destroy()
    })
  },
}

const anonymousBodies: Scenario = {
  name: 'anonymous-bodies',
  title: 'No account: 1 MiB of `{"a":[0,0,…]}` to `/auth/logout`, 8 at a time',
  async run(abuser) {
    const body = zeroes(abuser.size(1000 * KIB, 100 * KIB))
    await abuser.repeat(8, () => abuser.call('POST', '/api/v1/auth/logout', { body }))
  },
}

const manyValues: Scenario = {
  name: 'many-values',
  title: '16 MiB of `{"a":[0,0,…]}` to `/messages/agent`, 2 at a time',
  async run(abuser) {
    const body = zeroes(abuser.size(16 * MIB - KIB, 200 * KIB), step(randomUUID()))
    await abuser.repeat(2, () => abuser.asAgent('POST', '/messages/agent', body))
  },
}

/** @param more goes before the zeroes @returns about this many bytes */
function zeroes(bytes: number, more: object = {}): Buffer {
  return Buffer.from(JSON.stringify({ ...more, a: new Array(Math.floor(bytes / 2)).fill(0) }))
}

const slowBodies: Scenario = {
  name: 'slow-bodies',
  title: '200 requests promise 1 MiB and send a byte a second, half of them without an account',
  async run(abuser) {
    await abuser.repeat(abuser.size(200, 20), async (lane) => {
      const isKnown = lane % 2 === 0
      const path = isKnown ? '/api/v1/messages/agent' : '/api/v1/auth/login'
      const slow = abuser.callSlowly(
        'POST',
        path,
        isKnown ? MIB : 200,
        isKnown ? { credential: abuser.target.key } : {},
      )
      for (let sent = 1; sent < abuser.size(MIB, 3) && abuser.goesOn && slow.write(' '); sent++) {
        await abuser.pause(abuser.size(1000, 20))
      }
      await slow.giveUp()
    })
  },
}

const gitDiffs: Scenario = {
  name: 'git-diffs',
  title: 'Posts with diffs of 8 MiB, 8 at a time',
  async run(abuser) {
    const line = `+${'a line that was added to the file '.repeat(3)}\n`
    const lines = Math.floor(abuser.size(8 * MIB - KIB, 200 * KIB) / line.length)
    const git_diff = `diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -0,0 +1,${lines} @@\n${line.repeat(lines)}`
    const bodies = Array.from({ length: 8 }, () => Buffer.from(JSON.stringify(step(randomUUID(), { git_diff }))))
    await abuser.repeat(bodies.length, (lane) => abuser.asAgent('POST', '/messages/agent', bodies[lane]))
  },
}

const packedBodies: Scenario = {
  name: 'packed-bodies',
  title: '64 requests send 16 KiB of gzip that unpack to 16 MiB, and hold back the last bytes',
  async run(abuser) {
    const json = Buffer.from(JSON.stringify(step(randomUUID(), { git_diff: 'a'.repeat(abuser.size(16 * MIB, MIB)) })))
    const packed = gzipSync(json)
    const head = [
      'POST /api/v1/messages/agent HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n',
      `Content-Encoding: gzip\r\nContent-Length: ${packed.length}\r\n`,
      `Authorization: Bearer ${abuser.target.key}\r\n\r\n`,
    ].join('')
    await abuser.repeat(abuser.size(64, 8), async () => {
      const socket = abuser.connect()
      const status = statusOn(socket)
      socket.write(Buffer.concat([Buffer.from(head), packed.subarray(0, -4)]))
      await Promise.race([status, abuser.pause(abuser.size(5_000, 500))])
      socket.write(packed.subarray(-4))
      abuser.count(await Promise.race([status, abuser.pause(5_000).then(() => 'not answered')]))
      socket.destroy()
    })
  },
}

const bytewiseBodies: Scenario = {
  name: 'bytewise-bodies',
  title: '32 connections send a body of 200 KB in chunks of a byte',
  async run(abuser) {
    const head = [
      'POST /api/v1/messages/agent HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n',
      `Transfer-Encoding: chunked\r\nAuthorization: Bearer ${abuser.target.key}\r\n\r\n`,
    ].join('')
    const body = '1\r\n \r\n'.repeat(abuser.size(200_000, 20_000))
    await abuser.repeat(abuser.size(32, 4), async () => {
      const socket = abuser.connect()
      const status = statusOn(socket)
      socket.write(head + body)
      abuser.count(await Promise.race([status, abuser.pause(5_000).then(() => 'not answered')]))
      socket.destroy()
    })
  },
}

/** @returns the first status received on a connection; `closed` when it ends before */
function statusOn(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    socket.once('data', (data) => resolve(/^HTTP\/1\.1 (\d+)/.exec(data.toString('latin1'))?.[1] ?? 'no status'))
    socket.once('close', () => resolve('closed'))
  })
}

export const connections = [
  ...[unreadAnswers, anonymousBodies, manyValues, slowBodies, packedBodies, bytewiseBodies],
  gitDiffs,
]
