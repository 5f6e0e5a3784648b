import type pg from 'pg'

/**
 * Puts a number of a person's messages, of a given size, into a run's queue, bypassing the service and its bounds. Their texts
 * end in their number, from 1 on.
 *
 * @param owner a connection that bypasses row-level security, see `connectAsOwner`
 */
export async function fillQueue(owner: pg.Client, instanceId: string, count: number, bytes = 10): Promise<void> {
  await owner.query(
    `with run as (
       update agent_instances set message_count = message_count + $2 where id = $1
       returning user_id, id, message_count - $2 as seq
     ), clock as (
       update account_clocks set revision = revision + $2 where user_id = (select user_id from run)
       returning revision - $2 as revision
     )
     insert into messages
       (user_id, agent_instance_id, seq, id, sender_type, content, for_agent, created_revision, revision)
     select r.user_id, r.id, r.seq + n, gen_random_uuid(), 'USER', lpad(' ' || n, $3, 'x'), true, c.revision + n,
       c.revision + n
     from run r, clock c, generate_series(1, $2::integer) n`,
    [instanceId, count, bytes],
  )
}
