import { Type } from '@sinclair/typebox'
import { nullable, Uuid } from './common.js'
import { Status, StatusForAgent } from './instance-status.js'
import { Options } from './messages.js'

/**
 * What the tools of the MCP endpoint take and give. No components of the OpenAPI document: agents are shown them by
 * `tools/list`, each schema complete in itself.
 */

/** Seconds that a question waits for its answer: usually, and at most. */
export const QUESTION_TIMEOUT_SECONDS = { usual: 24 * 60 * 60, longest: 7 * 24 * 60 * 60 } as const

const instanceId = Uuid('The run: the `agent_instance_id` that `log_step` answered with.')

const feedback = Type.Array(Type.String(), {
  description: 'What people wrote to you meanwhile, oldest first. Act on it before you go on.',
})

const warnings = Type.Optional(
  Type.Array(Type.String(), { description: 'What was replaced in what you wrote, and why.' }),
)

/** Arguments of the tool `log_step`. */
export const LogStepArguments = Type.Object({
  agent_instance_id: Type.Optional(
    Uuid('The run that the step belongs to. Leave it out for your first step: a run is made, and its id returned.'),
  ),
  step_description: Type.String({
    minLength: 1,
    description: 'What you are doing or have done, in a sentence or two.',
  }),
})

/** Result of the tool `log_step`. */
export const LogStepResult = Type.Object({
  success: Type.Boolean(),
  agent_instance_id: Uuid('The run. Give it to every later call of these tools.'),
  step_number: Type.Integer({ description: 'How many steps the run has by now.' }),
  instance_status: StatusForAgent,
  user_feedback: feedback,
  warnings,
})

/** Arguments of the tool `ask_question`. */
export const AskQuestionArguments = Type.Object({
  agent_instance_id: instanceId,
  question_text: Type.String({ minLength: 1, description: 'The question, with all that is needed to answer it.' }),
  options: Type.Optional(Options),
  timeout_seconds: Type.Optional(
    Type.Number({
      minimum: 0,
      maximum: QUESTION_TIMEOUT_SECONDS.longest,
      description: 'How long to wait for an answer. Usually a day.',
    }),
  ),
})

/** Result of the tool `ask_question`. */
export const AskQuestionResult = Type.Object({
  answer: nullable(Type.String({ description: 'What the person answered; null when nobody has yet.' })),
  question_id: Uuid('The message that is the question.'),
  instance_status: StatusForAgent,
  user_feedback: Type.Optional(feedback),
  warnings: Type.Optional(
    Type.Array(Type.String(), {
      description: 'What was replaced in what you wrote, and why; or that you were given this answer before.',
    }),
  ),
})

/** Arguments of the tool `end_session`. */
export const EndSessionArguments = Type.Object({ agent_instance_id: instanceId })

/** Result of the tool `end_session`. */
export const EndSessionResult = Type.Object({
  success: Type.Boolean(),
  agent_instance_id: instanceId,
  final_status: Status,
  instance_status: StatusForAgent,
})
