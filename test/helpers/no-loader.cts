import nodeModule = require('node:module')

/**
 * Runs before each test file (tap's `node-arg`). To measure coverage, tap sends all imports of the file through a loader in a
 * second thread, which takes a third of the processor time of a short file. Without coverage the loader is not needed, so this
 * hides the function that tap registers it with.
 */
if (process.env['TAP_DISABLE_COVERAGE'] === '1')
  Object.assign(nodeModule, { register: () => {}, registerHooks: () => {} })
