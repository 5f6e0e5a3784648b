/**
 * The longest delay of a timer, in milliseconds; a longer one fires at once. Source: Node.js documentation,
 * `setTimeout`.
 */
export const LONGEST_TIMEOUT = 2 ** 31 - 1
