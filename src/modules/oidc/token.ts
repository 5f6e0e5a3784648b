/**
 * Signature algorithms with a public key. There is no `none`, and no HS256: a secret that the provider publishes, as it
 * does with its keys, is none.
 */
const ALGORITHMS = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA'],
] as const

/**
 * Types of tokens that authenticate a person: ID tokens and access tokens. Others of the same issuer and audience, such
 * as logout tokens, name a person as well, but must not be accepted. Source: RFC 8725, section 3.11.
 */
const TYPES = ['jwt', 'at+jwt', 'application/at+jwt']

/** A signature algorithm that is accepted. Source: RFC 7518, section 3.1. */
export type Algorithm = (typeof ALGORITHMS)[number]

/** What the header of an acceptable token says about its key. */
export interface TokenHeader {
  readonly alg: Algorithm
  readonly kid?: string
}

/** What a verified token says. */
export interface IdentityClaims {
  readonly subject: string
  /** Milliseconds since the epoch. */
  readonly expiresAt: number
  /** When the person signed in at the provider, if it says so. Source: OpenID Connect Core 1.0, section 2, `auth_time`. */
  readonly authenticatedAt: Date | undefined
  /** In lower case; only if the provider has verified it. */
  readonly email: string | null
  readonly name: string | null
}

/** @returns the `iss` that a token claims to have, or undefined if it is no token; nothing is verified yet */
export function claimedIssuer(token: string): unknown {
  return parseSegment(token.split('.')[1])?.['iss']
}

/** @returns undefined when no token with such a header is acceptable, whatever the key */
export function readHeader(token: string): TokenHeader | undefined {
  const { alg: name, kid, typ } = parseSegment(token.split('.')[0]) ?? {}
  const alg = ALGORITHMS.find((algorithm) => algorithm === name)
  const isFit = typ === undefined || (typeof typ === 'string' && TYPES.includes(typ.toLowerCase()))
  if (!alg || !isFit) return undefined
  if (kid === undefined) return { alg }
  return typeof kid === 'string' ? { alg, kid } : undefined
}

/**
 * @param payload of a token whose signature, issuer, audience and times are verified
 * @returns undefined when it does not identify a person
 */
export function readClaims(payload: Record<string, unknown>): IdentityClaims | undefined {
  const subject = text(payload['sub'], 255)
  const { exp, auth_time: authTime, email_verified: isVerified, email, name } = payload
  if (!subject || typeof exp !== 'number') return undefined
  return {
    subject,
    expiresAt: exp * 1000,
    authenticatedAt: typeof authTime === 'number' ? new Date(authTime * 1000) : undefined,
    // Strictly true: other values are a provider's own invention.
    email: isVerified === true ? address(email) : null,
    name: text(name, 255)?.trim() || null,
  }
}

function address(value: unknown): string | null {
  const email = text(value, 254)?.toLowerCase()
  return email && /^[^\s@]+@[^\s@]+$/.test(email) ? email : null
}

/** Control characters and lone surrogates are invalid in all of these; PostgreSQL would not store all of them. */
function text(value: unknown, maxLength: number): string | null {
  return typeof value === 'string' && value.length <= maxLength && !/[\p{Cc}\p{Cs}]/u.test(value) ? value : null
}

function parseSegment(segment: string | undefined): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(segment ?? '', 'base64url').toString('utf8'))
    return typeof value === 'object' && value !== null ? { ...value } : undefined
  } catch {
    return undefined
  }
}
