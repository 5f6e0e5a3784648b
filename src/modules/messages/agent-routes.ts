import type { FastifyRequest } from 'fastify'
import { Limits, ref } from '../../../schemas/common.js'
import {
  AgentMessage,
  AgentMessageAccepted,
  InputRequested,
  MessageBatch,
  MessageBatchResult,
  MessageParams,
  PendingMessages,
  PendingQuery,
  ReportedUserMessage,
  UserMessageReported,
} from '../../../schemas/messages.js'
import type { KeyActor } from '../../actors/actor.js'
import { problem } from '../../contract/openapi.js'
import { mendedWarning } from '../../json/storable-text.js'
import { mendedIn } from '../../plugins/body.js'
import { whenGone } from '../../plugins/in-flight.js'
import type { Routes } from '../../routes.js'
import type { Handoffs } from './handoffs.js'
import type { Offers } from './offers.js'
import { QUEUE_FULL } from './queue-full.js'
import type { Messages } from './service.js'
import { warningsOf } from './warnings.js'

const tags = ['Agent messaging']

/** A diff may arrive as base64, and in JSON each of its characters may take two. */
const bodyLimitWithDiff = Limits.body + 2 * Limits.gitDiff

/** The services of the routes for agents. */
export interface AgentRouteServices {
  readonly messages: Messages
  readonly offers: Offers
  readonly handoffs: Handoffs
}

