import { boundTo } from '../../../db/actor.js'
import type { Database } from '../../../db/client.js'
import type { AgentInstanceStatus } from '../../../db/generated/types.js'
import { type Tenant, TenantScope } from '../../../db/tenant.js'
import { Limits } from '../../../schemas/common.js'
import { changesOf } from '../account-log/append.js'
import { type CreatedInstance, creationChange } from '../account-log/creation.js'
import { agentsPost } from '../account-log/new-message.js'
import type { QueuedMessage } from '../account-log/queue.js'
import type { Events } from '../events/events.js'
import type { AnswerCallbacks } from '../webhooks/answer-callbacks.js'
import { type AgentAppended, Combiner } from './combiner.js'
import { readGitDiff } from './git-diff.js'
import { METADATA_IGNORED, metadataBytes } from './metadata.js'
import { appendOrCreate } from './new-chats.js'
import type { Offers } from './offers.js'

/** A step or question, as an agent sends it. An `agentType` is needed where the run is new. */
export interface AgentPost {
  readonly instanceId: string
  readonly agentType: string | null
  readonly content: string
  readonly requiresUserInput: boolean
  readonly gitDiff: string | null
  readonly metadata: Record<string, unknown> | null
  /** UUID of the API key that posts. */
  readonly keyId: string
  /** What is handed out with it may not arrive: it is on its way until somebody says what became of it. */
  readonly offersQueue?: boolean
}

/** A message that was stored for an agent. */
export interface Posted {
  readonly instanceId: string
  readonly messageId: string
  /** How many steps the run has now. */
  readonly stepCount: number
  readonly instanceStatus: AgentInstanceStatus
  /** What people wrote since the agent last read, or the beginning of it. Handed out here and never again. */
  readonly queued: QueuedMessage[]
  readonly warnings: string[]
}

interface StoredPost extends AgentAppended {
  readonly created?: CreatedInstance
}

/** What `AgentPosts` works with. */
export interface AgentPostsOptions {
  readonly database: Database
  readonly events: Events
  readonly answerCallbacks: AnswerCallbacks
  readonly offers: Offers
}

/** What agents post. Each post is one transaction, published when it is committed; those that come together share one. */
export class AgentPosts {
  readonly #events: Events
  readonly #answerCallbacks: AnswerCallbacks
  readonly #offers: Offers
  readonly #combiner: Combiner<StoredPost>

  constructor({ database, events, answerCallbacks, offers }: AgentPostsOptions) {
    this.#events = events
    this.#answerCallbacks = answerCallbacks
    this.#offers = offers
    this.#combiner = new Combiner(database)
  }

  /**
   * Stores an agent's step or question, hands it what people wrote since, and moves its read cursor to the new message.
   * A run that does not exist is made, with its kind, in the same transaction.
   *
   * @throws {ProblemError} 400 when the run is new and `agentType` is missing; 410 when it was deleted; 413 for too large a
   *   diff
   */
  async post(tenant: Tenant, post: AgentPost): Promise<Posted> {
    const gitDiff = post.gitDiff === null ? undefined : readGitDiff(post.gitDiff)
    const { metadata, url, ignored } = this.#answerCallbacks.takeUrl(post.metadata)
    const metadataSize = metadataBytes(metadata)
    const dropsMetadata = metadataSize > Limits.metadata
    const message = agentsPost(tenant, {
      instanceId: post.instanceId,
      content: post.content,
      metadata: dropsMetadata ? null : metadata,
      keyId: post.keyId,
      requiresUserInput: post.requiresUserInput,
      gitDiff: gitDiff?.diff,
      offersQueue: post.offersQueue ?? false,
    })
    const wanted = url === undefined ? [] : [this.#answerCallbacks.wanted(tenant, [{ messageId: message.id, url }])]
    const alone = () => appendOrCreate(tenant, [message], post.agentType, { follow: wanted, offers: this.#offers })
    // What is part of a larger transaction stays there, and so does what stores more than the message; a key that is bound
    // to a run keeps its narrower scope.
    const combines = tenant instanceof TenantScope && boundTo(tenant.actor) === undefined && url === undefined
    const bytes =
      Buffer.byteLength(message.content) + Buffer.byteLength(gitDiff?.diff ?? '') + (dropsMetadata ? 0 : metadataSize)
    const stored: StoredPost = await (combines ? this.#combiner.append(message, bytes, alone) : alone())
    this.#events.publish(tenant, [
      ...(stored.created ? [creationChange(stored.created)] : []),
      ...changesOf(message, stored.appended),
    ])
    return {
      instanceId: message.instanceId,
      messageId: message.id,
      stepCount: stored.appended.step_count,
      instanceStatus: stored.appended.instance_status,
      queued: stored.queued,
      warnings: [
        ...(gitDiff?.warnings ?? []),
        ...(ignored === undefined ? [] : [ignored]),
        ...(dropsMetadata ? [METADATA_IGNORED] : []),
      ],
    }
  }
}
