import { randomUUID } from 'node:crypto'
import { type CompiledQuery, sql } from 'kysely'
import t, { type Test } from 'tap'
import type { TenantScope } from '../../db/tenant.js'
import { createInstance } from '../../src/modules/account-log/creation.js'
import { startService } from '../helpers/app.js'
import { newInstance } from '../helpers/instances.js'
import { untilWaiting } from '../helpers/owner.js'
import { superuser } from '../helpers/superuser.js'

/** An account with two runs, and a connection around row-level security's back. */
async function twoRuns(t: Test) {
  const service = await startService(t)
  const user = await service.newUser()
  const agent = await user.newAgent()
  const runs = [await newInstance(agent), await newInstance(agent)] as const
  return { service, user, agent, runs, admin: await superuser(t, service.testDatabase) }
}

/** Has the function `lose` give up its transaction as PostgreSQL does with the victim of a deadlock, the first few times. */
async function loseTimes(admin: Awaited<ReturnType<typeof superuser>>, times: number): Promise<void> {
  await admin.query(`
    create sequence losses;
    create function lose() returns boolean language plpgsql security definer as $$ begin
      if nextval('losses') <= ${times} then raise exception 'lost' using errcode = '40P01'; end if;
      return true;
    end $$`)
}

function renaming(scope: Pick<TenantScope, 'updateTable'>, id: string, name: string): CompiledQuery {
  return scope.updateTable('agent_instances').set({ name }).where('id', '=', id).compile()
}

t.test('a transaction that PostgreSQL gives up to end a deadlock is run again, and is told of once', async (t) => {
  const { service, user, admin, runs } = await twoRuns(t)
  // Only the service's transaction looks for deadlocks, so it is the one that is given up.
  await admin.query(`set deadlock_timeout = '10min'; begin`)
  const lock = (id: string) => admin.query('select from agent_instances where id = $1 for update', [id])
  await lock(runs[1])
  let attempts = 0
  const told: number[] = []
  let other: Promise<unknown> = Promise.resolve()
  await service.database.tenant(user.id).transaction(async (trx) => {
    const attempt = ++attempts
    trx.afterCommit(() => told.push(attempt))
    await trx.pipeline(renaming(trx, runs[0], 'first'))
    if (attempt === 1) {
      other = lock(runs[0]).then(() => admin.query('commit'))
      const watcher = await superuser(t, service.testDatabase)
      await untilWaiting(watcher, 1)
    }
    await trx.pipeline(renaming(trx, runs[1], 'second'))
  })
  await other
  t.ok(attempts > 1)
  t.strictSame(told, [attempts])
  const { rows } = await admin.query('select name from agent_instances where id = any ($1) order by name', [runs])
  t.strictSame(rows, [{ name: 'first' }, { name: 'second' }])
})

t.test('who makes a run of a kind that is there locks out nobody who refers to the kind', async (t) => {
  const { service, user, admin } = await twoRuns(t)
  const tenant = service.database.tenant(user.id)
  await tenant.transaction(async (trx) => {
    await trx.pipeline({ run: createInstance(trx, { id: randomUUID(), agentType: 'claude code', keyId: null }) })
    // As a foreign key's check does.
    const { rows } = await admin.query(`select name from user_agents where user_id = $1 for key share skip locked`, [
      user.id,
    ])
    t.strictSame(rows, [{ name: 'claude code' }])
  })
})

t.test('statements that are sent together are sent again, and take effect once', async (t) => {
  const { service, user, admin, runs } = await twoRuns(t)
  await loseTimes(admin, 2)
  const scope = service.database.tenant(user.id)
  const count = sql`update agent_instances set step_count = step_count + 10 where id = ${runs[0]}`.compile(scope)
  await scope.pipeline(count, sql`select lose()`.compile(scope))
  const { rows } = await admin.query('select step_count from agent_instances where id = $1', [runs[0]])
  t.strictSame(rows, [{ step_count: 11 }])
})

t.test('what always loses is given up after some attempts, and the answer blames no database', async (t) => {
  const { agent, admin, runs } = await twoRuns(t)
  await loseTimes(admin, 1_000)
  await admin.query(`
    create function lose_instead() returns trigger language plpgsql as $$ begin perform lose(); return new; end $$;
    create trigger lose before insert on messages for each row execute function lose_instead()`)
  const body = { agent_instance_id: runs[0], content: 'in vain' }
  const answers = await Promise.all([
    agent('POST', '/messages/agent', body),
    agent('POST', '/messages/agent', body, { headers: { 'idempotency-key': 'one' } }),
  ])
  for (const { status, body, headers } of answers) {
    t.match({ status, body }, { status: 503, body: { code: 'unavailable' } })
    t.notMatch(body.detail, /database/)
    t.match(headers['retry-after'], /^\d+$/)
  }
  await admin.query('drop trigger lose on messages')
  const again = await agent('POST', '/messages/agent', body, { headers: { 'idempotency-key': 'one' } })
  t.equal(again.status, 200, 'and nothing is left behind')
})
