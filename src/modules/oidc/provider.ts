import { KeyObject } from 'node:crypto'
import { type CryptoKey, createRemoteJWKSet, customFetch, errors, type RemoteJWKSetOptions } from 'jose'
import { isTrustworthyUrl } from '../../config.js'
import { fetchJson } from './fetch-json.js'
import type { TokenHeader } from './token.js'

/** Milliseconds for fetching metadata and keys, together. Requests wait for it, all for the same one. */
const FETCH_TIMEOUT = 4_000

/** Milliseconds without another attempt after one that failed. */
const FAILURE_COOLDOWN = 2_000

/**
 * Milliseconds between fetches for a key that the last key set did not have. A rotated key is found that fast; tokens
 * with made-up key ids cause no more requests than that.
 */
const UNKNOWN_KEY_COOLDOWN = 5_000

/** Milliseconds after which the keys are fetched again in any case, so that a withdrawn key ends. */
const MAX_KEY_AGE = 10 * 60_000

/** Bits; RFC 7518, sections 3.3 and 3.5. */
const MIN_RSA_BITS = 2048

/** The OpenID provider cannot be reached, or its answer is invalid. A later retry may succeed. */
export class ProviderUnavailableError extends Error {
  override readonly name = 'ProviderUnavailableError'
}

/**
 * The keys of an OpenID provider. Nothing is fetched before the first token arrives, so the service starts without the
 * provider. Each fetch of the keys begins at the metadata, which has their URL. Source: OpenID Connect Discovery 1.0,
 * section 4.
 */
export class OpenIdProvider {
  readonly issuer: string
  readonly #keys: ReturnType<typeof createRemoteJWKSet>
  readonly #pems = new WeakMap<CryptoKey, string>()
  #failure: { readonly error: unknown; readonly until: number } | undefined

  constructor(issuer: string) {
    this.issuer = issuer
    const options: RemoteJWKSetOptions = {
      timeoutDuration: FETCH_TIMEOUT,
      cooldownDuration: UNKNOWN_KEY_COOLDOWN,
      cacheMaxAge: MAX_KEY_AGE,
      [customFetch]: async (url, { signal }) => Response.json(await this.#fetchKeys(url, signal)),
    }
    this.#keys = createRemoteJWKSet(metadataUrl(issuer), options)
  }

  /**
   * @returns the provider's one key that matches the token's key id and algorithm, as PEM; undefined if there is none
   * @throws {ProviderUnavailableError} when the keys could not be fetched
   */
  async keyFor({ alg, kid }: TokenHeader): Promise<string | undefined> {
    try {
      const key = await this.#keys({ alg, ...(kid === undefined ? {} : { kid }) })
      return this.#asPem(key)
    } catch (error) {
      // Without a key id there has to be one key only. Source: OpenID Connect Core 1.0, section 10.1.
      if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys)
        return undefined
      throw new ProviderUnavailableError(`the keys of ${this.issuer} cannot be had`, { cause: error })
    }
  }

  #asPem(key: CryptoKey): string {
    const known = this.#pems.get(key)
    if (known) return known
    const publicKey = KeyObject.from(key)
    const bits = publicKey.asymmetricKeyDetails?.modulusLength
    if (bits !== undefined && bits < MIN_RSA_BITS) throw new Error(`an RSA key has ${bits} bits only`)
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
    this.#pems.set(key, pem)
    return pem
  }

  async #fetchKeys(url: string, signal: AbortSignal): Promise<{ keys: object[] }> {
    if (this.#failure && Date.now() < this.#failure.until) throw this.#failure.error
    try {
      const keys = await fetchJson(this.#keysUrl(await fetchJson(url, signal)), signal)
      if (!isKeySet(keys)) throw new Error('the key set is not one')
      this.#failure = undefined
      return keys
    } catch (error) {
      this.#failure = { error, until: Date.now() + FAILURE_COOLDOWN }
      throw error
    }
  }

  /** Metadata of another issuer would let one provider speak for another one: section 4.3. */
  #keysUrl(metadata: unknown): string {
    if (typeof metadata !== 'object' || metadata === null || !('issuer' in metadata) || !('jwks_uri' in metadata)) {
      throw new Error('the metadata lacks issuer or jwks_uri')
    }
    const { issuer, jwks_uri: url } = metadata
    if (issuer !== this.issuer) throw new Error(`the metadata is that of ${issuer}: OIDC_ISSUER has to be exactly that`)
    if (typeof url !== 'string' || !isTrustworthyUrl(url)) throw new Error(`the keys are not at an https URL: ${url}`)
    return url
  }
}

/** The issuer's own path comes first, and its trailing slash does not count: section 4.1. */
function metadataUrl(issuer: string): URL {
  return new URL(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`)
}

function isKeySet(value: unknown): value is { keys: object[] } {
  if (typeof value !== 'object' || value === null || !('keys' in value) || !Array.isArray(value.keys)) return false
  return value.keys.every((key) => typeof key === 'object' && key !== null && !Array.isArray(key))
}
