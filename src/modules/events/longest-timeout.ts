/** Milliseconds: what a timer can wait for; a longer time would pass for none. Source: Node.js documentation, `setTimeout`. */
export const LONGEST_TIMEOUT = 2 ** 31 - 1
