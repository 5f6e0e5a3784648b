import { readFileSync } from 'node:fs'
import { STATUS_CODES } from 'node:http'
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import { KindGuard } from '@sinclair/typebox'
import type { FastifyInstance, FastifySchema, RouteOptions } from 'fastify'
import fp from 'fastify-plugin'
import { isDescribed, ref } from '../../schemas/common.js'
import { Problem, type ProblemCode } from '../../schemas/problem.js'
import { notFound } from '../errors.js'
import { docsPolicy } from '../plugins/security-headers.js'
import { serveDocsFiles } from './docs-files.js'
import { contractDocuments } from './documents.js'

// The contract's metadata of each operation. Without any of these, a test over all routes fails.
declare module 'fastify' {
  interface FastifySchema {
    operationId?: string
    summary?: string
    description?: string
    tags?: readonly string[]
    security?: readonly Record<string, readonly string[]>[]
    hide?: boolean
  }
}

const tags = [
  { name: 'Agent messaging', description: 'How agents report steps, ask questions and collect what people wrote.' },
  { name: 'Agent instances', description: 'The runs of agents: their chat, status and diff.' },
  { name: 'Live', description: 'Server-sent events.' },
  { name: 'Agent types', description: 'The kinds of agents, as monitoring sees them.' },
  { name: 'User agents', description: 'The kinds of agents, as configuration sees them.' },
  { name: 'Webhooks', description: 'Being told of events by HTTP.' },
  { name: 'Accounts', description: 'People: sign-up, sign-in and profile.' },
  { name: 'API keys', description: 'Credentials that people mint for their agents.' },
  { name: 'System', description: 'Health, and the contract itself.' },
]

const securitySchemes = {
  userToken: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description:
      'A person: the `access_token` that `POST /api/v1/auth/login` answers with, or a token of the OpenID provider ' +
      'that the server trusts.',
  },
  apiKey: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'sbx_…',
    description: 'An agent: an API key that `POST /api/v1/auth/api-keys` answered with.',
  },
  refreshCookie: {
    type: 'apiKey',
    in: 'cookie',
    name: 'signalbox_refresh',
    description: 'The refresh token that login sets as an HttpOnly cookie; over https `__Host-signalbox_refresh`.',
  },
} as const

/** The condition for each error status, unless a route says it better, and an example code. */
const problems = {
  400: { code: 'invalid_request', when: 'The request is malformed; `errors` names the fields.' },
  401: { code: 'invalid_token', when: 'Credentials are missing, wrong or expired.' },
  403: { code: 'wrong_credential_kind', when: 'These credentials may not do this.' },
  404: { code: 'not_found', when: 'There is no such thing, or it is not yours.' },
  409: { code: 'already_exists', when: 'It clashes with what is there.' },
  408: { code: 'request_timeout', when: 'The request took too long to arrive.' },
  410: {
    code: 'instance_deleted',
    when: 'The run was deleted: its agent is to stop. For 90 days no run is made under its id.',
  },
  413: { code: 'body_too_large', when: 'The body is too large.' },
  414: { code: 'uri_too_long', when: 'The URL is longer than 8 KiB, or an id in it too long.' },
  415: { code: 'unsupported_media_type', when: 'The body is not `application/json`.' },
  422: { code: 'idempotency_key_reused', when: 'The `Idempotency-Key` was used for another request.' },
  424: { code: 'webhook_connection_failed', when: 'The webhook could not be called, or did not accept the call.' },
  429: {
    code: 'rate_limited',
    when:
      'Too many requests, or too many bytes of the account under way at once (`too_much_at_once`): 32 MiB of bodies, or ' +
      'of answers that are not read. `Retry-After` says when to go on.',
  },
  431: { code: 'headers_too_large', when: 'The headers are larger than 16 KiB, or more than 100.' },
  500: { code: 'internal_error', when: 'An error of the service; nothing about it is shown.' },
  503: {
    code: 'unavailable',
    when: 'The database or the OpenID provider is away, or the service has too much to do; see `Retry-After`.',
  },
  507: {
    code: 'storage_quota_exceeded',
    when: 'The account stores as much as it may. Sending it again does not help; deleting runs does.',
  },
} as const satisfies Record<number, { code: ProblemCode; when: string }>

