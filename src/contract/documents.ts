import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'

declare module 'fastify' {
  interface FastifyInstance {
    /** The contract as it is sent. */
    readonly contract: Readonly<Record<'json' | 'yaml', KeptDocument>>
  }
}

/** The OpenAPI document in both of its forms, each made once: to make one takes longer than hundreds of other answers. */
export const contractDocuments = fp(
  async (app: FastifyInstance) => {
    app.decorate('contract', {
      json: new KeptDocument('application/json; charset=utf-8', () => JSON.stringify(app.swagger())),
      yaml: new KeptDocument('application/yaml', () => app.swagger({ yaml: true })),
    })
  },
  { name: 'contract-documents', dependencies: ['@fastify/swagger'] },
)

/** A text or a file that stays the same for as long as the process runs, and is in memory once, whoever reads it. */
export class KeptDocument {
  readonly #type: string
  readonly #make: () => string | Buffer
  #made: { readonly bytes: Buffer; readonly etag: string } | undefined

  /**
   * @param type its media type
   * @param make called once, when the first request comes
   */
  constructor(type: string, make: () => string | Buffer) {
    this.#type = type
    this.#make = make
  }

  /** Sends it, or 304 to whoever has it already. Browsers ask each time: a new version of the service has another one. */
  send(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const { bytes, etag } = this.#document()
    reply.headers({ etag, 'cache-control': 'no-cache' })
    if (isKnown(request.headers['if-none-match'], etag)) return reply.code(304).send()
    return reply.type(this.#type).send(bytes)
  }

  /** The routes are all there when the first request comes. */
  #document() {
    if (this.#made) return this.#made
    const made = this.#make()
    const bytes = typeof made === 'string' ? Buffer.from(made) : made
    this.#made = { bytes, etag: `"${createHash('sha256').update(bytes).digest('base64url')}"` }
    return this.#made
  }
}

/** Source: RFC 9110, section 13.1.2: compared weakly, and `*` is any. */
function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false
  const known = ifNoneMatch.split(',').map((tag) => tag.trim().replace(/^W\//, ''))
  return known.includes(etag) || known.includes('*')
}
