import type { Migration } from 'kysely'
import * as initial from './0001_initial.js'
import * as idempotency from './0002_idempotency.js'
import * as externalIdentities from './0003_external_identities.js'
import * as rateLimits from './0004_rate_limits.js'
import * as keyRotationAndBinding from './0005_key_rotation_and_binding.js'
import * as accountLog from './0006_account_log.js'
import * as userAgentWebhooks from './0007_user_agent_webhooks.js'
import * as webhooks from './0008_webhooks.js'
import * as questionsAndSteps from './0009_questions_and_steps.js'
import * as sealedUrls from './0010_sealed_urls.js'
import * as sessionsAndOwners from './0011_sessions_and_owners.js'
import * as storedBytes from './0012_stored_bytes.js'
import * as voicesAndQueues from './0014_voices_and_queues.js'
import * as deletedRuns from './0015_deleted_runs.js'
import * as sessionCarriers from './0016_session_carriers.js'
import * as offers from './0017_offers.js'
import * as claims from './0018_claims.js'
import * as signsOfLife from './0019_signs_of_life.js'
import * as heldOffers from './0020_held_offers.js'
import type { NumberedMigration, Sealing } from './sealing.js'

/** Every migration by name, in the order in which it is applied. Applied ones never change; a new one gets a new number. */
export const migrations: Record<string, NumberedMigration> = {
  '0001_initial': initial,
  '0002_idempotency': idempotency,
  '0003_external_identities': externalIdentities,
  '0004_rate_limits': rateLimits,
  '0005_key_rotation_and_binding': keyRotationAndBinding,
  '0006_account_log': accountLog,
  '0007_user_agent_webhooks': userAgentWebhooks,
  '0008_webhooks': webhooks,
  '0009_questions_and_steps': questionsAndSteps,
  '0010_sealed_urls': sealedUrls,
  '0011_sessions_and_owners': sessionsAndOwners,
  '0012_stored_bytes': storedBytes,
  '0014_voices_and_queues': voicesAndQueues,
  '0015_deleted_runs': deletedRuns,
  '0016_session_carriers': sessionCarriers,
  '0017_offers': offers,
  '0018_claims': claims,
  '0019_signs_of_life': signsOfLife,
  '0020_held_offers': heldOffers,
}

/** @returns migrations as Kysely runs them, with what seals secrets */
export function withSealing(
  some: Readonly<Record<string, NumberedMigration>>,
  sealing?: Sealing,
): Record<string, Migration> {
  return Object.fromEntries(Object.entries(some).map(([name, { up }]) => [name, { up: (db) => up(db, sealing) }]))
}
