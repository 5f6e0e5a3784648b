/**
 * Bytes that rows count in addition to their content: about what PostgreSQL needs for them and their entries in indexes. The
 * triggers of the schema have the same numbers.
 */
export const INSTANCE_BYTES = 500
/** Bytes of a message besides its texts. */
export const MESSAGE_BYTES = 300
/** Bytes of an entry of the account's log. */
export const EVENT_BYTES = 150
/** Bytes of an agent type. */
export const USER_AGENT_BYTES = 500
/** Bytes of an API key. */
export const API_KEY_BYTES = 500
/** Bytes of a stored answer for an idempotency key, besides its body. */
export const ANSWER_BYTES = 300