/** Reporting, asking and collecting answers: for agents alone. */
export async function agentRoutes(app: Routes, { messages, offers, handoffs }: AgentRouteServices): Promise<void> {
  app.post(
    '/messages/agent',
    {
      config: {
        creates: true,
        handsOut: true,
        instance: { in: 'body', field: 'agent_instance_id' },
        largeField: 'git_diff',
      },
      bodyLimit: bodyLimitWithDiff,
      schema: {
        operationId: 'postAgentMessage',
        summary: 'Report a step or ask a question',
        description:
          'Stores the message and hands out what people wrote since the agent last read: each message exactly once, ' +
          'unless the connection is closed before the answer was sent: then they come with the next call. With an ' +
          '`Idempotency-Key`, a lost answer is had again by sending the same request, with what it handed out. ' +
          'An instance id that is new makes the instance; `agent_type` is required then. A question ' +
          '(`requires_user_input`) is answered through `GET /api/v1/messages/pending`; its choices, if it has some, stand ' +
          'in `message_metadata.options`.',
        tags,
        body: ref(AgentMessage),
        response: { 200: ref(AgentMessageAccepted, { description: 'The message is stored.' }), 410: problem(410) },
      },
    },
    async (request, reply) => {
      const { tenant, actor, body } = request
      // With an idempotency key the answer is stored and can be fetched again, so what it hands out must not be offered
      // elsewhere.
      const offersQueue = request.headers['idempotency-key'] === undefined
      const posted = await messages.postByAgent(tenant, {
        instanceId: body.agent_instance_id,
        agentType: body.agent_type ?? null,
        content: body.content,
        requiresUserInput: body.requires_user_input ?? false,
        gitDiff: body.git_diff ?? null,
        metadata: body.message_metadata ?? null,
        keyId: agentOf(actor).keyId,
        offersQueue,
      })
      const last = posted.queued.at(-1)
      if (last && offersQueue) {
        const { instanceId, messageId: id } = posted
        const handoff = offers.handoffOf(tenant, { instanceId, id, lastId: last.id, readCursor: id })
        handoffs.of(reply).add(handoff)
      }
      return {
        success: true,
        agent_instance_id: posted.instanceId,
        message_id: posted.messageId,
        queued_user_messages: posted.queued,
        instance_status: posted.instanceStatus,
        ...warningsOf(request, posted.warnings),
      }
    },
  )

  app.post(
    '/messages/agent/batch',
    {
      config: { creates: true },
      schema: {
        operationId: 'postAgentMessageBatch',
        summary: 'Backfill messages',
        description:
          'Stores up to 100 messages whose ids the caller has chosen, such as UUIDs of version 7. Those that are there ' +
          'already stay as they are, so the same batch can be sent again. The messages of one instance keep their ' +
          'order; those of a deleted one fail (`instance_deleted`). What people wrote is not handed out here.',
        tags,
        body: ref(MessageBatch),
        response: { 200: ref(MessageBatchResult, { description: 'What became of each message.' }) },
      },
    },
    async (request) => {
      const { tenant, actor, body } = request
      const results = await messages.backfill(tenant, agentOf(actor).keyId, body.messages)
      const mended = new Set(mendedIn(request))
      return {
        results: results.map(({ warnings = [], ...result }, index) => {
          const isMended = (field: string) => mended.has(`messages.${index}.${field}`)
          const kept = result.status === 'created' ? ['content', 'message_metadata'].filter(isMended) : []
          const all = [...kept.map(mendedWarning), ...warnings]
          return all.length > 0 ? { ...result, warnings: all } : result
        }),
      }
    },
  )

  app.get(
    '/messages/pending',
    {
      config: { instance: { in: 'query', field: 'agent_instance_id' } },
      // HEAD would take messages without showing them.
      exposeHeadRoute: false,
      schema: {
        operationId: 'getPendingMessages',
        summary: 'Collect what people wrote',
        description:
          'With `last_read_message_id`, the messages after it are handed out, exactly once, unless the connection is ' +
          'closed before the answer was sent; `stale` says that somebody else has read on from there since. Without ' +
          'it, the caller only looks. With `wait`, the answer is held until there is a message, or the run has ended for ' +
          'good (`instance_status` is `KILLED` or `FAILED`). With `confirm`, the same poll gives the same messages until ' +
          'the agent goes on: a lost answer can be had again.',
        tags,
        querystring: PendingQuery,
        response: { 200: ref(PendingMessages, { description: 'What was written since.' }), 410: problem(410) },
      },
    },
    async (request, reply) => {
      const { tenant, actor, query } = request
      const { keyId, secretHash } = agentOf(actor)
      const gone = new AbortController()
      whenGone(reply, () => gone.abort())
      const handedOut = handoffs.of(reply)
      const { handoff, ...pending } = await messages.awaitPending(
        tenant,
        query.agent_instance_id,
        query.last_read_message_id,
        {
          seconds: query.wait ?? 0,
          confirms: query.confirm ?? false,
          ...{ keyId, secretHash, signal: gone.signal },
        },
      )
      if (handoff) handedOut.add(handoff)
      await app.answers.turn(request, lengthOf(pending.messages))
      return { agent_instance_id: query.agent_instance_id, ...pending }
    },
  )

  app.patch(
    '/messages/:message_id/request-input',
    {
      config: { instance: 'message', handsOut: true },
      schema: {
        operationId: 'requestUserInput',
        summary: 'Turn a step into a question',
        description:
          'The instance awaits input then, unless the answer is there already: what people wrote since comes back with it. ' +
          'If the connection is closed before that was sent, it comes with the next call.',
        tags,
        params: MessageParams,
        response: { 200: ref(InputRequested, { description: 'It is a question now.' }) },
      },
    },
    async ({ tenant, params }, reply) => {
      const turned = await messages.requestInput(tenant, params.message_id)
      const { messageId, instanceId, messages: collected, status, handoff } = turned
      if (handoff) handoffs.of(reply).add(handoff)
      return { success: true, message_id: messageId, agent_instance_id: instanceId, messages: collected, status }
    },
  )

  app.post(
    '/messages/user',
    {
      config: { creates: true, instance: { in: 'body', field: 'agent_instance_id' } },
      schema: {
        operationId: 'reportUserMessage',
        summary: "Report a person's message",
        description:
          'For words that reached the agent by another way, such as a terminal. With `mark_as_read` they are not ' +
          'handed out to the agent again. They answer the open question only if this key asked it, or had posted to the ' +
          'run before; else they are shown in the chat, and neither handed out nor taken as an answer.',
        tags,
        body: ref(ReportedUserMessage),
        response: {
          200: ref(UserMessageReported, { description: 'The message is stored.' }),
          409: problem(409, `${QUEUE_FULL}, or the first request with this \`Idempotency-Key\` is under way.`),
          410: problem(410),
        },
      },
    },
    async (request) => {
      const { tenant, actor, body } = request
      const { messageId, markedAsRead, warnings } = await messages.reportByAgent(tenant, {
        instanceId: body.agent_instance_id,
        content: body.content,
        markAsRead: body.mark_as_read ?? true,
        keyId: agentOf(actor).keyId,
      })
      return {
        success: true,
        message_id: messageId,
        marked_as_read: markedAsRead,
        ...warningsOf(request, warnings),
      }
    },
  )
}

/** @returns characters of the messages */
function lengthOf(messages: readonly { readonly content: string }[]): number {
  return messages.reduce((sum, { content }) => sum + content.length, 0)
}

/** Only agents wait. */
function agentOf(actor: FastifyRequest['actor']): KeyActor {
  if (actor.kind !== 'key') throw new Error('a person got past the wall of a route for agents')
  return actor
}
