import { Type } from '@sinclair/typebox'
import {
  Cursor,
  component,
  Limits,
  NullableTimestamp,
  nullable,
  PageLimit,
  ref,
  strict,
  stringEnum,
  Timestamp,
  Uuid,
} from './common.js'

/** What a webhook can be told of. */
export const eventTypes = [
  'instance.created',
  'message.created',
  'question.asked',
  'instance.status_changed',
  'instance.ended',
  'ping',
] as const
/** What a webhook can be told of. */
export type EventType = (typeof eventTypes)[number]

/** Why a webhook gets nothing. */
export const disabledReasons = ['paused', 'gone', 'failing'] as const

/** How a delivery stands. One that waits for its turn is `pending` too. */
export const deliveryStatuses = ['pending', 'succeeded', 'failed'] as const
/** One of `deliveryStatuses`. */
export type DeliveryStatus = (typeof deliveryStatuses)[number]

/** The longest that a replaced secret may go on signing, in seconds: a week. */
const MAX_GRACE = 7 * 24 * 60 * 60

/** Seconds that a replaced secret signs too, unless the caller says otherwise: a day. */
export const DEFAULT_GRACE = 24 * 60 * 60

const exampleId = '0199b1a7-52d1-7c44-9a0e-3f1b8d6c2e70'
const exampleUrl = 'https://receiver.example/signalbox'
const exampleTime = '2026-01-05T10:00:00.000Z'
const exampleSecret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo='

const Url = Type.String({
  minLength: 1,
  maxLength: 2048,
  description: 'Where to POST events: http or https. Addresses that are not on the internet are refused.',
})

const Events = Type.Array(stringEnum(eventTypes), {
  minItems: 1,
  uniqueItems: true,
  description:
    'What to be told of. `message.created`: a message of an agent or a person; `question.asked`: one that awaits an ' +
    'answer, also if it was a step before; `instance.ended`: a run is `COMPLETED`, `FAILED` or `KILLED`, besides ' +
    '`instance.status_changed`.',
})

const Description = nullable(Type.String({ maxLength: Limits.name, description: 'A note for people.' }))

const Secret = Type.String({
  description: 'What signatures are verified with. Shown this once.',
  pattern: '^whsec_[A-Za-z0-9+/]+=*$',
})

/** Body of `POST /webhooks`. */
export const WebhookCreate = component(
  'WebhookCreate',
  Type.Object({ url: Url, events: Events, description: Type.Optional(Description) }, strict),
  { url: exampleUrl, events: ['question.asked'] },
)

/** Body of `PATCH /webhooks/{id}`. */
export const WebhookPatch = component(
  'WebhookPatch',
  Type.Object(
    {
      url: Type.Optional(Url),
      events: Type.Optional(Events),
      description: Type.Optional(Description),
      is_active: Type.Optional(
        Type.Boolean({ description: '`true` enables it again, from now on; `false` pauses it.' }),
      ),
    },
    strict,
  ),
  { events: ['question.asked', 'instance.ended'] },
)

const webhook = {
  id: Uuid('The webhook.'),
  url: nullable(
    Type.String({ description: 'Null when the server has lost the key that it was sealed with: set it anew.' }),
  ),
  events: Type.Array(stringEnum(eventTypes)),
  description: nullable(Type.String()),
  is_active: Type.Boolean({ description: 'It is told of events.' }),
  disabled_reason: Type.Unsafe<(typeof disabledReasons)[number] | null>({
    type: ['string', 'null'],
    enum: [...disabledReasons, null],
    description:
      'Why it is not active. `paused`: by its owner; `gone`: the receiver answered 410; `failing`: all attempts of a ' +
      'delivery failed, and nothing else came through since it was made.',
  }),
  disabled_at: NullableTimestamp('Since when it is not active.'),
  last_success_at: NullableTimestamp('When the receiver last accepted something.'),
  last_failure_at: NullableTimestamp('When an attempt last failed.'),
  dropped_count: Type.Integer({
    description: 'Deliveries that were given up before they could be made, as too many waited: the oldest make room.',
  }),
  dropped_at: NullableTimestamp('When that last happened.'),
  created_at: Timestamp('When it was made.'),
  updated_at: Timestamp('When it was last changed.'),
}

