/** What the contract says of a 409 when too much waits for an agent. */
export const QUEUE_FULL = '1,000 messages or 8 MiB wait for the agent already (`queue_full`)'
