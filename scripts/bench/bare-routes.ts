import { Type } from '@sinclair/typebox'
import Fastify from 'fastify'
import pg from 'pg'
import { Instance, InstanceDetail } from '../../schemas/agent-instances.js'
import { ref } from '../../schemas/common.js'
import { components } from '../../schemas/index.js'
import type { Superuser } from './service.js'

/** A statement of the service, which `prepare` turns into a named prepared statement of node-postgres. */
export interface CapturedQuery {
  readonly sql: string
  readonly parameters: readonly unknown[]
}

/** Configuration that this process gets at its start. */
export interface BareRoutes {
  readonly superuser: Superuser
  readonly pool: number
  /** Placeholder in the parameters for the id that a request asks for. */
  readonly placeholder: string
  readonly detail: CapturedQuery
  readonly messages: CapturedQuery
  /** Reads one run more than the page holds. */
  readonly list: CapturedQuery
  readonly listLength: number
}

// No process outlives the benchmark.
process.once('disconnect', () => process.exit())

/**
 * A minimal server with the answers of the service: its SQL by node-postgres, without row-level security, and Fastify with the
 * serializers of the contract. No authentication, no validation.
 */
process.once('message', ({ superuser, pool: max, placeholder, listLength, ...queries }: BareRoutes) => {
  const pool = new pg.Pool({ ...superuser, max })
  pool.on('error', () => {})
  const run = async (name: keyof typeof queries, id?: string) => {
    const { sql, parameters } = queries[name]
    const values = parameters.map((value) => (value === placeholder ? id : value))
    return (await pool.query({ name, text: sql, values })).rows
  }

  const app = Fastify()
  for (const component of components) app.addSchema(component)
  app.get<{ Params: { id: string } }>(
    '/agent-instances/:id',
    { schema: { response: { 200: ref(InstanceDetail) } } },
    async ({ params: { id } }) => {
      const [instance] = await run('detail', id)
      const messages = (await run('messages', id)).reverse()
      return { ...instance, messages, access_level: 'WRITE', is_owner: true }
    },
  )
  app.get('/agent-instances', { schema: { response: { 200: Type.Array(ref(Instance)) } } }, async () =>
    (await run('list')).slice(0, listLength),
  )
  app.listen({ port: 0, host: '127.0.0.1' }).then((url) => process.send?.({ port: Number(new URL(url).port) }))
})
