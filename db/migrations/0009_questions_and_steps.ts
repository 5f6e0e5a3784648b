import { type Kysely, sql } from 'kysely'

/**
 * Which message answers which question, and how many steps a run has.
 *
 *   messages.answer_seq                  of a question: the seq of the person's message that answered it. A message
 *                                        answers the latest question that is open; the others stay open
 *   agent_instances.step_count           the agent's messages that are not questions
 *   agent_instances.offered_message_id   the question or step with which the agent is handed something that is on its way
 *                                        to it: taken, and not known to have arrived
 *   agent_instances.offered_from_seq     the last_read_seq to go back to if it does not arrive
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(COLUMNS).execute(db)
  await sql.raw(FILL).execute(db)
}

const COLUMNS = `
alter table messages add column answer_seq integer;
alter table agent_instances
  add column step_count         integer not null default 0,
  add column offered_message_id uuid,
  add column offered_from_seq   integer;
`

// The owner is subject to forced row-level security as well, and is nobody: it would see no rows.
// Of what was asked so far nobody knows what was meant as the answer: it is what a person wrote next.
const FILL = `
alter table agent_instances no force row level security;
alter table messages no force row level security;

update agent_instances i set step_count = s.steps from (
  select user_id, agent_instance_id, count(*) as steps from messages
  where sender_type = 'AGENT' and not requires_user_input group by user_id, agent_instance_id
) as s where (i.user_id, i.id) = (s.user_id, s.agent_instance_id);

update messages q set answer_seq = a.seq from (
  select user_id, agent_instance_id, seq,
    min(seq) filter (where sender_type = 'USER') over (
      partition by user_id, agent_instance_id order by seq rows between 1 following and unbounded following) as next
  from messages
) as a (user_id, agent_instance_id, question, seq)
where (q.user_id, q.agent_instance_id, q.seq) = (a.user_id, a.agent_instance_id, a.question)
  and q.sender_type = 'AGENT' and q.requires_user_input and a.seq is not null;

create index messages_open_questions on messages (user_id, agent_instance_id, seq)
  where sender_type = 'AGENT' and requires_user_input and not is_history and answer_seq is null;
create index messages_answered_questions on messages (user_id, agent_instance_id, answer_seq)
  where answer_seq is not null;

alter table agent_instances force row level security;
alter table messages force row level security;
`
