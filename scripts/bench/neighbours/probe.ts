import { setTimeout as sleep } from 'node:timers/promises'
import { RawConnection, rawRequest } from '../raw-client.js'
import { CONTENT } from '../seed.js'
import type { Measurement, Operation, ProbeOrder, QuietTenant, Samples } from './measurement.js'

/** The quiet tenant, as a process of its own: runs each operation at a modest pace, one at a time, and reports its duration. */

/** Milliseconds from one request of an operation to the next. */
const INTERVAL = 50

/** Milliseconds after which an answer is given up, and counts as a failure. */
const ANSWER_TIMEOUT_MS = 5_000

// No process outlives the benchmark.
process.once('disconnect', () => process.exit())

let stopped = new AbortController()
let measuring: Promise<Measurement> | undefined

process.on('message', async (order: ProbeOrder) => {
  if ('measure' in order) {
    stopped = new AbortController()
    measuring = measure(order.measure)
    process.send?.({ begun: true })
  } else {
    stopped.abort()
    process.send?.(await measuring)
  }
})

async function measure({ port, key, token, instanceId }: QuietTenant): Promise<Measurement> {
  const step = { agent_instance_id: instanceId, agent_type: 'quiet', content: CONTENT }
  const requests: Record<Operation, Buffer> = {
    post: rawRequest('POST', '/api/v1/messages/agent', key, step),
    list: rawRequest('GET', '/api/v1/agent-instances?limit=50', token),
    poll: rawRequest('GET', `/api/v1/messages/pending?agent_instance_id=${instanceId}`, key),
    ready: rawRequest('GET', '/ready'),
  }
  const { post, list, poll, ready } = requests
  const samples = await Promise.all([post, list, poll, ready].map((request) => repeat(port, request)))
  const [posts = EMPTY, lists = EMPTY, polls = EMPTY, readiness = EMPTY] = samples
  return { post: posts, list: lists, poll: polls, ready: readiness }
}

const EMPTY: Samples = { latencies: [], failures: 0 }

/**
 * Sends a request whenever it is due. A request that was delayed because the last answer was late counts from when it was due:
 * a stalled service must not look better because it was asked less.
 */
async function repeat(port: number, request: Buffer): Promise<Samples> {
  const latencies: number[] = []
  let failures = 0
  let connection: RawConnection | undefined
  for (let due = performance.now(); !stopped.signal.aborted; due += INTERVAL) {
    const early = due - performance.now()
    if (early > 0) await sleep(early)
    const since = early > 0 ? performance.now() : due
    try {
      if (!connection?.isOpen) connection = await inTime(RawConnection.open(port))
      await inTime(connection.expect(request))
      latencies.push(performance.now() - since)
    } catch (error) {
      failures++
      connection?.close()
      if (error instanceof TooLate) latencies.push(performance.now() - since)
      else await sleep(INTERVAL)
    }
  }
  connection?.close()
  return { latencies, failures }
}

class TooLate extends Error {}

/** @throws {TooLate} */
async function inTime<T>(work: Promise<T>): Promise<T> {
  const abort = new AbortController()
  const late = sleep(ANSWER_TIMEOUT_MS, undefined, { signal: abort.signal }).then(
    () => Promise.reject(new TooLate()),
    () => new Promise<never>(() => {}),
  )
  // A late answer is ignored, errors included.
  work.catch(() => {})
  return Promise.race([work, late]).finally(() => abort.abort())
}
