import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { SecretCipher } from './cipher.js'

declare module 'fastify' {
  interface FastifyInstance {
    /** Seals secrets for the database. */
    readonly secrets: SecretCipher
  }
}

export const secrets = fp(
  async (app: FastifyInstance, { keys }: { keys: readonly Buffer[] }) => {
    app.decorate('secrets', new SecretCipher(keys))
  },
  { name: 'secrets' },
)
