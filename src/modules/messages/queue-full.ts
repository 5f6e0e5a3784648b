/** The contract's description of a 409 for a full queue. */
export const QUEUE_FULL = '1,000 messages or 8 MiB wait for the agent already (`queue_full`)'
