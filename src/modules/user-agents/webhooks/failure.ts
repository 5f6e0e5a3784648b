import type { ProblemCode } from '../../../../schemas/problem.js'
import { ProblemError } from '../../../errors.js'
import type { OutgoingAnswer } from '../../../outgoing/caller.js'
import type { OutgoingError, OutgoingFailure } from '../../../outgoing/outgoing-error.js'

/**
 * Why a launch failed, as the run stores it and the answer says it. Of the receiver's answer it contains only the
 * status.
 */
export interface LaunchFailure {
  readonly code: ProblemCode
  readonly detail: string
  readonly remoteStatus?: number
}

/** What to do about each failure. */
const advice: Record<OutgoingFailure, readonly [code: ProblemCode, what: string]> = {
  url_refused: ['webhook_misconfigured', 'Correct the URL of the webhook'],
  request_refused: ['webhook_misconfigured', 'Correct the key and the headers of the webhook'],
  address_refused: ['webhook_address_refused', 'Use a URL on the internet, or have the operator allow the network'],
  dns: ['webhook_connection_failed', 'Check the host name in the URL of the webhook'],
  connection: ['webhook_connection_failed', 'Check that the receiver runs, and can be reached from the server'],
  tls: ['webhook_tls_failed', 'Check the certificate of the receiver: it has to be valid and for this host name'],
  timeout: ['webhook_timeout', 'The receiver has to answer at once, and start the agent afterwards'],
  protocol: ['webhook_http_error', 'Check that the URL leads to an HTTP server'],
  busy: ['webhook_timeout', 'Try again in a moment, when the receiver has answered them'],
  aborted: ['webhook_connection_failed', 'The service is restarting; launch again in a moment'],
}

/** @returns the failure of a launch whose call got no answer */
export function failureOf(error: OutgoingError): LaunchFailure {
  const [code, what] = advice[error.kind]
  return { code, detail: `The webhook could not be called. ${sentence(error.message)} ${what}.` }
}

/** @returns the failure of a launch by the receiver's answer; undefined when it was accepted */
export function refusalOf({ status }: Pick<OutgoingAnswer, 'status'>): LaunchFailure | undefined {
  if (status >= 200 && status < 300) return undefined
  const detail = `The webhook answered ${status}. ${sentence(meaningOf(status))}`
  return { code: 'webhook_http_error', detail, remoteStatus: status }
}

/** @returns the 424 for a launch that failed */
export function launchProblem({ code, detail, remoteStatus }: LaunchFailure, instanceId?: string): ProblemError {
  return new ProblemError(code, detail, {
    extensions: {
      ...(remoteStatus === undefined ? {} : { remote_status: remoteStatus }),
      ...(instanceId === undefined ? {} : { agent_instance_id: instanceId }),
    },
  })
}

function meaningOf(status: number): string {
  if (status === 401 || status === 403) return 'It refused the credentials: check the key or token of the webhook'
  if (status === 404 || status === 405) return 'Check the URL or the repository, and that the token has access to it'
  if (status === 400 || status === 422)
    return 'It did not take the fields that it was sent: check them and the type of the webhook'
  if (status === 429) return 'It has too much to do; try again later'
  if (status < 400) return 'Redirects are not followed: enter the URL that it leads to'
  if (status < 500) return 'It refused the call: check the configuration of the webhook'
  return 'The receiver failed: look at its log'
}

function sentence(text: string): string {
  return text.endsWith('.') ? text : `${text}.`
}
