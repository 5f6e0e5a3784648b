/** What an open question is, and what answers one, in SQL. */

/** As the partial index of open questions has it. Those of the past are nobody's to answer. */
export const OPEN = `sender_type = 'AGENT' and requires_user_input and not is_history and answer_seq is null`

/**
 * Whether words are an answer to a question. A person's own words are. What an agent reports is one only if its key asked,
 * or had posted to the run before: any other agent of the same person could put words into the person's mouth.
 *
 * @param question what the statement calls the question; it calls the words `a` and the run `i`
 */
export function mayAnswer(question: string): string {
  return `(not a.reported_by_agent or a.sender_key_id = ${question}.sender_key_id
    or (i.posting_keys ->> a.sender_key_id::text)::integer < ${question}.seq)`
}
