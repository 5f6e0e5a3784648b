import { once } from 'node:events'
import { createServer } from 'node:http'
import { exportJWK, generateKeyPair, importJWK, SignJWT } from 'jose'
import type { Provider } from './abuser.js'

const ALGORITHM = 'ES256'
const KEY_ID = 'benchmark'

/** Serves the metadata and key of an OpenID provider, until it is closed. */
export async function startProvider(): Promise<Provider & { close(): void }> {
  const { privateKey, publicKey } = await generateKeyPair(ALGORITHM, { extractable: true })
  const key = { ...(await exportJWK(publicKey)), kid: KEY_ID, alg: ALGORITHM, use: 'sig' }
  let issuer = ''
  const server = createServer(({ url }, response) => {
    const isMetadata = url?.startsWith('/.well-known/')
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(isMetadata ? { issuer, jwks_uri: `${issuer}/keys` } : { keys: [key] }))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const close = () => {
    server.close()
    server.closeAllConnections()
  }
  const address = server.address()
  issuer = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
  return { issuer, audience: 'benchmark', privateKey: await exportJWK(privateKey), close }
}

/** @returns a token of a user with a verified address */
export async function signToken(
  { issuer, audience, privateKey }: Provider,
  { subject, email }: { subject: string; email: string },
): Promise<string> {
  return new SignJWT({ email, email_verified: true })
    .setProtectedHeader({ alg: ALGORITHM, kid: KEY_ID })
    .setIssuer(issuer)
    .setAudience(audience)
    .setSubject(subject)
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(await importJWK(privateKey, ALGORITHM))
}
