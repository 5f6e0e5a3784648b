/**
 * Milliseconds after which a test gives up waiting for what should come. Generous, as machines are shared and a test that
 * passes does not wait for it: a failure, not a measurement.
 */
export const WAIT_TIMEOUT_MS = 90_000
