import { type ExpressionBuilder, sql } from 'kysely'
import type { AccountEventKind, AgentInstanceStatus, DB } from '../../../db/generated/types.js'
import type { SeveralTenantsScope, Tenant } from '../../../db/tenant.js'
import { endOf } from '../../key-standing.js'
import { ownerSince } from '../../owner.js'
import type { Change, WatchedMessage } from './changes.js'

/** How much one look reads at most: changes, and bytes of messages. One message is read whatever its size. */
const PAGE_LENGTH = 500
const PAGE_BYTES = 4 * 1024 * 1024

/** Where an account stands when somebody begins to watch it. */
export interface Standing {
  readonly revision: number
  /** The watcher's credential is not to be served any longer. What revokes it later has a later revision. */
  readonly isRevoked: boolean
}

/**
 * @param credentialId the session that the watcher comes with
 * @returns undefined when the account is gone
 */
export function findStanding(tenant: Tenant, credentialId: string | undefined): Promise<Standing | undefined> {
  return standing(tenant, credentialId).executeTakeFirst()
}

/** The revisions of several accounts, those that are gone left out: what the reconcile pass compares. */
export function listRevisions(scope: SeveralTenantsScope, userIds: readonly string[]) {
  return scope
    .selectFrom('account_clocks')
    .select(['user_id', 'revision'])
    .where(sql<boolean>`user_id = any(${userIds}::uuid[])`)
    .execute()
}

/** @returns undefined when the account has no such run, or is gone */
export function findStandingOfRun(
  tenant: Tenant,
  instanceId: string,
  credentialId: string | undefined,
): Promise<Standing | undefined> {
  return standing(tenant, credentialId)
    .innerJoin('agent_instances as i', 'i.user_id', 'c.user_id')
    .where('i.id', '=', instanceId)
    .executeTakeFirst()
}

/** Where an account stands for somebody who waits with a secret of an API key. */
export interface StandingOfKey extends Standing {
  /** Milliseconds until the secret ends; null when it does not. */
  readonly remaining: number | null
}

/**
 * The log does not say which secret of a key is good, nor until when: the key does.
 *
 * @returns undefined when the account is gone, or its key, or the key has got other secrets
 */
export function findStandingOfKey(
  tenant: Tenant,
  { keyId, secretHash }: { readonly keyId: string; readonly secretHash: string },
): Promise<StandingOfKey | undefined> {
  return tenant
    .selectFrom('account_clocks as c')
    .innerJoin('api_keys as k', 'k.user_id', 'c.user_id')
    .select(['c.revision', isEnded(tenant).as('isRevoked')])
    .select(
      sql<number | null>`(extract(epoch from ${endOf(secretHash)} - now()) * 1000)::double precision`.as('remaining'),
    )
    .where('c.user_id', '=', tenant.userId)
    .where('k.id', '=', keyId)
    .where((eb) => eb.or([eb('k.key_hash', '=', secretHash), eb('k.previous_key_hash', '=', secretHash)]))
    .executeTakeFirst()
}

/** Keys that somebody made who had the account before its owner may not be revoked yet. */
function isEnded(tenant: Tenant) {
  return sql<boolean>`(k.revoked_at is not null or k.since_revision < ${ownerSince(tenant)})`
}

/** Sessions are never given back once they are revoked, so the log says whether one is. */
function standing(tenant: Tenant, credentialId: string | undefined) {
  return tenant
    .selectFrom('account_clocks as c')
    .select(['c.revision', (eb) => revoked(eb, credentialId ?? null).as('isRevoked')])
    .where('c.user_id', '=', tenant.userId)
}

/** The events that are about no run lie together in the index. */
function revoked({ exists, selectFrom }: ExpressionBuilder<DB & { c: DB['account_clocks'] }, 'c'>, id: string | null) {
  return exists(
    selectFrom('account_events as e')
      .select('e.revision')
      .whereRef('e.user_id', '=', 'c.user_id')
      .where('e.agent_instance_id', 'is', null)
      .where('e.credential_id', '=', id),
  ).$castTo<boolean>()
}

/** A piece of an account's history. */
export interface Page {
  readonly changes: Change[]
  /** Nothing is missing up to this revision. */
  readonly upTo: number
  /** There is more behind it. */
  readonly more: boolean
}

/**
 * What has happened in an account after a revision, in order. The clock is read first: as revisions become visible in
 * their own order, the statements behind it see everything up to that revision. What they see beyond it is left to the
 * next look, as it may have gaps.
 *
 * A message that was a step at first is given as the step that it was, and as the question it has become since. Of a
 * run's diff, the one that is there now is given, once.
 *
 * @param instanceId for the changes of one run only
 * @returns undefined when the account is gone
 */
export async function findChanges(tenant: Tenant, after: number, instanceId?: string): Promise<Page | undefined> {
  const [[clock], inserted, updated, logged] = await tenant.pipeline(
    tenant.selectFrom('account_clocks').select('revision').where('user_id', '=', tenant.userId).compile(),
    messages(tenant, 'created_revision', after, instanceId),
    messages(tenant, 'revision', after, instanceId),
    events(tenant, after, instanceId),
  )
  if (!clock) return undefined
  const upTo = Math.min(clock.revision, ...[inserted, updated, logged].map((rows) => end(rows, clock.revision)))
  const gitDiffs = await latestDiffs(tenant, logged)
  const changes = [
    ...inserted.map((row) =>
      messageChange(
        'message_inserted',
        row.created_revision,
        row.requires_user_input && row.revision === row.created_revision,
        row,
      ),
    ),
    ...updated.map((row) => messageChange('message_updated', row.revision, row.requires_user_input, row)),
    ...logged.flatMap((row) => eventChange(row, gitDiffs)),
  ]
  return {
    changes: changes.filter(({ revision }) => revision <= upTo).sort((a, b) => a.revision - b.revision),
    upTo,
    more: upTo < clock.revision,
  }
}

