/**
 * Options of a DataLoader that combines the look-ups of requests which arrive together. The library's own schedule would
 * combine those of one request only: each socket that is read in an iteration of the event loop is a tick of its own.
 */
export const TOGETHER = {
  batchScheduleFn: (callback: () => void): void => {
    setImmediate(callback)
  },
  maxBatchSize: 500,
} as const
