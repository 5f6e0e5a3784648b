import { SerializerSelector } from '@fastify/fast-json-stringify-compiler'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { components } from '../../schemas/index.js'

/**
 * Serializes answers with the schemas of the contract, as Fastify does by default, which compiles a serializer for each status
 * of each route: half a second at start. Most of them are the same few problems, so here equal schemas share one.
 */
export const serialization = fp(
  async (app: FastifyInstance) => {
    app.setSerializerCompiler(({ schema, method, url, httpStatus = '' }) => {
      const key = JSON.stringify(schema)
      const serialize = compiled.get(key) ?? compile({ schema, method, url, httpStatus })
      compiled.set(key, serialize)
      return serialize
    })
  },
  { name: 'serialization' },
)

const compile = SerializerSelector()(Object.fromEntries(components.map((schema) => [schema.$id, schema])), {})
const compiled = new Map<string, ReturnType<typeof compile>>()
