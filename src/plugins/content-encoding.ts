import { Transform, type TransformCallback } from 'node:stream'
import { createGunzip, createInflate, type Gunzip, type Inflate } from 'node:zlib'
import type { FastifyInstance, FastifyRequest, RequestPayload } from 'fastify'
import fp from 'fastify-plugin'
import { ProblemError } from '../errors.js'
import { bodyTooLarge } from './body-schema.js'

/** `x-gzip` is another name for gzip. Source: RFC 9110, section 8.4.1.3. */
const DECODERS: ReadonlyMap<string, () => Gunzip | Inflate> = new Map([
  ['gzip', createGunzip],
  ['x-gzip', createGunzip],
  ['deflate', createInflate],
])

/**
 * Decodes bodies that are sent with `Content-Encoding: gzip` or `deflate`, on every route. A route's limit applies to the
 * decoded body, and decoding stops there: a body that unpacks to gigabytes is never unpacked. `@fastify/compress` would unpack
 * it to its end.
 */
export const contentEncoding = fp(
  async (app: FastifyInstance) => {
    app.addHook('preParsing', (request, _reply, payload, next) => {
      const encoding = request.headers['content-encoding']?.trim().toLowerCase() || 'identity'
      if (encoding === 'identity' || !hasBody(request)) return next(null, payload)
      const decoder = DECODERS.get(encoding)?.()
      if (!decoder) return next(unknownEncoding(encoding))
      next(null, decode(payload, decoder, request))
    })
  },
  { name: 'content-encoding', dependencies: ['errors'] },
)

/** Source: RFC 9112, section 6: either header announces a body. */
function hasBody({ headers }: FastifyRequest): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

/** Source: RFC 9110, section 15.5.16: `Accept-Encoding` lists the accepted encodings. */
function unknownEncoding(encoding: string): ProblemError {
  return new ProblemError(
    'unsupported_media_type',
    `The Content-Encoding ${JSON.stringify(encoding)} is not supported: send application/json as it is, or in one of gzip, deflate`,
    { headers: { 'accept-encoding': 'gzip, deflate' } },
  )
}

/** Reading fails beyond the route's limit. */
function decode(payload: RequestPayload, decoder: Gunzip | Inflate, request: FastifyRequest): RequestPayload {
  const { bodyLimit } = request.routeOptions
  const decoded = new DecodedBody(bodyLimit, () =>
    bodyTooLarge(request, `The body is larger than ${bodyLimit} bytes once it is decoded`),
  )
  payload.on('data', (chunk: Buffer) => {
    decoded.receivedEncodedLength += chunk.length
  })
  // The reader of the body gets the error as well. When there is none, because the length or the type is refused, an error
  // without a listener would end the process.
  decoded.on('error', () => {})
  payload.once('error', (error) => decoded.destroy(error))
  decoder.once('error', (error) => decoded.destroy(undecodable(error)))
  decoded.once('close', () => {
    payload.unpipe(decoder)
    decoder.destroy()
    // The rest still has to be read from the connection, before it can carry the answer and further requests.
    payload.resume()
  })
  payload.pipe(decoder).pipe(decoded)
  return decoded
}

function undecodable(cause: Error): ProblemError {
  return new ProblemError('invalid_request', 'The body is not encoded as its Content-Encoding says', { cause })
}

/** A decoded body, up to its limit. */
class DecodedBody extends Transform {
  /** Bytes received on the wire. Fastify compares it with `Content-Length`. */
  receivedEncodedLength = 0
  readonly #limit: number
  readonly #refusal: () => ProblemError
  #length = 0

  /** @param limit bytes. @param refusal creates the error for a longer body */
  constructor(limit: number, refusal: () => ProblemError) {
    super()
    this.#limit = limit
    this.#refusal = refusal
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#length += chunk.length
    if (this.#length <= this.#limit) done(null, chunk)
    else done(this.#refusal())
  }
}
