import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'

declare module 'fastify' {
  interface FastifyInstance {
    /** The serialized contract. */
    readonly contract: Readonly<Record<'json' | 'yaml', KeptDocument>>
  }
}

/** The OpenAPI document in both of its forms, each made once: making one takes longer than hundreds of other answers. */
export const contractDocuments = fp(
  async (app: FastifyInstance) => {
    app.decorate('contract', {
      json: new KeptDocument('application/json; charset=utf-8', () => JSON.stringify(app.swagger())),
      yaml: new KeptDocument('application/yaml', () => app.swagger({ yaml: true })),
    })
  },
  { name: 'contract-documents', dependencies: ['@fastify/swagger'] },
)

/** A text or file that stays the same for the life of the process, and is in memory once for all readers. */
export class KeptDocument {
  readonly #type: string
  readonly #make: () => string | Buffer
  #made: { readonly bytes: Buffer; readonly etag: string } | undefined

  /**
   * @param type its media type
   * @param make called once, on the first request
   */
  constructor(type: string, make: () => string | Buffer) {
    this.#type = type
    this.#make = make
  }

  /**
   * Sends it, or 304 to a client that has it already. Browsers revalidate each time: a new version of the service has another
   * one.
   */
  send(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const { bytes, etag } = this.#document()
    reply.headers({ etag, 'cache-control': 'no-cache' })
    if (isKnown(request.headers['if-none-match'], etag)) return reply.code(304).send()
    return reply.type(this.#type).send(bytes)
  }

  /** All routes are registered when the first request comes. */
  #document() {
    if (this.#made) return this.#made
    const made = this.#make()
    const bytes = typeof made === 'string' ? Buffer.from(made) : made
    this.#made = { bytes, etag: `"${createHash('sha256').update(bytes).digest('base64url')}"` }
    return this.#made
  }
}

/** Source: RFC 9110, section 13.1.2: weak comparison, and `*` matches any. */
function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false
  const known = ifNoneMatch.split(',').map((tag) => tag.trim().replace(/^W\//, ''))
  return known.includes(etag) || known.includes('*')
}
