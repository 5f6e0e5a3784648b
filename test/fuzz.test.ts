import { randomInt } from 'node:crypto'
import fc from 'fast-check'
import t, { type Test } from 'tap'
import { startService, type TestService } from './helpers/app.js'
import { Contract, type Operation } from './helpers/fuzz/contract.js'
import { requestsFor } from './helpers/fuzz/requests.js'
import { fillRequest, inject, isStream, sendTo } from './helpers/fuzz/send.js'
import { newWorld, type World } from './helpers/fuzz/world.js'
import { listen } from './helpers/network.js'

/** Requests for each operation, with each of the two seeds. */
const CASES = 25

/** Operations that one account is good for, unless one of them deletes it. Making one costs a password hash. */
const WORLD_LASTS = 6

const FIXED_SEED = 20260105

/** Rounds of requests that an operation gets at most, until one of them is valid in every part and so does something. */
const ROUNDS = 40

/** Refused without an OpenID provider, and without a receiver on the internet; both have tests of their own. */
const NEEDS_SOMEBODY_ELSE = ['linkExternalIdentity', 'launchAgent']

/** The random one is printed, and taken from FUZZ_SEED to try it again. */
const RANDOM_SEED = Number(process.env['FUZZ_SEED'] ?? randomInt(2 ** 31))

t.test('no request, valid or broken, gets an answer that the contract does not promise', async (t) => {
  t.comment(`seeds: ${FIXED_SEED} and FUZZ_SEED=${RANDOM_SEED}`)
  const service = await startService(t)
  const contract = new Contract((await service.request('GET', '/openapi.json')).body)
  const port = Number(new URL(await listen(service)).port)
  t.ok(contract.operations.length * CASES * 2 >= 2000, 'there are at least 2,000 cases')

  const reached = new Set<string>()
  const unreached = () => contract.operations.filter(({ spec }) => !reached.has(spec.operationId))
  for (const first of [FIXED_SEED, RANDOM_SEED]) {
    const run = { service, contract, port, seed: first, reached, world: await newWorld(service) }
    for (const operation of contract.operations) await fuzz(t, run, operation)
  }
  const more: Run = { service, contract, port, seed: RANDOM_SEED + 10_000, reached, world: await newWorld(service) }
  for (const operation of unreached()) {
    if (NEEDS_SOMEBODY_ELSE.includes(operation.spec.operationId)) continue
    for (let round = 0; !reached.has(operation.spec.operationId) && round < ROUNDS; round++) {
      await fuzz(t, more, operation)
    }
  }
  t.strictSame(
    unreached().map(({ spec }) => spec.operationId),
    NEEDS_SOMEBODY_ELSE,
    'each operation was asked something that it does',
  )
  t.equal((await service.request('GET', '/ready')).status, 200, 'the service still answers')
  t.strictSame(
    service.logged.filter((line) => /"level":[56]0/.test(line)),
    [],
    'nothing of this is an error of the service',
  )
})

interface Run {
  readonly service: TestService
  readonly contract: Contract
  readonly port: number
  seed: number
  /** The account that requests are about. */
  world: World
  /** The ids of the operations that did what they were asked. */
  readonly reached: Set<string>
}

/** Sends one operation its cases, and moves on to the next seed. A failure shows the seed and the smallest request found that fails. */
async function fuzz(t: Test, run: Run, operation: Operation): Promise<void> {
  const { service, contract, port, seed, reached } = run
  const property = fc.asyncProperty(requestsFor(contract, operation), async (fuzzed) => {
    const request = fillRequest(run.world, fuzzed)
    const response = await (isStream(contract, request) ? sendTo(port, request) : inject(service.app, request))
    const complaints = contract.complaints(request.method, pathOf(request.path), response)
    if (complaints.length > 0) throw new Error(complaints.join('\n').slice(0, 2000))
    if (response.status >= 300) return
    const answered = contract.operationAt(request.method, pathOf(request.path))
    if (!answered) return
    reached.add(answered.spec.operationId)
    if (usesUp(answered)) run.world = await newWorld(service)
  })
  const details = await fc.check(property, { seed, numRuns: CASES, includeErrorInReport: true })
  t.notOk(details.failed, `${operation.spec.operationId}, seed ${seed}`, { found: fc.defaultReportMessage(details) })
  run.seed++
  // An account can only have so many keys.
  if (run.seed % WORLD_LASTS === 0) run.world = await newWorld(service)
}

/** What it deleted is not there for the next request, nor is a session that it ended, nor the old password. */
function usesUp({ method, spec }: Operation): boolean {
  return (
    method === 'DELETE' ||
    spec.operationId === 'changePassword' ||
    spec.security.some((scheme) => 'refreshCookie' in scheme)
  )
}

/** As the service gets it: the dots are resolved on the way. */
function pathOf(path: string): string {
  return new URL(path, 'http://localhost').pathname
}
