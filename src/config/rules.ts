import { isIP } from 'node:net'
import { isNetwork } from '../outgoing/address-policy.js'
import { readKey } from '../secrets/keys.js'
import { weaknessOf } from '../secrets/strength.js'
import { splitList } from './lists.js'

/** Variables that are set, with their text. */
type Given = Readonly<Record<string, string | undefined>>

/**
 * Checks what the schema of the settings cannot express: the meaning of texts, and dependencies between settings.
 *
 * @returns a sentence for each broken rule; without values, which may be secrets
 */
export function rulesBrokenBy(given: Given, isProduction: boolean): string[] {
  return [
    ...(given['DATABASE_URL'] && !given['JWT_SECRET'] ? ['JWT_SECRET is required with DATABASE_URL'] : []),
    ...(given['DATABASE_URL'] && !URL.canParse(given['DATABASE_URL']) ? ['DATABASE_URL must be a URL'] : []),
    ...(given['NATS_URL'] && !URL.canParse(given['NATS_URL']) ? ['NATS_URL must be a URL'] : []),
    ...weakSecrets(given, isProduction),
    ...secretsKeyComplaints(given, isProduction),
    ...(isTrustProxy(given['TRUST_PROXY'])
      ? []
      : ['TRUST_PROXY must be true, false, a number of proxies, or a list of addresses and CIDRs']),
    ...identityComplaints(given),
    ...(given['GITHUB_API_URL'] && !URL.canParse(given['GITHUB_API_URL']) ? ['GITHUB_API_URL must be a URL'] : []),
    ...(splitList(given['WEBHOOK_ALLOW_NETWORKS']).every(isNetwork)
      ? []
      : ['WEBHOOK_ALLOW_NETWORKS must be a list of CIDRs']),
  ]
}

/** Tests and trials may have any secret; a service that is reachable from outside may not. */
function weakSecrets(given: Given, isProduction: boolean): string[] {
  const weakness = isProduction && given['JWT_SECRET'] ? weaknessOf(given['JWT_SECRET']) : undefined
  return weakness ? [`JWT_SECRET ${weakness}; make one with \`openssl rand -base64 32\``] : []
}

/** Without a `DATA_DIR` to keep a key in, trials get one that is derived from `JWT_SECRET`. */
function secretsKeyComplaints(given: Given, isProduction: boolean): string[] {
  const advice = 'make one with `openssl rand -base64 32`'
  const keys = splitList(given['SECRETS_KEY'])
  if (given['SECRETS_KEY'] && (keys.length === 0 || !keys.every(readKey))) {
    return [`SECRETS_KEY must be 32 bytes in base64, or several of those; ${advice}`]
  }
  if (!isProduction) return []
  const weakness = keys.map(weaknessOf).find((found) => found !== undefined)
  return weakness ? [`SECRETS_KEY ${weakness}; ${advice}`] : []
}

/** Faults in the sign-in settings. */
function identityComplaints(given: Given): string[] {
  const { OIDC_ISSUER: issuer, OIDC_AUDIENCE: audience, LOCAL_ACCOUNTS: localAccounts } = given
  return [
    ...(issuer && !audience ? ['OIDC_AUDIENCE is required with OIDC_ISSUER'] : []),
    ...(audience && !issuer ? ['OIDC_ISSUER is required with OIDC_AUDIENCE'] : []),
    ...(audience && splitList(audience).length === 0 ? ['OIDC_AUDIENCE must name an audience'] : []),
    ...(issuer && !isTrustworthyUrl(issuer) ? ['OIDC_ISSUER must be an https URL (http only on a loopback host)'] : []),
    ...(localAccounts === 'off' && !issuer ? ['LOCAL_ACCOUNTS=off needs OIDC_ISSUER: nobody could sign in'] : []),
  ]
}

/** Keys fetched over plain http can be forged, unless they never leave the machine. */
export function isTrustworthyUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname, username, password } = new URL(text)
  if (username || password) return false
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname))
}

/** As the URL parser writes hosts: short forms of IPv4 become the long one. */
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/

/** More proxies than any deployment has in a row. */
const PROXY_COUNT = /^[1-9]\d?$/

/** A number of proxies, or a value that `@fastify/proxy-addr` takes; it would complain only when the service is built. */
function isTrustProxy(value: string | undefined): boolean {
  if (value === undefined || ['true', 'false'].includes(value) || PROXY_COUNT.test(value)) return true
  const ranges = splitList(value)
  return ranges.length > 0 && ranges.every(isProxyRange)
}

function isProxyRange(item: string): boolean {
  const [address = '', bits, ...rest] = item.split('/')
  const family = isIP(address)
  if (bits === undefined) return family !== 0 || ['loopback', 'linklocal', 'uniquelocal'].includes(item)
  return family !== 0 && rest.length === 0 && /^[1-9]\d{0,2}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128)
}