/** Up to where a list is complete: to its last row if there was more than it could hold. */
function end(rows: readonly { position: number; found?: number }[], now: number): number {
  const last = rows.at(-1)
  return last && (rows.length === PAGE_LENGTH || rows.length < (last.found ?? 0)) ? last.position : now
}

interface MessageRow extends WatchedMessage {
  readonly agent_instance_id: string
  readonly created_revision: number
  readonly revision: number
  /** The revision that it is listed under, and how many there were before the list got too large. */
  readonly position: number
  readonly found: number
}

/** Messages in the order of one of their revisions. */
function messages(tenant: Tenant, column: 'created_revision' | 'revision', after: number, instanceId?: string) {
  const position = sql.ref(column)
  const changed = column === 'revision' ? sql`and revision > created_revision` : sql``
  return sql<MessageRow>`
    select m.id, m.content, m.sender_type, u.id as sender_user_id, u.email as sender_user_email,
      u.display_name as sender_user_display_name, m.created_at, m.requires_user_input, m.message_metadata,
      m.agent_instance_id, m.created_revision, m.revision, m.position, m.found
    from (
      select *, ${position} as position, count(*) over () as found,
        sum(octet_length(content)) over (order by ${position} rows between unbounded preceding and 1 preceding) as before
      from (
        select * from messages where user_id = ${tenant.userId} and ${position} > ${after} ${changed} ${ofRun(instanceId)}
        order by ${position} limit ${sql.lit(PAGE_LENGTH)}) as listed
    ) as m
    left join users u on u.id = m.user_id and m.sender_type = 'USER'
    where m.before is null or m.before < ${sql.lit(PAGE_BYTES)}
    order by m.position
  `.compile(tenant)
}

function ofRun(instanceId: string | undefined) {
  return instanceId === undefined ? sql`` : sql`and agent_instance_id = ${instanceId}`
}

function messageChange(
  kind: 'message_inserted' | 'message_updated',
  revision: number,
  requiresUserInput: boolean,
  {
    agent_instance_id: instanceId,
    created_revision: _,
    revision: __,
    position: ___,
    found: ____,
    ...message
  }: MessageRow,
): Change {
  const shown = { ...message, requires_user_input: requiresUserInput }
  return { kind, revision, at: message.created_at, instanceId, message: shown }
}

/** What is about no run is about credentials, those of a run's watchers as well. */
function ofRunOrNone(instanceId: string | undefined) {
  return instanceId === undefined ? sql`` : sql`and (agent_instance_id = ${instanceId} or agent_instance_id is null)`
}

interface EventRow {
  readonly position: number
  readonly kind: AccountEventKind
  readonly at: Date
  readonly instance_id: string
  readonly status: AgentInstanceStatus
  readonly credential_id: string | null
  readonly agent_type_id: string
  readonly agent_type_name: string
  readonly name: string | null
  readonly started_at: Date
}

/** What is not a message, with the run where one was made. The columns that its kind does not need are null. */
function events(tenant: Tenant, after: number, instanceId?: string) {
  return sql<EventRow>`
    select e.revision as position, e.kind, e.created_at as at, e.agent_instance_id as instance_id,
      e.status, e.credential_id, a.id as agent_type_id, a.name as agent_type_name, i.name, i.started_at
    from (
      select * from account_events where user_id = ${tenant.userId} and revision > ${after} ${ofRunOrNone(instanceId)}
      order by revision limit ${sql.lit(PAGE_LENGTH)}) as e
    left join agent_instances i on e.kind = 'instance_created' and i.user_id = e.user_id and i.id = e.agent_instance_id
    left join user_agents a on a.user_id = i.user_id and a.id = i.user_agent_id
    order by e.revision
  `.compile(tenant)
}

function eventChange(row: EventRow, gitDiffs: ReadonlyMap<string, GitDiff>): Change[] {
  const { position: revision, at, instance_id: instanceId } = row
  switch (row.kind) {
    case 'instance_created': {
      const { agent_type_id, agent_type_name, name, started_at } = row
      const instance = { agent_type_id, agent_type_name, name, status: 'ACTIVE', started_at } as const
      return [{ kind: row.kind, revision, at, instanceId, instance }]
    }
    case 'status_changed':
      return [{ kind: row.kind, revision, at, instanceId, status: row.status }]
    case 'git_diff_changed': {
      const latest = gitDiffs.get(instanceId)
      return latest?.revision === revision ? [{ kind: row.kind, revision, at, instanceId, gitDiff: latest.text }] : []
    }
    case 'instance_deleted':
      return [{ kind: row.kind, revision, at, instanceId }]
    case 'credential_revoked':
      return [{ kind: row.kind, revision, at, credentialId: row.credential_id }]
  }
}

/** A run's diff as it is now, and the last change of it that was read. */
interface GitDiff {
  readonly revision: number
  readonly text: string | null
}

/** Read apart from the changes, as diffs may be large and rarely change. */
async function latestDiffs(tenant: Tenant, rows: readonly EventRow[]): Promise<Map<string, GitDiff>> {
  const revisions = new Map<string, number>()
  for (const row of rows) if (row.kind === 'git_diff_changed') revisions.set(row.instance_id, row.position)
  if (revisions.size === 0) return new Map()
  const found = await tenant
    .selectFrom('agent_instances')
    .select(['id', 'git_diff'])
    .where('user_id', '=', tenant.userId)
    .where(sql<boolean>`id = any(${[...revisions.keys()]}::uuid[])`)
    .execute()
  return new Map(found.map(({ id, git_diff }) => [id, { revision: revisions.get(id) ?? 0, text: git_diff }]))
}
