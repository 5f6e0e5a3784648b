import { Type } from '@sinclair/typebox'
import { Acknowledgement, IdParams, PageQuery, pageHeaders, ref } from '../../../schemas/common.js'
import {
  NewWebhook,
  Redelivered,
  Webhook,
  WebhookCreate,
  WebhookDelivery,
  WebhookDeliveryParams,
  WebhookDeliveryQuery,
  WebhookPatch,
  WebhookSecret,
  WebhookSecretRotate,
} from '../../../schemas/webhooks.js'
import { problem } from '../../contract/openapi.js'
import { byId, sendPage } from '../../paging.js'
import type { Routes } from '../../routes.js'
import type { Webhooks } from './service.js'

const tags = ['Webhooks']
const params = IdParams('webhook')

/** The services of these routes. */
export interface WebhookRouteServices {
  readonly webhooks: Webhooks
}

/** Webhooks and their deliveries: for people alone. */
export async function userRoutes(app: Routes, services: WebhookRouteServices): Promise<void> {
  await app.register(configurationRoutes, services)
  await app.register(deliveryRoutes, services)
}

async function configurationRoutes(app: Routes, { webhooks }: WebhookRouteServices): Promise<void> {
  app.get(
    '/webhooks',
    {
      schema: {
        operationId: 'listWebhooks',
        summary: 'List webhooks',
        description: 'Newest first.',
        tags,
        querystring: PageQuery,
        response: { 200: Type.Array(ref(Webhook), { description: 'One page of webhooks.', headers: pageHeaders }) },
      },
    },
    async ({ tenant, query }, reply) =>
      sendPage(
        reply,
        query,
        byId,
        (page) => webhooks.list(tenant, page),
        ({ id }) => ({ id }),
      ),
  )

  app.post(
    '/webhooks',
    {
      config: { creates: true },
      schema: {
        operationId: 'createWebhook',
        summary: 'Subscribe a URL to events',
        description:
          'Events from now on are sent there, signed as Standard Webhooks describe. The answer is the only time the ' +
          'secret is shown. An account has 50 webhooks at most.',
        tags,
        body: ref(WebhookCreate),
        response: {
          201: ref(NewWebhook, { description: 'The webhook with its secret.' }),
          409: problem(
            409,
            'The account has 50 webhooks already, or the first request with this `Idempotency-Key` is under way.',
          ),
        },
      },
    },
    async ({ tenant, body }, reply) => {
      reply.code(201)
      return webhooks.create(tenant, body)
    },
  )

  app.get(
    '/webhooks/:id',
    {
      schema: {
        operationId: 'getWebhook',
        summary: 'Show a webhook',
        description: 'Without its secret.',
        tags,
        params,
        response: { 200: ref(Webhook, { description: 'The webhook.' }) },
      },
    },
    async ({ tenant, params }) => webhooks.get(tenant, params.id),
  )

  app.patch(
    '/webhooks/:id',
    {
      schema: {
        operationId: 'updateWebhook',
        summary: 'Change a webhook',
        description:
          'Fields that are left out stay as they are. `is_active: true` enables it again: it gets what happens from ' +
          'then on. When it is disabled, what was still to be delivered is given up; it can be delivered again.',
        tags,
        params,
        body: ref(WebhookPatch),
        response: { 200: ref(Webhook, { description: 'The webhook as it is now.' }) },
      },
    },
    async ({ tenant, params, body }) => webhooks.update(tenant, params.id, body),
  )

  app.delete(
    '/webhooks/:id',
    {
      schema: {
        operationId: 'deleteWebhook',
        summary: 'Delete a webhook',
        description: 'Deletes the log of its deliveries as well. Nothing more is sent.',
        tags,
        params,
        response: { 200: ref(Acknowledgement, { description: 'It is gone.' }) },
      },
    },
    async ({ tenant, params }) => {
      await webhooks.delete(tenant, params.id)
      return { message: 'Webhook deleted' }
    },
  )

  app.post(
    '/webhooks/:id/rotate-secret',
    {
      config: { creates: true },
      // The body is optional; Fastify would validate its absence.
      preValidation: async (request) => {
        request.body ??= {}
      },
      schema: {
        operationId: 'rotateWebhookSecret',
        summary: 'Replace the secret of a webhook',
        description:
          'The answer is the only time the new secret is shown. For the grace period, a day unless it is given, ' +
          'deliveries carry two signatures: by the new secret and by the old one.',
        tags,
        params,
        body: ref(WebhookSecretRotate),
        response: { 200: ref(WebhookSecret, { description: 'The new secret.' }) },
      },
    },
    async ({ tenant, params, body }) => webhooks.rotateSecret(tenant, params.id, body.grace_period_seconds),
  )

  app.post(
    '/webhooks/:id/test',
    {
      config: { creates: true, noBody: true },
      schema: {
        operationId: 'testWebhook',
        summary: 'Send a ping',
        description:
          'Sends a `ping` at once, whatever the webhook is subscribed to, also if it is not active. What became of it ' +
          'stands in the log of deliveries.',
        tags,
        params,
        response: { 202: ref(WebhookDelivery, { description: 'The delivery, which is yet to be made.' }) },
      },
    },
    async ({ tenant, params }, reply) => {
      reply.code(202)
      return webhooks.test(tenant, params.id)
    },
  )
}

async function deliveryRoutes(app: Routes, { webhooks }: WebhookRouteServices): Promise<void> {
  app.get(
    '/webhooks/:id/deliveries',
    {
      config: { readsPage: true },
      schema: {
        operationId: 'listWebhookDeliveries',
        summary: 'List the deliveries of a webhook',
        description: 'Newest first, with the attempts that were made. They are kept for 30 days.',
        tags,
        params,
        querystring: WebhookDeliveryQuery,
        response: {
          200: Type.Array(ref(WebhookDelivery), { description: 'One page of deliveries.', headers: pageHeaders }),
        },
      },
    },
    async ({ tenant, params, query }, reply) =>
      sendPage(
        reply,
        query,
        byId,
        (page) => webhooks.deliveries(tenant, params.id, query.status, page),
        ({ id }) => ({ id }),
      ),
  )

  app.post(
    '/webhooks/:id/deliveries/:delivery_id/redeliver',
    {
      config: { creates: true, noBody: true },
      schema: {
        operationId: 'redeliver',
        summary: 'Make a delivery again',
        description: 'At once, whatever became of it, with the same `webhook-id` and body, and with new retries.',
        tags,
        params: WebhookDeliveryParams,
        response: { 202: ref(WebhookDelivery, { description: 'The delivery, which is yet to be made.' }) },
      },
    },
    async ({ tenant, params }, reply) => {
      reply.code(202)
      return webhooks.redeliver(tenant, params.id, params.delivery_id)
    },
  )

  app.post(
    '/webhooks/:id/redeliver',
    {
      config: { creates: true, noBody: true },
      schema: {
        operationId: 'redeliverFailed',
        summary: 'Make all failed deliveries again',
        description: 'The oldest first, a thousand at once at most. Each keeps its `webhook-id`.',
        tags,
        params,
        response: { 202: ref(Redelivered, { description: 'How many there are.' }) },
      },
    },
    async ({ tenant, params }, reply) => {
      reply.code(202)
      return { redelivered: await webhooks.redeliverFailed(tenant, params.id) }
    },
  )
}
