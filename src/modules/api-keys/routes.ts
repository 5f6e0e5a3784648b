import { Type } from '@sinclair/typebox'
import { ApiKey, ApiKeyCreate, ApiKeyQuery, ApiKeyRotate, CliKeyCreate, NewApiKey } from '../../../schemas/api-keys.js'
import { Acknowledgement, IdParams, pageHeaders, ref } from '../../../schemas/common.js'
import { problem } from '../../contract/openapi.js'
import { byId, sendPage } from '../../paging.js'
import type { RateLimits } from '../../rate-limits/rate-limits.js'
import type { Routes } from '../../routes.js'
import type { ApiKeys } from './service.js'

const tags = ['API keys']
const tooMany = problem(409, 'The account has 50 active keys already.')

/** The services of these routes. */
export interface ApiKeyRouteServices {
  readonly apiKeys: ApiKeys
  readonly rateLimits: RateLimits
}

/** Minting, listing and revoking keys: for people alone. */
export async function userRoutes(app: Routes, { apiKeys, rateLimits }: ApiKeyRouteServices): Promise<void> {
  /** Tells the limit on failed authentications that a new key is good. */
  function verified<Key extends { api_key: string }>(key: Key): Key {
    rateLimits.noteVerified(key.api_key)
    return key
  }

  app.post(
    '/auth/api-keys',
    {
      config: { creates: true },
      schema: {
        operationId: 'createApiKey',
        summary: 'Mint an API key',
        description:
          'The answer is the only time the key is shown: only its hash is kept. At most 50 are active at once.',
        tags,
        body: ref(ApiKeyCreate),
        response: { 200: ref(NewApiKey, { description: 'The key.' }), 409: tooMany },
      },
    },
    async ({ tenant, body }) =>
      verified(
        await apiKeys.create(tenant, {
          name: body.name,
          scopes: body.scopes,
          expiresInDays: body.expires_in_days,
        }),
      ),
  )

  app.post(
    '/auth/cli-key',
    {
      config: { creates: true },
      // The body is optional; Fastify would validate its absence.
      preValidation: async (request) => {
        request.body ??= {}
      },
      schema: {
        operationId: 'createCliKey',
        summary: 'Mint an API key for a command line',
        description: 'As `POST /auth/api-keys`, with a name made up when none is given. The body may be left out.',
        tags,
        body: ref(CliKeyCreate),
        response: { 200: ref(NewApiKey, { description: 'The key.' }), 409: tooMany },
      },
    },
    async ({ tenant, body }) => verified(await apiKeys.createForCommandLine(tenant, body.name ?? undefined)),
  )

  app.get(
    '/auth/api-keys',
    {
      schema: {
        operationId: 'listApiKeys',
        summary: 'List API keys',
        description:
          'Newest first, revoked and expired ones included. Of each key only its first characters are shown. Keys that a ' +
          'launch made for its run are listed with `agent_instance_id` only.',
        tags,
        querystring: ApiKeyQuery,
        response: { 200: Type.Array(ref(ApiKey), { description: 'One page of keys.', headers: pageHeaders }) },
      },
    },
    async ({ tenant, query }, reply) =>
      sendPage(
        reply,
        query,
        byId,
        (page) => apiKeys.list(tenant, query.agent_instance_id ?? null, page),
        ({ id }) => ({ id }),
      ),
  )

  app.post(
    '/auth/api-keys/:id/rotate',
    {
      config: { creates: true },
      // The body is optional; Fastify would validate its absence.
      preValidation: async (request) => {
        request.body ??= {}
      },
      schema: {
        operationId: 'rotateApiKey',
        summary: 'Replace the secret of an API key',
        description:
          'The answer is the only time the new key is shown. The old one works for the grace period, if one is given.',
        tags,
        params: IdParams('API key'),
        body: ref(ApiKeyRotate),
        response: {
          200: ref(NewApiKey, { description: 'The key with its new secret.' }),
          409: problem(
            409,
            'The key was revoked or has expired, or the first request with this `Idempotency-Key` is under way.',
          ),
        },
      },
    },
    async ({ tenant, params, body }) =>
      verified(await apiKeys.rotate(tenant, params.id, body.grace_period_seconds ?? 0)),
  )

  app.delete(
    '/auth/api-keys/:id',
    {
      schema: {
        operationId: 'revokeApiKey',
        summary: 'Revoke an API key',
        description:
          'The key stops working at once. It stays in the list as inactive. Revoking it again changes nothing.',
        tags,
        params: IdParams('API key'),
        response: { 200: ref(Acknowledgement, { description: 'It no longer works.' }) },
      },
    },
    async ({ tenant, params }) => {
      await apiKeys.revoke(tenant, params.id)
      return { message: 'API key revoked' }
    },
  )
}
