import { resolve } from 'node:path'
import { startEmbedded } from '../db/embedded.js'
import { messageOf } from '../db/errors.js'
import { prepareDatabase } from '../db/migrate.js'
import { type Config, loadConfig, splitList } from '../src/config.js'
import { embeddedKeys, externalKeys } from '../src/secrets/keys.js'
import { rotateSecrets } from '../src/secrets/rotate.js'

/**
 * Seals every stored secret with the first key of SECRETS_KEY, given the settings that the service is started with:
 *
 *     SECRETS_KEY=new,old npm run rotate-secrets
 *
 * With an embedded database, stop the service first.
 */
async function main(): Promise<void> {
  const config = loadConfig(process.env)
  const { rotated, unreadable } = config.DATABASE_URL
    ? await rotateExternal(config, config.DATABASE_URL)
    : await rotateEmbedded(config)
  console.log(`${rotated} secrets are sealed anew, with the first key of SECRETS_KEY`)
  if (unreadable > 0) {
    console.error(`${unreadable} secrets cannot be read with any of the keys, and were left as they are`)
    process.exitCode = 1
  }
}

async function rotateExternal({ SECRETS_KEY, JWT_SECRET = '' }: Config, url: string) {
  const keys = externalKeys(splitList(SECRETS_KEY), JWT_SECRET)
  return rotateSecrets(url, await prepareDatabase(url, JWT_SECRET), keys)
}

async function rotateEmbedded({ SECRETS_KEY, JWT_SECRET = '', DATA_DIR }: Config) {
  const dataDir = resolve(DATA_DIR)
  const keys = await embeddedKeys(splitList(SECRETS_KEY), dataDir)
  const server = await startEmbedded({ dataDir })
  try {
    return await rotateSecrets(server.url, await prepareDatabase(server.url, JWT_SECRET), keys)
  } finally {
    await server.stop()
  }
}

main().catch((error) => {
  console.error(`rotate-secrets: ${messageOf(error)}`)
  process.exitCode = 1
})
