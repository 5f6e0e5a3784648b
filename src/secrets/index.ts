import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { SecretCipher } from './cipher.js'
import { SecretDerivation } from './derivation.js'

declare module 'fastify' {
  interface FastifyInstance {
    /** Seals secrets for the database. */
    readonly secrets: SecretCipher
    /** @returns what makes secrets of others, for one purpose */
    deriveSecrets(purpose: string): SecretDerivation
  }
}

/** Decorates the instance with the cipher of stored secrets. @param keys 32 bytes each; the first one seals */
export const secrets = fp(
  async (app: FastifyInstance, { keys }: { keys: readonly Buffer[] }) => {
    app.decorate('secrets', new SecretCipher(keys))
    app.decorate('deriveSecrets', (purpose) => new SecretDerivation(keys, purpose))
  },
  { name: 'secrets' },
)
