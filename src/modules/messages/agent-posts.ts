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

/** A step or question of an agent. An `agentType` is required where the run is new. */
export interface AgentPost {
  readonly instanceId: string
  readonly agentType: string | null
  readonly content: string
  readonly requiresUserInput: boolean
  readonly gitDiff: string | null
  readonly metadata: Record<string, unknown> | null
  /** UUID of the API key that posts. */
  readonly keyId: string
  /** The messages handed out with it may not arrive: they are on their way until the answer has arrived or was lost. */
  readonly offersQueue?: boolean
}

/** A stored message of an agent. */
export interface Posted {
  readonly instanceId: string
  readonly messageId: string
  /** The run's number of steps. */
  readonly stepCount: number
  readonly instanceStatus: AgentInstanceStatus
  /** What people wrote since the agent last read, or the beginning of it. Handed out only here. */
  readonly queued: QueuedMessage[]
  readonly warnings: string[]
}

interface StoredPost extends AgentAppended {
  readonly created?: CreatedInstance
}

/** The dependencies of `AgentPosts`. */
export interface AgentPostsOptions {
  readonly database: Database
  readonly events: Events
  readonly answerCallbacks: AnswerCallbacks
  readonly offers: Offers
}

/** Agents' posts. Each post is one transaction, published when it is committed; concurrent posts share one. */
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
   * A new run is created, with its agent type, in the same transaction.
   *
   * @throws {ProblemError} 400 when the run is new and `agentType` is missing; 410 when it was deleted; 413 for too
   *   large a diff
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
    // A post in a larger transaction stays there; one that stores more than the message is not combined either; a key
    // that is bound to a run keeps its narrower scope.
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
