import { Type } from '@sinclair/typebox'
import type { Database } from '../../../db/client.js'
import { ref } from '../../../schemas/common.js'
import { Health, Readiness, ServiceInfo } from '../../../schemas/system.js'
import { problem, version } from '../../contract/openapi.js'
import { ProblemError } from '../../errors.js'
import type { Routes } from '../../routes.js'

const tags = ['System']
const security: [] = []

/** The schema of the OpenAPI document does not describe it any further. */
const document = Type.Unsafe<unknown>({ type: 'object', additionalProperties: true, examples: [{ openapi: '3.1.0' }] })

const headers = {
  ETag: { type: 'string', description: 'Names this very document, for `If-None-Match`.' },
}
const unchanged = Type.Null({ description: 'The document is the one that `If-None-Match` names.', headers })

/** Routes for operators, and for a first visit of the service's URL. */
export async function systemRoutes(app: Routes, { database }: { readonly database: Database }): Promise<void> {
  app.get(
    '/',
    {
      schema: {
        operationId: 'getServiceInfo',
        summary: 'What this is',
        description: 'The name, the version, and where to go on.',
        tags,
        security,
        response: { 200: ref(ServiceInfo, { description: 'Name, version and links.' }) },
      },
    },
    async () => ({
      name: 'signalbox',
      version,
      links: { docs: '/docs', openapi: '/openapi.json', health: '/health', ready: '/ready' },
    }),
  )

  app.get(
    '/health',
    {
      config: { neverShed: true, uncounted: true },
      schema: {
        operationId: 'getHealth',
        summary: 'Is the process alive?',
        description: 'Always 200 while the process answers. Restart it when it does not.',
        tags,
        security,
        response: { 200: ref(Health, { description: 'It is alive.' }) },
      },
    },
    async () => ({ status: 'healthy' as const }),
  )

  app.get(
    '/ready',
    {
      config: { uncounted: true },
      schema: {
        operationId: 'getReadiness',
        summary: 'Can it serve?',
        description: 'Send traffic while this is 200.',
        tags,
        security,
        response: {
          200: ref(Readiness, { description: 'PostgreSQL answers and its migrations are current.' }),
          503: problem(503, 'PostgreSQL does not answer, or its migrations are not current; `detail` says which.'),
        },
      },
    },
    async () => {
      if (!(await database.isCurrent())) {
        throw new ProblemError('unavailable', 'The migrations of the database are not current', {
          headers: { 'retry-after': '2' },
        })
      }
      return { status: 'ready' as const }
    },
  )

  app.get(
    '/openapi.json',
    {
      schema: {
        operationId: 'getOpenApiJson',
        summary: 'The contract, as JSON',
        description: 'The OpenAPI 3.1 document of this service.',
        tags,
        security,
        response: { 200: { ...document, description: 'The OpenAPI document.', headers }, 304: unchanged },
      },
    },
    async (request, reply) => app.contract.json.send(request, reply),
  )

  app.get(
    '/openapi.yaml',
    {
      schema: {
        operationId: 'getOpenApiYaml',
        summary: 'The contract, as YAML',
        description: 'The OpenAPI 3.1 document of this service.',
        tags,
        security,
        response: {
          200: {
            description: 'The OpenAPI document.',
            headers,
            // As with JSON: validation applies to the parsed document.
            content: { 'application/yaml': { schema: document } },
          },
          304: unchanged,
        },
      },
    },
    async (request, reply) => app.contract.yaml.send(request, reply),
  )
}
