import type { FastifyInstance } from 'fastify'

/** What a background service needs of the app: to start and stop with it, and to write to its log. */
export type Lifecycle = Pick<FastifyInstance, 'addHook' | 'log'>
