import { readFile } from 'node:fs/promises'
import { createConfig, lint } from '@redocly/openapi-core'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import t from 'tap'
import { parse } from 'yaml'
import { problemCodes } from '../schemas/problem.js'
import { startService } from './helpers/app.js'

const committed = new URL('../../schemas/generated/openapi.json', import.meta.url)

// biome-ignore lint/suspicious/noExplicitAny: the document is JSON, and the tests assert its shape
type Json = any

interface Operation {
  readonly name: string
  readonly path: string
  readonly method: string
  readonly spec: Json
}

/** Routes that serve files of Swagger UI; they are no part of the API. */
const isDocs = (path: string) => path === '/docs' || path.startsWith('/docs/')

/** The Model Context Protocol describes itself, by `tools/list`. */
const isMcp = (path: string) => path === '/mcp'

/** They ask for no credentials beforehand: they are given some to check. */
const CHECKS_CREDENTIALS = ['register', 'login', 'refreshSession']

const LIMIT_HEADERS = ['Retry-After', 'RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset']

t.test('the committed contract is the one that the service serves', async (t) => {
  const { request } = await startService(t)
  const served = await request('GET', '/openapi.json')
  t.equal(served.status, 200)
  t.strictSame(
    served.body,
    JSON.parse(await readFile(committed, 'utf8')),
    'run `npm run generate` and commit the result',
  )
  const yaml = await request('GET', '/openapi.yaml')
  t.match(yaml.headers['content-type'], 'application/yaml')
  t.match(yaml.body, /^openapi: 3\.1\.0/)
  t.strictSame(parse(yaml.body), served.body)
})

t.test('the contract passes a strict OpenAPI linter', async (t) => {
  const config = await createConfig({ extends: ['recommended-strict'] })
  const problems = await lint({ ref: committed.pathname, config })
  t.strictSame(
    problems.map(({ ruleId, message, location }) => `${ruleId}: ${message} at ${location[0]?.pointer}`),
    [],
  )
})

t.test('every route is in the contract, and nothing else is', async (t) => {
  const { app } = await startService(t)
  const served = [...app.methodsByPattern]
    .filter(([pattern]) => !isDocs(pattern) && !isMcp(pattern))
    .flatMap(([pattern, methods]) => [...methods].map((method) => `${method} ${pattern.replaceAll(/:(\w+)/g, '{$1}')}`))
    .filter((route) => !route.startsWith('HEAD '))
  const declared = operationsOf(app.swagger()).map(({ method, path }) => `${method.toUpperCase()} ${path}`)
  t.ok(served.length > 30, 'the routes are found')
  t.strictSame(served.sort(), declared.sort())
})

t.test('every operation says what a caller needs to know', async (t) => {
  const document: Json = JSON.parse(await readFile(committed, 'utf8'))
  const operations = operationsOf(document)
  const tags = document.tags.map((tag: Json) => tag.name)
  t.equal(new Set(operations.map(({ spec }) => spec.operationId)).size, operations.length, 'operation ids are unique')

  for (const { name, path, method, spec } of operations) {
    t.match(spec.operationId, /^[a-z]+([A-Z][a-z]+)*$/, `${name}: operationId is a camelCase verb and noun`)
    t.ok(spec.summary, `${name}: has a summary`)
    t.ok(spec.description, `${name}: has a description`)
    t.ok(spec.tags?.length === 1 && tags.includes(spec.tags[0]), `${name}: has one tag, a declared one`)
    t.ok(Array.isArray(spec.security), `${name}: says who may call`)

    const statuses = Object.keys(spec.responses)
    const successes = statuses.filter((status) => status.startsWith('2'))
    t.equal(successes.length, 1, `${name}: has one kind of success`)
    for (const status of ['408', '414', '431', '500', '503'])
      t.ok(statuses.includes(status), `${name}: declares ${status}`)
    t.ok(
      statuses.some((status) => status.startsWith('4')),
      `${name}: declares a 4xx`,
    )
    t.notMatch(spec.description, /(For .*\.) \1/, `${name}: says so once`)
    if (method === 'get') t.notOk(statuses.includes('413'), `${name}: takes no body that could be too large`)
    for (const status of spec.requestBody ? ['400', '413', '415'] : []) {
      t.ok(statuses.includes(status), `${name}: has a body, so it declares ${status}`)
    }
    if (path.includes('{')) t.ok(statuses.includes('404'), `${name}: names a thing, so it declares 404`)
    const isProtected = spec.security.some((scheme: Json) => 'userToken' in scheme || 'apiKey' in scheme)
    for (const status of isProtected ? ['401', '403', '429'] : []) {
      t.ok(statuses.includes(status), `${name}: needs credentials, so it declares ${status}`)
    }
    if (CHECKS_CREDENTIALS.includes(spec.operationId)) {
      t.ok(statuses.includes('429'), `${name}: checks credentials, so it declares 429`)
    }
    const limitHeaders = Object.keys(spec.responses['429']?.headers ?? {})
    t.strictSame(limitHeaders, statuses.includes('429') ? LIMIT_HEADERS : [], `${name}: a 429 says when to go on`)
    for (const status of statuses) {
      const content: Json = spec.responses[status].content
      t.not(spec.responses[status].description, 'Default Response', `${name} ${status}: is described`)
      if (['204', '304'].includes(status)) t.equal(content, undefined, `${name} ${status}: has no content`)
      else if (successes.includes(status)) t.ok(hasSchema(content), `${name} ${status}: has a schema`)
      else t.ok(content?.['application/problem+json']?.schema, `${name} ${status}: is a problem`)
    }
    const body = spec.requestBody?.content['application/json']?.schema
    if (body) t.ok(hasExample(document, body), `${name}: its body has an example`)
    t.ok(
      successes.every((status) =>
        (Object.values(spec.responses[status].content ?? {}) as Json[]).every(hasExampleIn(document)),
      ),
      `${name}: its answer has an example`,
    )
  }
})