/** Successful answers carry the same headers except `Retry-After`, where a limit applies. */
const rateLimitHeaders = {
  'Retry-After': { type: 'integer', description: 'Seconds to wait.' },
  'RateLimit-Limit': { type: 'integer', description: 'How many requests a minute may have.' },
  'RateLimit-Remaining': { type: 'integer', description: 'How many are left of them.' },
  'RateLimit-Reset': { type: 'integer', description: 'Seconds until the next minute begins.' },
}

/** The version of the service, as package.json has it. */
export const version: string = JSON.parse(
  readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'),
).version

/** Collects every route's schema into one OpenAPI document, and serves it. */
export const openapi = fp(
  async (app: FastifyInstance) => {
    app.addHook('onRoute', declareProblems)
    await app.register(swagger, {
      openapi: {
        openapi: '3.1.0',
        info: {
          title: 'Signalbox',
          version,
          description:
            'The backend of a control room for AI agents. Agents report steps and ask questions with an API key; ' +
            'people watch, answer and steer with a user token. Text must not contain NUL characters or lone surrogates, ' +
            'unless its field says what becomes of them.',
          license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
        },
        servers: [{ url: '/', description: 'This service' }],
        tags,
        components: { securitySchemes },
      },
      transform: ({ schema, url }) => ({ schema: describedPart(schema), url }),
      refResolver: { buildLocalReference: (json, _base, _fragment, i) => `${json['$id'] ?? `def-${i}`}` },
    })
    await app.register(contractDocuments)
    await app.register(async (docs) => {
      docs.addHook('onRoute', serveFromMemory)
      serveDocsFiles(docs, DOCS_FILES)
      await docs.register(swaggerUi, {
        routePrefix: '/docs',
        theme: { title: 'Signalbox API' },
        uiConfig: { deepLinking: true, layout: 'BaseLayout', persistAuthorization: true, tryItOutEnabled: true },
        staticCSP: docsPolicy,
      })
    })
  },
  { name: 'openapi' },
)

/** Where Swagger UI requests its files. */
const DOCS_FILES = '/docs/static/'

/** Swagger UI would serialize the contract for each request, and open a file. */
function serveFromMemory(this: FastifyInstance, route: RouteOptions): void {
  const { contract } = this
  if (route.url === '/docs/json') route.handler = (request, reply) => contract.json.send(request, reply)
  if (route.url === '/docs/yaml') route.handler = (request, reply) => contract.yaml.send(request, reply)
  // Every file has a route of its own.
  if (route.url === `${DOCS_FILES}*`) route.handler = nothingThere
  else if (route.url.startsWith(DOCS_FILES)) route.config = { ...route.config, uncounted: true }
}

async function nothingThere(): Promise<never> {
  throw notFound('File')
}

/** @returns a route's schema without the query parameters that are left undocumented */
function describedPart(schema: FastifySchema): FastifySchema {
  const { querystring } = schema
  if (!KindGuard.IsObject(querystring)) return schema
  const properties = Object.entries(querystring.properties).filter(([, property]) => isDescribed(property))
  return { ...schema, querystring: { ...querystring, properties: Object.fromEntries(properties) } }
}

/** Declares the problems that follow from a route's properties; a route declares those of its own rules itself. */
function declareProblems(route: RouteOptions): void {
  const { schema } = route
  if (!schema || schema.hide || isShadow(route)) return
  const declared = (schema.response ?? {}) as Record<string, unknown>
  const implied = Object.fromEntries(problemsOf(route, schema).map((status) => [status, problem(status)]))
  schema.response = { ...implied, ...declared }
}

/** Fastify makes a HEAD route of each GET route, with the very same schema, which is already complete. */
export function isShadow({ method }: RouteOptions): boolean {
  return method === 'HEAD'
}

/** An unreadable query or body is refused also where none is expected. */
function problemsOf({ method, config }: RouteOptions, schema: FastifySchema): (keyof typeof problems)[] {
  const statuses: (keyof typeof problems)[] = [400, 408, 414, 431, 500, 503]
  if (method !== 'GET') statuses.push(413, 415)
  if (schema.params) statuses.push(404)
  if (!config?.uncounted) statuses.push(429)
  return statuses
}

/** @returns the response schema of one error status, with a description of its condition, and an example */
export function problem(status: keyof typeof problems, description: string = problems[status].when) {
  const example = {
    type: 'about:blank',
    title: STATUS_CODES[status],
    status,
    detail: description.replaceAll('`', ''),
    code: problems[status].code,
    request_id: '0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11',
  }
  const content = { 'application/problem+json': { schema: ref(Problem), example } }
  return status === 429 ? { description, headers: rateLimitHeaders, content } : { description, content }
}
