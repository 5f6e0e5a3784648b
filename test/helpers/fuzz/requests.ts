import fc, { type Arbitrary } from 'fast-check'
import type { Contract, Operation, Parameter, Schema } from './contract.js'
import { broken, hostileText, valid } from './values.js'
import { COOKIE_PLACEHOLDER, CREDENTIALS, placeholderFor } from './world.js'

/** A request as text. Placeholders in double braces are filled in when it is sent. */
export interface FuzzedRequest {
  readonly method: string
  /** Percent-encoded, without the query. */
  readonly path: string
  /** Percent-encoded, with its question mark; or empty. */
  readonly query: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
  readonly bytes: 'utf8' | 'latin1'
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND']

/** Parts of URLs that are possible although no encoder writes them. */
const rawUrlText = fc.constantFrom(
  '%',
  '%ff',
  '%00',
  '%ED%A0%80',
  '%2e%2e%2f',
  '..',
  '%2F',
  ';a=b',
  '+',
  '%F0%9F%92%A9',
)

const rawQueries = fc.constantFrom(
  '?',
  '?&&=&',
  '?limit',
  '?limit[]=1&limit[x]=2',
  '?__proto__=1&constructor=2',
  '?%00=1',
  '?a=%ff',
  '?limit=1&limit=2',
  '?cursor=AAAA',
  '?cursor=%00',
  '?token=x&token=y',
  `?${'a=b&'.repeat(500)}`,
)

const rawBodies = fc.constantFrom(
  '',
  ' ',
  '{',
  'null',
  'true',
  '"text"',
  '[]',
  '{}x',
  '{"a":1,}',
  "{'a':1}",
  '{"a":NaN}',
  '{"content":1e999}',
  '{"name":"a","name":"b"}',
  '{"__proto__":{"x":1}}',
  '{"constructor":{"prototype":{"x":1}}}',
  '\ufeff{}',
  '\xff\xfe{}',
  '{"content":"\xff"}',
  'a=b&c=d',
  '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]><x>&y;</x>',
  '['.repeat(50_000),
  `{"content":"${'x'.repeat(1024 * 1024)}"}`,
)

const contentTypes = fc.constantFrom(
  'application/json',
  'application/json; charset=utf-8',
  'application/json; charset=utf-16',
  'APPLICATION/JSON',
  'application/problem+json',
  'text/json',
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/xml',
  '*/*',
  ';',
  'x',
  '',
)

/** The characters that HTTP allows in a header: visible ASCII, spaces, and opaque bytes. */
const headerText = fc.oneof(
  fc.constantFrom(
    '',
    '0',
    '-1',
    '1',
    '9'.repeat(10),
    '9'.repeat(50),
    'x'.repeat(255),
    'x'.repeat(256),
    'é',
    '*',
    ', ,',
  ),
  fc.string({ unit: fc.constantFrom(...'az09 !"#%&\'()*,-./:;<=>?@[\\]^_`{|}~\xa0\xe9\xff') }),
)

const oddHeaders = fc.dictionary(
  fc.constantFrom(
    'last-event-id',
    'idempotency-key',
    'x-request-id',
    'x-forwarded-for',
    'x-forwarded-proto',
    'forwarded',
    'accept',
    'accept-encoding',
    'if-none-match',
    'if-modified-since',
    'range',
    'origin',
    'referer',
    'cookie',
    'x-http-method-override',
    'prefer',
  ),
  headerText,
  { maxKeys: 3 },
)

/** Requests for one operation: about a third follow the contract, the others have something broken. */
export function requestsFor(contract: Contract, operation: Operation): Arbitrary<FuzzedRequest> {
  const wellFormed = assemble(validParts(contract, operation))
  const malformed = fc
    .subarray(['method', 'path', 'query', 'headers', 'credentials', 'body'] as const, { minLength: 1, maxLength: 2 })
    .chain((broken) => assemble(brokenParts(contract, operation, new Set(broken))))
  return fc.oneof({ weight: 1, arbitrary: wellFormed }, { weight: 2, arbitrary: malformed })
}

interface Parts {
  readonly method: Arbitrary<string>
  readonly path: Arbitrary<string>
  readonly query: Arbitrary<string>
  readonly headers: Arbitrary<Record<string, string>>
  readonly credentials: Arbitrary<Record<string, string>>
  readonly body: Arbitrary<Pick<FuzzedRequest, 'body' | 'bytes'> & { readonly headers: Record<string, string> }>
}

function assemble(parts: Parts): Arbitrary<FuzzedRequest> {
  return fc.record({ ...parts }).map(({ method, path, query, headers, credentials, body }) => ({
    method,
    path,
    query,
    headers: { ...body.headers, ...credentials, ...headers },
    body: body.body,
    bytes: body.bytes,
  }))
}

function validParts(contract: Contract, { method, path, spec }: Operation): Parts {
  const parameters = (place: Parameter['in']) => (spec.parameters ?? []).filter((parameter) => parameter.in === place)
  const schema = bodySchema({ method, path, spec })
  return {
    method: fc.constant(method),
    path: pathOf(path, parameters('path'), ({ name, schema }) =>
      valid(contract, schema, path, placeholderFor(name, path)).map(encode),
    ),
    query: values(contract, parameters('query'), path).map((query) => {
      const pairs = Object.entries(query).map(([name, value]) => `${encode(name)}=${encode(value)}`)
      return pairs.length > 0 ? `?${pairs.join('&')}` : ''
    }),
    headers: values(contract, parameters('header'), path),
    credentials: fc.constantFrom(...credentialsFor(spec)),
    body: schema
      ? valid(contract, schema, path).map(asJson)
      : fc.constant({ headers: {}, body: undefined, bytes: 'utf8' }),
  }
}

/** The valid parts, with the named ones broken. */
function brokenParts(contract: Contract, operation: Operation, which: ReadonlySet<keyof Parts>): Parts {
  const { path, spec } = operation
  const parts = validParts(contract, operation)
  const names = (spec.parameters ?? []).filter(({ in: place }) => place === 'query').map(({ name }) => name)
  const inUrl = fc.oneof(rawUrlText, hostileText.map(encode))
  const broken: Partial<Parts> = {
    method: fc.constantFrom(...METHODS),
    path: pathOf(
      path,
      (spec.parameters ?? []).filter(({ in: place }) => place === 'path'),
      () => inUrl,
    ),
    query: fc.oneof(rawQueries, brokenQuery(names, inUrl)),
    headers: oddHeaders,
    credentials: badCredentials(parts.credentials),
    body: brokenBody(contract, bodySchema(operation), path),
  }
  return { ...parts, ...Object.fromEntries([...which].map((part) => [part, broken[part] ?? parts[part]])) }
}

function brokenQuery(names: string[], text: Arbitrary<string>): Arbitrary<string> {
  const pair = fc.tuple(fc.constantFrom('unknown', ...names), text).map(([name, value]) => `${name}=${value}`)
  return fc.array(pair, { minLength: 1, maxLength: 4 }).map((pairs) => `?${pairs.join('&')}`)
}

function badCredentials(good: Arbitrary<Record<string, string>>): Arbitrary<Record<string, string>> {
  const authorization = fc.oneof(
    fc.constantFrom(...Object.values(CREDENTIALS)),
    fc.constantFrom(
      'Bearer',
      'Bearer  ',
      'Basic YTpi',
      `Bearer sbx_${'0'.repeat(49)}`,
      'Bearer e30.e30.e30',
      'Bearer .',
    ),
    headerText.map((text) => `Bearer ${text}`),
    headerText,
  )
  const cookie = fc.oneof(
    headerText,
    headerText.map((text) => `${COOKIE_PLACEHOLDER.slice(0, -2)}${text}`),
  )
  return fc.oneof(
    fc.constant({}),
    fc.record({ authorization }),
    fc.tuple(good, fc.record({ cookie })).map(([headers, more]) => ({ ...headers, ...more })),
  )
}

function brokenBody(contract: Contract, schema: Schema | undefined, path: string): Parts['body'] {
  const json = broken(contract, schema ?? {}, path).map(asJson)
  const typed = fc.record({
    headers: contentTypes.map((type): Record<string, string> => ({ 'content-type': type })),
    body: fc.oneof(rawBodies, schema ? valid(contract, schema, path).map((value) => JSON.stringify(value)) : rawBodies),
    bytes: fc.constantFrom('utf8', 'latin1'),
  })
  const empty = fc.constantFrom({}, { 'content-type': 'application/json' })
  return fc.oneof(
    { weight: 3, arbitrary: json },
    { weight: 2, arbitrary: typed },
    {
      weight: 1,
      arbitrary: empty.map((headers) => ({ headers: { ...headers }, body: undefined, bytes: 'utf8' as const })),
    },
  )
}

/** Credentials for an operation, by the schemes that it declares. */
function credentialsFor({ security }: Operation['spec']): Record<string, string>[] {
  const schemes: Record<string, Record<string, string>> = {
    userToken: { authorization: CREDENTIALS.person },
    apiKey: { authorization: CREDENTIALS.agent },
    refreshCookie: { cookie: COOKIE_PLACEHOLDER },
  }
  const named = security.flatMap((item) => Object.keys(item)).map((scheme) => schemes[scheme] ?? {})
  return named.length > 0 ? named : [{}]
}

function bodySchema({ spec }: Operation): Schema | undefined {
  return spec.requestBody?.content['application/json']?.schema
}

/** Seconds. Nothing comes in that time, so longer polls would only make the tests slower. */
const LONGEST_WAIT = 1

/** Values for the required fields, and for some of the others, as text. */
function values(contract: Contract, parameters: readonly Parameter[], path: string): Arbitrary<Record<string, string>> {
  const fields = parameters.map(({ name, schema }) => [
    name,
    valid(
      contract,
      name === 'wait' ? { ...schema, maximum: LONGEST_WAIT } : schema,
      path,
      placeholderFor(name, path),
    ).map(String),
  ])
  const model: Record<string, Arbitrary<string>> = Object.fromEntries(fields)
  const requiredKeys = parameters.filter(({ required }) => required).map(({ name }) => name)
  return fc.record(model, { requiredKeys })
}

function pathOf(
  template: string,
  parameters: readonly Parameter[],
  value: (parameter: Parameter) => Arbitrary<string>,
): Arbitrary<string> {
  const model: Record<string, Arbitrary<string>> = Object.fromEntries(parameters.map((p) => [p.name, value(p)]))
  return fc.record(model).map((found) => template.replaceAll(/\{(\w+)\}/g, (_, name) => found[name] ?? ''))
}

function asJson(value: unknown): { headers: Record<string, string>; body: string; bytes: 'utf8' } {
  return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(value), bytes: 'utf8' }
}

/** Percent-encodes, but leaves placeholders readable; a lone surrogate has no encoding. */
function encode(value: unknown): string {
  const text = String(value)
  return /^\{\{[a-z -]+\}\}$/.test(text) ? text : encodeURIComponent(text.toWellFormed())
}
