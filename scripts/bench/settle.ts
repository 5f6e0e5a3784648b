import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/**
 * Preloaded into a process that is measured for memory (`node --import`): on SIGUSR2 it collects its garbage, so that live
 * memory can be told from garbage.
 */
setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')
process.on('SIGUSR2', collect)
