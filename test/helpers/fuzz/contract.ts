import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { createParser } from 'eventsource-parser'
import { parse as parseYaml } from 'yaml'

/** The subset of JSON Schema that the contract uses for requests. */
export interface Schema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly format?: string
  readonly pattern?: string
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Schema[]
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly items?: Schema
  readonly minItems?: number
  readonly maxItems?: number
  readonly uniqueItems?: boolean
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly examples?: readonly unknown[]
}

export interface Parameter {
  readonly in: 'path' | 'query' | 'header' | 'cookie'
  readonly name: string
  readonly required?: boolean
  readonly schema: Schema
}

type Content = Readonly<Record<string, { readonly schema?: Schema }>>

export interface Spec {
  readonly operationId: string
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly content: Content }
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>
  readonly security: readonly Readonly<Record<string, readonly string[]>>[]
}

export interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Spec>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
}

export interface Operation {
  readonly method: string
  readonly path: string
  readonly spec: Spec
}

/** The answer, as it went over the wire. */
export interface Response {
  readonly status: number
  readonly contentType: string | undefined
  readonly requestId: string | undefined
  readonly text: string
}

/** The allowed statuses where there is no operation. */
const NO_OPERATION = [400, 404, 405, 414, 429]

/** The served OpenAPI document, and its rules for answers. */
export class Contract {
  readonly operations: readonly Operation[]
  readonly #document: Document
  readonly #ajv = new Ajv2020({ strict: false, allErrors: true })
  readonly #yaml = new Map<string, unknown>()

  constructor(document: Document) {
    this.#document = document
    addFormats.default(this.#ajv)
    this.#ajv.addSchema({ ...document, $id: 'contract' })
    this.operations = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, spec]) => ({ method: method.toUpperCase(), path, spec })),
    )
  }

  /** Follows a reference to a component. */
  resolve(schema: Schema): Schema {
    const name = schema.$ref?.split('/').at(-1)
    return name === undefined ? schema : (this.#document.components.schemas[name] ?? schema)
  }

  /** A mutated path can match another operation, or none. HEAD is answered like GET. */
  operationAt(method: string, path: string): Operation | undefined {
    const asked = method === 'HEAD' ? 'GET' : method
    return this.operations.find((operation) => operation.method === asked && matches(operation.path, path))
  }

  /** @returns the violations of an answer; empty when it conforms to the contract */
  complaints(method: string, path: string, response: Response): string[] {
    const { status } = response
    if (status >= 500) return [`${status}: ${response.text}`]
    const operation = this.operationAt(method, path)
    const problems = status >= 400 && method !== 'HEAD' ? problemComplaints(response) : []
    if (response.requestId === undefined) problems.push('has no x-request-id')
    // Not every GET route supports HEAD.
    const isWithoutHead = method === 'HEAD' && status === 405
    if (operation && !isWithoutHead) return [...problems, ...this.#undeclared(operation, method, response)]
    return NO_OPERATION.includes(status) ? problems : [...problems, `${status} although no operation is there`]
  }

  #undeclared({ path, spec, method: declaredMethod }: Operation, method: string, response: Response): string[] {
    const { status, contentType, text } = response
    const declared = spec.responses[status]
    if (!declared) return [`${status} is not declared: ${text}`]
    if (method === 'HEAD') return []
    if (status === 204) return text === '' ? [] : [`204 with a body: ${text}`]
    const type = contentType?.split(';', 1)[0] ?? ''
    if (!declared.content?.[type]) return [`${status} as "${type}" is not declared`]
    const pointer = [
      'paths',
      path,
      declaredMethod.toLowerCase(),
      'responses',
      String(status),
      'content',
      type,
      'schema',
    ]
    const validate = this.#ajv.getSchema(`contract#/${pointer.map(escapePointer).join('/')}`)
    if (!validate) return [`${status} as "${type}" has no schema`]
    if (this.#read(type, text).every((value) => validate(value))) return []
    return [`${status} is not what its schema says: ${this.#ajv.errorsText(validate.errors)}: ${text}`]
  }

  /** The values of a body, each to be validated against the schema. */
  #read(type: string, text: string): unknown[] {
    if (isJson(type)) return [parse(text)]
    if (type === 'text/event-stream') return eventsOf(text)
    if (type !== 'application/yaml') return [text]
    // Compiling takes long, and the document is the same for each request.
    if (!this.#yaml.has(text)) this.#yaml.set(text, parseYaml(text))
    return [this.#yaml.get(text)]
  }
}

function problemComplaints({ status, contentType, requestId, text }: Response): string[] {
  if (contentType?.split(';', 1)[0] !== 'application/problem+json') return [`${status} is no problem: ${contentType}`]
  const body = parse(text)
  if (typeof body !== 'object' || body === null) return [`${status} has no problem: ${text}`]
  const found: Record<string, unknown> = { ...body }
  return [
    ...(found['status'] === status ? [] : [`the problem says ${found['status']}, the wire ${status}`]),
    ...(found['request_id'] === requestId ? [] : [`the problem has another request id than ${requestId}`]),
  ]
}

/** An empty segment in between reaches the route as well, which refuses it as an id. */
function matches(template: string, path: string): boolean {
  const pattern = template
    .replaceAll('.', '\\.')
    .replaceAll(/\{\w+\}(?=\/)/g, '[^/]*')
    .replace(/\{\w+\}$/, '[^/]+')
  return new RegExp(`^${pattern}/?$`).test(path)
}

/** RFC 6901, section 6: a JSON pointer as a URI fragment. */
function escapePointer(part: string): string {
  return encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))
}

function isJson(type: string): boolean {
  return /[/+]json$/.test(type)
}

/** The events received so far. */
function eventsOf(text: string): unknown[] {
  const events: unknown[] = []
  const parser = createParser({ onEvent: ({ event, data }) => events.push({ event, data: parse(data) }) })
  parser.feed(text)
  return events
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