const exampleWebhook = {
  id: exampleId,
  url: exampleUrl,
  events: ['question.asked'],
  description: null,
  is_active: true,
  disabled_reason: null,
  disabled_at: null,
  last_success_at: null,
  last_failure_at: null,
  dropped_count: 0,
  dropped_at: null,
  created_at: exampleTime,
  updated_at: exampleTime,
}

/** Answer: a webhook, without its secret. */
export const Webhook = component('Webhook', Type.Object(webhook), exampleWebhook)

/** Answer: a webhook with its secret, the only time that it is shown. */
export const NewWebhook = component('NewWebhook', Type.Object({ ...webhook, secret: Secret }), {
  ...exampleWebhook,
  secret: exampleSecret,
})

/** Body of `POST /webhooks/{id}/rotate-secret`. */
export const WebhookSecretRotate = component(
  'WebhookSecretRotate',
  Type.Object(
    {
      grace_period_seconds: Type.Optional(
        Type.Integer({
          minimum: 0,
          maximum: MAX_GRACE,
          default: DEFAULT_GRACE,
          description: 'How long deliveries are signed with the old secret as well.',
        }),
      ),
    },
    strict,
  ),
  { grace_period_seconds: 3600 },
)

/** Answer: a new secret, the only time that it is shown. */
export const WebhookSecret = component(
  'WebhookSecret',
  Type.Object({
    secret: Secret,
    previous_secret_expires_at: NullableTimestamp('Until when the old secret signs as well.'),
  }),
  { secret: exampleSecret, previous_secret_expires_at: '2026-01-06T10:00:00.000Z' },
)

/** Answer: one attempt of a delivery. */
export const DeliveryAttempt = component(
  'DeliveryAttempt',
  Type.Object({
    attempted_at: Timestamp('When it was made.'),
    response_status: nullable(Type.Integer({ description: 'What the receiver answered; null: nothing.' })),
    duration_ms: Type.Integer({ description: 'How long it took.' }),
    error: nullable(Type.String({ description: 'Why there was no answer.' })),
    response_excerpt: nullable(Type.String({ description: 'The beginning of what the receiver answered.' })),
  }),
  { attempted_at: exampleTime, response_status: 200, duration_ms: 84, error: null, response_excerpt: 'ok' },
)

/** Answer: a delivery with its attempts. */
export const WebhookDelivery = component(
  'WebhookDelivery',
  Type.Object({
    id: Uuid('The delivery; sent as `webhook-id` with each of its attempts.'),
    webhook_id: Uuid('The webhook.'),
    type: stringEnum(eventTypes),
    agent_instance_id: nullable(Uuid('The run that the event is of.')),
    status: stringEnum(deliveryStatuses, {
      description: '`failed`: it is not tried again unless somebody asks for it.',
    }),
    attempt_count: Type.Integer({ description: 'How often it was tried.' }),
    attempts: Type.Array(ref(DeliveryAttempt), { description: 'The last 20 attempts, oldest first.' }),
    next_attempt_at: NullableTimestamp('When it is tried next.'),
    created_at: Timestamp('When it was made.'),
    finished_at: NullableTimestamp('When it succeeded, or was given up.'),
  }),
  {
    id: '0199b1a8-1f3e-7b90-8c55-6d2a9e4f0b13',
    webhook_id: exampleId,
    type: 'ping',
    agent_instance_id: null,
    status: 'pending',
    attempt_count: 0,
    attempts: [],
    next_attempt_at: exampleTime,
    created_at: exampleTime,
    finished_at: null,
  },
)

/** The path parameters of a route about one delivery. */
export const WebhookDeliveryParams = Type.Object({
  id: Uuid('The webhook.'),
  delivery_id: Uuid('The delivery.'),
})

/** Query of `GET /webhooks/{id}/deliveries`. */
export const WebhookDeliveryQuery = Type.Object({
  limit: Type.Optional(PageLimit),
  cursor: Type.Optional(Cursor),
  status: Type.Optional(stringEnum(deliveryStatuses)),
})

/** Answer: how many deliveries are made again. */
export const Redelivered = component(
  'Redelivered',
  Type.Object({ redelivered: Type.Integer({ description: 'How many deliveries are tried again.' }) }),
  { redelivered: 3 },
)
