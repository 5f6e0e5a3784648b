import { Type } from '@sinclair/typebox'
import { IdParams, pageHeaders, ref } from '../../../schemas/common.js'
import { Message, MessageQuery, UserMessage, UserMessageStored } from '../../../schemas/messages.js'
import { problem } from '../../contract/openapi.js'
import { linkEarlier } from '../../paging.js'
import type { Routes } from '../../routes.js'
import type { Questions } from './questions.js'
import { QUEUE_FULL } from './queue-full.js'
import type { Messages } from './service.js'
import { warningsOf } from './warnings.js'

/** The services of the routes for people. */
export interface UserRouteServices {
  readonly messages: Messages
  readonly questions: Questions
}

/** Reading and writing in chats: for people alone. */
export async function userRoutes(app: Routes, { messages, questions }: UserRouteServices): Promise<void> {
  app.get(
    '/agent-instances/:id/messages',
    {
      config: { readsPage: true },
      schema: {
        operationId: 'listMessages',
        summary: 'Read a chat page by page',
        description:
          'The last messages, or those just before `before_message_id`; oldest first. A page has 4 MiB of messages at ' +
          'most, unless a single one has more. `Link` has the page before it.',
        tags: ['Agent instances'],
        params: IdParams('agent instance'),
        querystring: MessageQuery,
        response: {
          200: Type.Array(ref(Message), { description: 'One page of the chat, oldest first.', headers: pageHeaders }),
        },
      },
    },
    async ({ tenant, params, query }, reply) => {
      const listed = await messages.pageOfExisting(tenant, params.id, query.limit ?? 50, query.before_message_id)
      linkEarlier(reply, listed)
      return listed
    },
  )

  app.post(
    '/agent-instances/:id/messages',
    {
      config: { creates: true },
      schema: {
        operationId: 'postUserMessage',
        summary: 'Write to an agent',
        description:
          'An answer to its question, or feedback. The agent gets it with its next post or poll. A question with ' +
          'options (`message_metadata.options`) may also be answered by the index of one; without an open question ' +
          'that is refused (409, `no_open_question`).',
        tags: ['Agent instances'],
        params: IdParams('agent instance'),
        body: ref(UserMessage),
        response: {
          200: ref(UserMessageStored, { description: 'The message as it was stored.' }),
          409: problem(
            409,
            `${QUEUE_FULL}, no question is open, or the first request with this \`Idempotency-Key\` is under way.`,
          ),
        },
      },
    },
    async (request) => {
      const { tenant, params, body } = request
      const stored = await questions.reply(tenant, params.id, body.content, body.option_index)
      return { ...stored, ...warningsOf(request) }
    },
  )
}
