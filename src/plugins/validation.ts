import { Ajv, type AnySchema, type Options, type ValidateFunction } from 'ajv'
import addFormats from 'ajv-formats'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { components } from '../../schemas/index.js'

/** Only the form that PostgreSQL reads and writes: ajv-formats would accept a `urn:uuid:` prefix too. */
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/**
 * Validates requests with the schemas of the contract. Bodies are not converted: "1" is not a number. Queries and parameters
 * arrive as text and are converted. Nothing is removed: each object schema states whether it accepts unknown fields.
 */
export const validation = fp(
  async (app: FastifyInstance) => {
    for (const schema of components) app.addSchema(schema)
    app.setValidatorCompiler(({ schema, httpPart }) => (httpPart === 'body' ? exact(schema) : coercing(schema)))
  },
  { name: 'validation' },
)

const exact = compiler({ coerceTypes: false })
/**
 * With strict numbers, Ajv converts "Infinity" and "1e999" and then skips their limits, as it does not consider them numbers.
 * "NaN" it does not convert.
 */
const coercing = compiler({ coerceTypes: true, strictNumbers: false })

/** @returns a function that compiles a schema, each one once per process: most routes share parts with others */
function compiler(options: Options): (schema: AnySchema) => ValidateFunction {
  const ajv = new Ajv({ useDefaults: true, allErrors: false, strict: true, allowUnionTypes: true, ...options })
  // ajv-formats is CommonJS; under NodeNext its default export is the module object.
  addFormats.default(ajv)
  ajv.addFormat('uuid', UUID)
  ajv.addSchema(components)
  const compiled = new Map<string, ValidateFunction>()
  return (schema) => {
    const key = JSON.stringify(schema)
    const validate = compiled.get(key) ?? ajv.compile(schema)
    compiled.set(key, validate)
    return validate
  }
}
