import { rowsOf, type Step } from '../../../db/step.js'
import type { Tenant } from '../../../db/tenant.js'
import type { AgentInstances } from '../agent-instances/service.js'
import { type AgentPost, AgentPosts, type AgentPostsOptions, type Posted } from './agent-posts.js'
import { Backfill, type BackfillOptions, type BackfillResult, type BatchItem } from './backfill.js'
import { InputRequests } from './input-requests.js'
import type { Collected, Pending } from './pending.js'
import { PersonsMessages, type PersonsMessagesOptions, type Report, type Reported } from './persons-messages.js'
import { type PollOptions, Polls, type PollsOptions } from './polls.js'
import * as queries from './queries.js'

/** The dependencies of `Messages`. */
export interface MessagesOptions extends AgentPostsOptions, PersonsMessagesOptions, PollsOptions, BackfillOptions {}

/** The chats between agents and people. Each write is one transaction, published when it is committed. */
export class Messages {
  readonly #agentInstances: AgentInstances
  readonly #agentPosts: AgentPosts
  readonly #backfill: Backfill
  readonly #polls: Polls
  readonly #inputRequests: InputRequests
  readonly #personsMessages: PersonsMessages

  constructor(options: MessagesOptions) {
    this.#agentInstances = options.agentInstances
    this.#agentPosts = new AgentPosts(options)
    this.#backfill = new Backfill(options)
    this.#polls = new Polls(options)
    this.#inputRequests = new InputRequests(options)
    this.#personsMessages = new PersonsMessages(options)
  }

  /** See `AgentPosts.post`. */
  postByAgent(tenant: Tenant, post: AgentPost): Promise<Posted> {
    return this.#agentPosts.post(tenant, post)
  }

  /** See `Backfill.store`. */
  backfill(tenant: Tenant, keyId: string, items: readonly BatchItem[]): Promise<BackfillResult[]> {
    return this.#backfill.store(tenant, keyId, items)
  }

  /** See `Polls.pending`. */
  pending(
    tenant: Tenant,
    instanceId: string,
    lastReadId: string | undefined,
    options: Omit<PollOptions, 'seconds' | 'secretHash'>,
  ): Promise<Collected> {
    return this.#polls.pending(tenant, instanceId, lastReadId, options)
  }

  /** See `Polls.awaitPending`. */
  awaitPending(
    tenant: Tenant,
    instanceId: string,
    lastReadId: string | undefined,
    options: PollOptions,
  ): Promise<Collected> {
    return this.#polls.awaitPending(tenant, instanceId, lastReadId, options)
  }

  /** See `InputRequests.request`. */
  requestInput(tenant: Tenant, messageId: string): Promise<Pending & { instanceId: string; messageId: string }> {
    return this.#inputRequests.request(tenant, messageId)
  }

  /** See `PersonsMessages.report`. */
  reportByAgent(tenant: Tenant, report: Report): Promise<Reported> {
    return this.#personsMessages.report(tenant, report)
  }

  /** See `PersonsMessages.post`. */
  postByUser(tenant: Tenant, instanceId: string, content: string): Promise<queries.ReadableMessage> {
    return this.#personsMessages.post(tenant, instanceId, content)
  }

  /** See `PersonsMessages.postPrompt`. */
  postPrompt(tenant: Tenant, instanceId: string, content: string): Promise<void> {
    return this.#personsMessages.postPrompt(tenant, instanceId, content)
  }

  /** @returns a step that gives the last messages of a chat, newest first, to be sent along with another one */
  lastPageQuery(tenant: Tenant, instanceId: string, limit: number): Step<queries.ReadableMessage[]> {
    return rowsOf(queries.lastPage(tenant, instanceId, limit))
  }

  /** As `page`. @throws {ProblemError} 404 when there is no such run */
  async pageOfExisting(
    tenant: Tenant,
    instanceId: string,
    limit: number,
    beforeId?: string,
  ): Promise<queries.ReadableMessage[]> {
    const messages = await this.page(tenant, instanceId, limit, beforeId)
    if (messages.length === 0) await this.#agentInstances.detail(tenant, instanceId)
    return messages
  }

  /**
   * @param limit how many messages at most; 0 gives none
   * @param beforeId ignored when it is not in this chat
   * @returns the last messages of a chat, or the last before `beforeId`; oldest first
   */
  async page(tenant: Tenant, instanceId: string, limit: number, beforeId?: string): Promise<queries.ReadableMessage[]> {
    if (limit === 0) return []
    const messages = await queries.page(tenant, instanceId, limit, beforeId)
    if (messages.length > 0 || beforeId === undefined || (await queries.exists(tenant, instanceId, beforeId))) {
      return messages
    }
    return queries.page(tenant, instanceId, limit)
  }
}
