import type { Server } from 'node:net'
import { resolve } from 'node:path'
import { pino } from 'pino'
import type { EmbeddedServer } from '../db/embedded.js'
import { messageOf } from '../db/errors.js'
import { type Config, loadConfig, splitList } from './config.js'
import { loggerOptions } from './logging/log.js'
import { secretFieldNames } from './modules/user-agents/webhooks/types/index.js'
import { embeddedKeys, externalKeys } from './secrets/keys.js'

/**
 * Milliseconds that requests in flight get to finish once the process is asked to stop. `docker stop` kills after 10 s, and the
 * embedded server must have stopped by then too.
 */
const DRAIN_TIMEOUT = 7_000

/**
 * Milliseconds in which a second signal is an echo of the first. On Ctrl-C the terminal signals the whole process group, and
 * npm forwards its own signal to its child, which is this process wherever `sh` is a bash.
 */
const SIGNAL_ECHO = 1_000

/** The URL where the demo looks for the service by default. */
const DEMO_URL = 'http://localhost:8000'

/** A started service. */
interface Running {
  stop(): Promise<void>
}

async function main(): Promise<void> {
  const config = loadConfig(process.env)
  const stopping = stopSignal()
  const running = await start(config)
  await stopping
  await running.stop()
}

/** @returns when the process is asked to stop; a second request ends it at once */
function stopSignal(): Promise<void> {
  return new Promise((done) => {
    let asked: number | undefined
    const onSignal = () => {
      if (asked !== undefined && performance.now() - asked > SIGNAL_ECHO) process.exit(1)
      asked ??= performance.now()
      done()
    }
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, onSignal)
  })
}

async function start(config: Config): Promise<Running> {
  const logger = pino(loggerOptions(config.LOG_LEVEL, secretFieldNames))
  // The database starts while the service's code is loading.
  const [embedded, { buildApp }, { prepareDatabase }, { Database }] = await Promise.all([
    startEmbeddedDatabase(config, (message) => logger.info(message)),
    import('./app.js'),
    import('../db/migrate.js'),
    import('../db/client.js'),
  ])
  const stopEmbedded = async () => embedded?.server.stop()
  try {
    const jwtSecret = config.JWT_SECRET ?? embedded?.jwtSecret ?? ''
    const secretsKeys = embedded?.secretsKeys ?? externalKeys(splitList(config.SECRETS_KEY), jwtSecret)
    const ownerUrl = config.DATABASE_URL ?? embedded?.server.url ?? ''
    const url = await prepareDatabase(ownerUrl, jwtSecret)
    const database = new Database({
      url,
      poolMax: config.DATABASE_POOL_MAX,
      onConnectionError: (error) => logger.warn(`an idle database connection broke: ${messageOf(error)}`),
    })
    const { app } = await buildApp({ config, database, jwtSecret, secretsKeys, logger })
    const stop = async () => {
      const deadline = setTimeout(() => {
        app.inFlight.abort()
        app.server.closeAllConnections()
      }, DRAIN_TIMEOUT)
      await app.close()
      clearTimeout(deadline)
      await database.close()
      await stopEmbedded()
    }
    try {
      await app.listen({ port: config.PORT, host: config.HOST })
    } catch (error) {
      await stop()
      throw new ListenError(`${messageOf(error)}. PORT and HOST say where to listen.`, { cause: error })
    }
    announce(config, portOf(app.server.address()) ?? config.PORT)
    return { stop }
  } catch (error) {
    await stopEmbedded()
    throw error
  }
}

async function startEmbeddedDatabase(config: Config, log: (message: string) => void) {
  if (config.DATABASE_URL) return undefined
  const dataDir = resolve(config.DATA_DIR)
  const [{ startEmbedded }, { loadSigningSecret }] = await Promise.all([
    import('../db/embedded.js'),
    import('./secrets/signing-secret.js'),
  ])
  const server: EmbeddedServer = await startEmbedded({ dataDir, log })
  try {
    const secretsKeys = await embeddedKeys(splitList(config.SECRETS_KEY), dataDir)
    return { server, jwtSecret: await loadSigningSecret(dataDir), secretsKeys }
  } catch (error) {
    await server.stop()
    throw error
  }
}

function portOf(address: ReturnType<Server['address']>): number | undefined {
  return typeof address === 'object' ? address?.port : undefined
}

function announce(config: Config, port: number): void {
  const host = ['0.0.0.0', '::'].includes(config.HOST) ? 'localhost' : config.HOST
  const url = config.PUBLIC_URL ?? `http://${host.includes(':') ? `[${host}]` : host}:${port}`
  const database = config.DATABASE_URL
    ? 'the server of DATABASE_URL'
    : `embedded PostgreSQL in ${resolve(config.DATA_DIR)}`
  process.stdout.write(
    [
      '',
      `  Signalbox listens on ${url}`,
      `  Database   ${database}`,
      `  Docs       ${url}/docs`,
      `  Next       ${url === DEMO_URL ? '' : `SIGNALBOX_URL=${url} `}npm run demo     an agent that reports, asks you, and waits for your answer`,
      '',
      '',
    ].join('\n'),
  )
}

/** The address cannot be bound. */
class ListenError extends Error {
  override readonly name = 'ListenError'
}

/** By name, so that their modules need not be loaded. */
const EXPECTED = [
  'ConfigError',
  'ListenError',
  'DataDirBusyError',
  'DatabaseSetupError',
  'SigningSecretError',
  'SecretsKeyError',
]

/** The error message: a single line if the operator can fix it. */
function complain(error: unknown): void {
  const expected = error instanceof Error && (EXPECTED.includes(error.name) || 'code' in error)
  const text = error instanceof Error && !expected ? (error.stack ?? error.message) : messageOf(error)
  process.stderr.write(`signalbox: ${text}\n`)
}

main().then(
  () => process.exit(0),
  (error) => {
    complain(error)
    process.exit(1)
  },
)
