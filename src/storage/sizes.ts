/**
 * Bytes that rows are counted with beside what is in them: about what PostgreSQL needs for them and their entries in
 * indexes. The migration 0012 has the same numbers.
 */
export const INSTANCE_BYTES = 500
export const MESSAGE_BYTES = 300
export const EVENT_BYTES = 150
export const USER_AGENT_BYTES = 500
export const API_KEY_BYTES = 500
export const ANSWER_BYTES = 300
