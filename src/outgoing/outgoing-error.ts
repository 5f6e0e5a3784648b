/**
 * Why a call failed.
 *
 * - `url_refused`: the URL itself is not acceptable
 * - `address_refused`: it leads to an address that may not be called
 * - `dns`: the host's name has no address
 * - `connection`: no connection could be made, or it broke before an answer came
 * - `tls`: the other side's certificate is invalid, or it does not speak TLS
 * - `timeout`: no answer came in time
 * - `protocol`: the answer is not HTTP
 * - `request_refused`: a header or the method cannot be sent
 * - `busy`: too many calls to the host are under way; this one was not made
 * - `aborted`: the caller gave up, or the service is stopping
 */
export type OutgoingFailure =
  | 'url_refused'
  | 'address_refused'
  | 'dns'
  | 'connection'
  | 'tls'
  | 'timeout'
  | 'protocol'
  | 'request_refused'
  | 'busy'
  | 'aborted'

/**
 * A call that got no answer. The message is human-readable and safe to show: it contains no part of the request or the answer,
 * and no address that a name resolved to. There is no `cause`, since its message could contain them.
 */
export class OutgoingError extends Error {
  override readonly name = 'OutgoingError'
  readonly kind: OutgoingFailure

  constructor(kind: OutgoingFailure, message: string) {
    super(message)
    this.kind = kind
  }
}

/** OpenSSL's and Node's error codes for certificates and handshakes. */
const TLS_CODES =
  /^(ERR_TLS_|ERR_SSL_|ERR_OSSL_|CERT_|CRL_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|INVALID_CA|INVALID_PURPOSE|HOSTNAME_MISMATCH|EPROTO)/

/** @returns the classified error of the HTTP client or of a socket, without its message */
export function translated(error: unknown): OutgoingError {
  if (error instanceof OutgoingError) return error
  const code = codeOf(error)
  if (TLS_CODES.test(code)) return new OutgoingError('tls', `The TLS connection could not be made (${code})`)
  if (
    code.startsWith('HPE_') ||
    code === 'UND_ERR_HEADERS_OVERFLOW' ||
    code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH'
  ) {
    return new OutgoingError('protocol', 'What came back is not HTTP')
  }
  if (/^UND_ERR_(CONNECT|HEADERS|BODY)_TIMEOUT$|^ETIMEDOUT$/.test(code)) {
    return new OutgoingError('timeout', 'There was no answer in time')
  }
  if (code === 'UND_ERR_INVALID_ARG')
    return new OutgoingError('request_refused', 'The request cannot be sent like this')
  return new OutgoingError(
    'connection',
    `There is no connection to the server${/^E[A-Z]+$/.test(code) ? ` (${code})` : ''}`,
  )
}

/** Of several attempts at the addresses of a name, the first one's error. */
function codeOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0])
  if (!(error instanceof Error)) return ''
  // undici's error for an answer that is not HTTP has no code.
  if (error.name === 'HTTPParserError') return 'HPE_UNKNOWN'
  return 'code' in error && typeof error.code === 'string' ? error.code : ''
}
