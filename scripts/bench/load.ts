import { setTimeout as sleep } from 'node:timers/promises'
import type { RawConnection } from './raw-client.js'

/** The result of a load. */
export interface Measured {
  readonly perSecond: number
  /** Milliseconds from a request's sending to its whole answer. */
  readonly latencies: number[]
}

/** A connection and what it sends, again and again. */
export interface Lane {
  readonly connection: RawConnection
  readonly request: Buffer
}

/** Closed loop: each connection sends its next request when it has the answer to the last one. */
export async function closedLoop(lanes: readonly Lane[], seconds: number): Promise<Measured> {
  const latencies: number[] = []
  const start = performance.now()
  const until = start + seconds * 1000
  await Promise.all(lanes.map((lane) => repeat(lane, until, latencies)))
  return { perSecond: (latencies.length * 1000) / (performance.now() - start), latencies }
}

async function repeat({ connection, request }: Lane, until: number, latencies: number[]): Promise<void> {
  for (let sent = performance.now(); sent < until; ) {
    await connection.expect(request)
    const now = performance.now()
    latencies.push(now - sent)
    sent = now
  }
}

/** Milliseconds between two looks at what is due. */
const TICK = 2

/**
 * Open loop: requests are sent at a rate of their own, as long as a connection is free. An achieved rate below the requested
 * one means that the service did not keep up.
 *
 * @param next gives the next request
 */
export async function paced(
  connections: readonly RawConnection[],
  { perSecond, seconds }: { perSecond: number; seconds: number },
  next: () => Buffer,
): Promise<Measured> {
  const latencies: number[] = []
  const idle = [...connections]
  const exchanges = new Set<Promise<void>>()
  let failure: unknown
  let sent = 0
  const start = performance.now()
  const exchange = async (connection: RawConnection) => {
    const sentAt = performance.now()
    await connection.expect(next())
    latencies.push(performance.now() - sentAt)
    idle.push(connection)
  }
  for (let elapsed = 0; elapsed < seconds * 1000 && !failure; elapsed = performance.now() - start) {
    for (const due = Math.floor((elapsed * perSecond) / 1000); sent < due; sent++) {
      const connection = idle.pop()
      if (!connection) break
      const running = exchange(connection)
        .catch((error: unknown) => {
          failure ??= error
        })
        .finally(() => exchanges.delete(running))
      exchanges.add(running)
    }
    await sleep(TICK)
  }
  await Promise.all(exchanges)
  if (failure) throw failure
  return { perSecond: (latencies.length * 1000) / (performance.now() - start), latencies }
}
