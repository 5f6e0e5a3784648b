import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/**
 * Loaded before a process whose memory is to be measured (`node --import`): on SIGUSR2 it collects its garbage, so that
 * what it holds can be told from what it has not swept up yet.
 */
setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')
process.on('SIGUSR2', collect)