t.test('the parameters of an operation have names that differ in every language', async (t) => {
  for (const { name, spec } of operationsOf(JSON.parse(await readFile(committed, 'utf8')))) {
    const names: string[] = (spec.parameters ?? []).map((parameter: Json) => nameWithoutStyle(parameter.name))
    t.strictSame(names, [...new Set(names)], name)
  }
})

t.test('each event of a stream is a component, which the answer refers to', async (t) => {
  const { paths, components }: Json = JSON.parse(await readFile(committed, 'utf8'))
  const events: string[] = components.schemas.StreamEvent.anyOf.map((event: Json) => event.$ref.split('/').at(-1))
  t.equal(events.length, 10)
  for (const event of events) {
    const { properties, required } = components.schemas[event]
    t.strictSame(required, ['event', 'data'], event)
    t.match(properties, { event: { enum: [String] }, data: { $ref: /^#\/components\/schemas\/\w+Event$/ } }, event)
  }
  const streams = operationsOf({ paths }).filter(({ spec }) => spec.responses['200']?.content?.['text/event-stream'])
  t.equal(streams.length, 2)
  for (const { name, spec } of streams) {
    const { schema } = spec.responses['200'].content['text/event-stream']
    t.strictSame(schema, { $ref: '#/components/schemas/StreamEvent' }, name)
  }
})

t.test('every named component has an example, and its schema is used', async (t) => {
  const text = await readFile(committed, 'utf8')
  for (const [name, schema] of Object.entries<Json>(JSON.parse(text).components.schemas)) {
    t.ok(schema.examples?.length, `${name}: has an example`)
    t.ok(text.includes(`"#/components/schemas/${name}"`), `${name}: is referred to`)
  }
})

t.test('the examples are what the schemas say', async (t) => {
  const document: Json = JSON.parse(await readFile(committed, 'utf8'))
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  addFormats.default(ajv)
  ajv.addSchema({ ...document, $id: 'contract' })
  for (const [name, schema] of Object.entries<Json>(document.components.schemas)) {
    const validate = ajv.getSchema(`contract#/components/schemas/${name}`)
    for (const example of schema.examples) t.ok(validate?.(example), `${name}: ${ajv.errorsText(validate?.errors)}`)
  }
})

t.test('the list of problem codes is closed', async (t) => {
  const document: Json = JSON.parse(await readFile(committed, 'utf8'))
  t.strictSame(document.components.schemas.Problem.properties.code.enum, [...problemCodes])
})

function operationsOf(document: Json): Operation[] {
  return Object.entries<Json>(document.paths).flatMap(([path, item]) =>
    Object.entries<Json>(item).map(([method, spec]) => ({
      name: `${method.toUpperCase()} ${path}`,
      path,
      method,
      spec,
    })),
  )
}

/** `Last-Event-ID`, `lastEventId` and `last_event_id` are one name to generators. */
function nameWithoutStyle(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9]/g, '').toLowerCase()
}

function hasSchema(content: Json): boolean {
  const media: Json[] = Object.values(content ?? {})
  return media.length === 1 && media[0].schema !== undefined
}

function hasExampleIn(document: Json): (media: Json) => boolean {
  return (media: Json) =>
    media.example !== undefined || media.examples !== undefined || hasExample(document, media.schema)
}

function hasExample(document: Json, schema: Json): boolean {
  if (schema.examples || schema.example) return true
  if (schema.items) return hasExample(document, schema.items)
  const name = schema.$ref?.split('/').at(-1)
  return name !== undefined && hasExample(document, document.components.schemas[name])
}
