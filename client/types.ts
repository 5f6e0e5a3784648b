import type { components } from './generated/openapi.js'

type Schemas = components['schemas']

/** One entry of a chat, as people see it. */
export type Message = Schemas['Message']
/** A person's message, as handed to its agent. */
export type QueuedMessage = Schemas['QueuedMessage']
/** A run of an agent, as lists show it. */
export type Instance = Schemas['Instance']
/** A run of an agent with its chat and diff. */
export type InstanceDetail = Schemas['InstanceDetail']
/** What a run is doing. */
export type InstanceStatus = Instance['status']
/** A kind of agent, as monitoring sees it. */
export type AgentType = Schemas['AgentType']
/** A kind of agent, as configuration sees it. */
export type UserAgent = Schemas['UserAgent']
/** How many runs there are, by status and kind. */
export type Summary = Schemas['Summary']
/** An API key, masked. */
export type ApiKey = Schemas['ApiKey']
/** A person's account. */
export type User = Schemas['User']
/** Every event that a run's stream can send. */
export type StreamEvent = Schemas['StreamEvent']
/** An error, as RFC 9457 describes it. */
export type Problem = Schemas['Problem']
/** The kind of an error; the list is closed. */
export type ProblemCode = Problem['code']
