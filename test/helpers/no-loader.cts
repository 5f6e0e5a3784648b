import nodeModule = require('node:module')

/**
 * Runs before each test file (tap's `node-arg`). To know what a test covers, tap sends all that the file imports through a
 * loader in a second thread; that takes a third of the processor time of a short file. Without coverage nobody asks for it,
 * so tap finds nothing to register it with.
 */
if (process.env['TAP_DISABLE_COVERAGE'] === '1')
  Object.assign(nodeModule, { register: () => {}, registerHooks: () => {} })
