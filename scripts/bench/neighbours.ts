import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { findPostmaster } from '../../db/embedded/pidfile.js'
import { signUp } from './accounts.js'
import { atEnd, benchmark } from './benchmark.js'
import { ask, end, launch } from './children.js'
import { peakMemory } from './memory.js'
import type { Provider, Target } from './neighbours/abuser.js'
import type { Abused, AbuserOrder } from './neighbours/abuser-process.js'
import type { Measurement, QuietTenant } from './neighbours/measurement.js'
import { startProvider } from './neighbours/provider.js'
import { type Outcome, printOutcome, printTable } from './neighbours/report.js'
import { loopbackAddress, type Scenario } from './neighbours/scenario.js'
import { chosenScenarios } from './neighbours/scenarios.js'
import { parseOptions } from './options.js'
import { type Service, startService, temporaryFolder } from './service.js'

/**
 * How much a quiet tenant is affected by its neighbours: p50 and p99 of its requests and of /ready, while another tenant runs
 * each expensive operation.
 *
 *     node dist/scripts/bench/neighbours.js [--only batches,logins] [--server ../before/dist/src/server.js]
 *       [--seconds 10] [--quiet 5] [--rest 10] [--small]
 *
 * `server`: measures the service of another build. `seconds`: duration of an abuse, once it is prepared; `quiet`: duration of
 * the measurements before and after it; `rest`: pause after it.
 */
const options = parseOptions({ seconds: 10, quiet: 5, rest: 10 }, { seconds: 1, quiet: 1, rest: 1 }, ['only', 'server'])
const chosen = chosenScenarios(options.text('only'))
const server = options.text('server')

/** Shared by all processes, so that tokens outlive a process. */
const SIGNING_SECRET = `${randomUUID()}${randomUUID()}`

/** Seconds in which an abuser prepares: it stores up to 700 MiB. */
const PREPARATION = 60

/** Seconds of requests before those that count: the first ones compile the code. */
const WARM_UP = options.isSmall ? 0.5 : 3

/** Milliseconds that a stopped abuser gets to report its results. */
const LAST_WORDS = 5_000

/** Milliseconds between two looks at the memory. */
const MEMORY_INTERVAL = 200

await benchmark('Neighbours', 60, async () => {
  const { close, ...provider } = await startProvider()
  atEnd(async () => close())
  const outcomes: Outcome[] = []
  for (const [index, scenario] of chosen.entries()) {
    const outcome = await play(scenario, provider, loopbackAddress(0, 1 + index))
    printOutcome(outcome)
    outcomes.push(outcome)
  }
  printTable(outcomes)
})

/**
 * Each scenario has a service and a database of its own, so that none inherits the damage of another.
 *
 * @param address the abuser's source address
 */
async function play(scenario: Scenario, provider: Provider, address: string): Promise<Outcome> {
  const folder = await temporaryFolder()
  const dataDir = join(folder, 'data')
  const service = await startWithDefaults(dataDir, provider)
  const { key, token } = await signUp(service.url)
  const tenant = { key, token, instanceId: randomUUID() }
  const target: Target = {
    ...(await signUp(service.url)),
    ...{ port: service.port, address, provider, databaseLog: join(dataDir, 'postgres.log') },
  }

  await measure(service, tenant, () => sleep(WARM_UP * 1000))
  const { measured: quiet } = await measure(service, tenant, () => sleep(options.number('quiet') * 1000))
  const isOver = new AbortController()
  const memory = watchMemory(service, isOver.signal)
  const { measured: during, result: abused } = await measure(service, tenant, () => abuse(scenario, target))
  const died = hasEnded(service)
  await sleep(options.number('rest') * 1000)
  const later = died ? await startWithDefaults(dataDir, provider).catch(complain) : service
  const after = later && (await measure(later, tenant, () => sleep(options.number('quiet') * 1000))).measured

  isOver.abort()
  if (later) await end(later.child)
  await stopDatabase(dataDir)
  await rm(folder, { recursive: true, force: true, maxRetries: 10 })
  return { scenario, quiet, during, after, abused, memory: await memory, died }
}

/** Started as operators do: with the default limits. */
async function startWithDefaults(dataDir: string, { issuer, audience }: Provider): Promise<Service> {
  atEnd(() => stopDatabase(dataDir))
  const settings = {
    ...{ DATA_DIR: dataDir, RATE_LIMIT_MAX: '', RATE_LIMIT_AUTH_MAX: '', DATABASE_POOL_MAX: '' },
    ...{ JWT_SECRET: SIGNING_SECRET, OIDC_ISSUER: issuer, OIDC_AUDIENCE: audience },
    // Receivers of webhooks are on this machine.
    WEBHOOK_ALLOW_NETWORKS: '127.0.0.0/8',
  }
  const another = server === undefined ? {} : { server: pathToFileURL(resolve(server)) }
  return startService(settings, { ...another, isQuiet: true })
}

/** A service that was killed leaves its PostgreSQL behind. */
async function stopDatabase(dataDir: string): Promise<void> {
  const left = await findPostmaster(join(dataDir, 'postgres'))
  if (left) process.kill(left.pid, 'SIGQUIT')
  while (await findPostmaster(join(dataDir, 'postgres'))) await sleep(50)
}

/** Has the quiet tenant measure in the meantime. */
async function measure<T>(
  { port }: Service,
  tenant: Omit<QuietTenant, 'port'>,
  meanwhile: () => Promise<T>,
): Promise<{ measured: Measurement; result: T }> {
  const probe = launch(new URL('./neighbours/probe.js', import.meta.url))
  await ask(probe, { measure: { ...tenant, port } }, isObject)
  const result = await meanwhile()
  const measured = await ask(probe, { stop: true }, isMeasurement)
  await end(probe)
  return { measured, result }
}

/** Runs an abuser until it ends, or has to. */
async function abuse(scenario: Scenario, target: Target): Promise<Abused> {
  const seconds = options.number('seconds')
  const abuser = launch(new URL('./neighbours/abuser-process.js', import.meta.url))
  const bounds = { seconds, isSmall: options.isSmall }
  const order: AbuserOrder = { scenario: scenario.name, target, bounds }
  const stop: AbuserOrder = { stop: true }
  const isDone = new AbortController()
  const late = (time: number) => sleep(time, undefined, { signal: isDone.signal }).catch(() => {})
  const done = ask(abuser, order, isAbused).catch((error: unknown): Abused => ({ tally: {}, notes: [String(error)] }))
  let abused = await Promise.race([done, late((PREPARATION + seconds) * 1000)])
  if (!abused) {
    abuser.send(stop)
    abused = await Promise.race([done, late(LAST_WORDS)])
  }
  isDone.abort()
  abuser.kill('SIGKILL')
  return abused ?? { tally: {}, notes: ['the abuser had to be killed'] }
}

/** @returns the peak resident memory so far, in KB; for a process that has ended, the last value seen */
async function watchMemory({ child }: Service, signal: AbortSignal): Promise<number | undefined> {
  let most: number | undefined
  while (!signal.aborted) {
    most = (await peakMemory(child)) ?? most
    await sleep(MEMORY_INTERVAL, undefined, { signal }).catch(() => {})
  }
  return most
}

function hasEnded({ child }: Service): boolean {
  return child.exitCode !== null || child.signalCode !== null
}

function complain(error: unknown): undefined {
  console.error(error)
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function isMeasurement(value: unknown): value is Measurement {
  return isObject(value) && 'post' in value && 'ready' in value
}

function isAbused(value: unknown): value is Abused {
  return isObject(value) && 'tally' in value && 'notes' in value
}
