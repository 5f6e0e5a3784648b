import { createPublicKey } from 'node:crypto'
import t from 'tap'
import { startService } from '../helpers/app.js'
import { AUDIENCE, newKey, startProvider } from '../helpers/openid-provider.js'
import { claims, encode, sign as signByHand } from '../helpers/tokens.js'

t.test('tokens that anybody but the provider made, or made for somebody else, let nobody in', async (t) => {
  const provider = await startProvider(t)
  const { issuer, rsa, ec, ed, sign } = provider
  const { request, app } = await startService(t, { OIDC_ISSUER: issuer, OIDC_AUDIENCE: AUDIENCE })
  const now = Math.floor(Date.now() / 1000)
  const theirs = { iss: issuer, aud: AUDIENCE }
  const jwk = rsa.publicJwk
  const publicKey = createPublicKey({ key: { ...jwk }, format: 'jwk' })
  const withSecret = (secret: string, alg = 'HS256') =>
    signByHand(claims('ada', theirs), { alg, header: { kid: rsa.kid }, secret })
  const unsigned = (alg: string) => withSecret('x', alg).replace(/[^.]+$/, '')
  const [head = '', , signature = ''] = (await sign(rsa, 'ada')).split('.')
  const payload = Buffer.from(JSON.stringify({ ...theirs, sub: 'eve', exp: now + 60 })).toString('base64url')
  const stranger = await newKey(rsa.kid, 'RS256')
  const { alg: _, ...anyAlgorithm } = rsa.privateJwk
  const pems = (['spki', 'pkcs1'] as const).map((type) => publicKey.export({ type, format: 'pem' }).toString())

  const refused: Record<string, string> = {
    'another audience': await sign(rsa, 'ada', { claims: { aud: 'https://other.test' } }),
    'several audiences, none of them ours': await sign(rsa, 'ada', { claims: { aud: ['a', `${AUDIENCE}/`] } }),
    'no audience at all': await sign(rsa, 'ada', { claims: { aud: undefined } }),
    'an empty list of audiences': await sign(rsa, 'ada', { claims: { aud: [] } }),
    'another issuer': await sign(rsa, 'ada', { claims: { iss: 'http://127.0.0.1:1' } }),
    'the issuer with a slash': await sign(rsa, 'ada', { claims: { iss: `${issuer}/` } }),
    'a list that has the issuer': await sign(rsa, 'ada', { claims: { iss: [issuer] } }),
    'our own issuer, with a key of the provider': await sign(rsa, 'ada', {
      claims: { iss: 'signalbox', aud: 'signalbox' },
    }),
    'no issuer': await sign(rsa, 'ada', { claims: { iss: undefined } }),
    'no expiry': await sign(rsa, 'ada', { claims: { exp: undefined } }),
    'a start in the future': await sign(rsa, 'ada', { claims: { nbf: now + 60 } }),
    'no subject': await sign(rsa, 'ada', { claims: { sub: undefined } }),
    'an empty subject': await sign(rsa, ''),
    'an over-long subject': await sign(rsa, 'x'.repeat(256)),
    'a subject with a NUL character': await sign(rsa, 'a\0b'),
    'no algorithm': unsigned('none'),
    'no algorithm, in another case': unsigned('None'),
    'no signature': unsigned('RS256'),
    'HS256 with our own secret, and the issuer of the provider': signByHand(claims('ada', theirs)),
    'HS256 with the public key as a secret': withSecret(pems[0] ?? ''),
    'HS256 with the public key in its other form': withSecret(pems[1] ?? ''),
    'HS256 with the trimmed public key': withSecret(pems[0]?.trim() ?? ''),
    'HS512 with the public key': withSecret(pems[0] ?? '', 'HS512'),
    'HS256 with the JWK as a secret': withSecret(JSON.stringify(jwk)),
    'HS256 with the modulus as a secret': withSecret(jwk.n ?? ''),
    'the algorithm of another kind of key': await sign(rsa, 'ada', { header: { kid: ec.kid } }),
    'the key id of a key for another curve': await sign(ec, 'ada', { header: { kid: ed.kid } }),
    'another algorithm of the same kind of key': await sign({ ...rsa, alg: 'PS256', privateJwk: anyAlgorithm }, 'ada'),
    'an unknown key id': await sign(rsa, 'ada', { header: { kid: 'nobody' } }),
    'a key id that is no text': `${encode({ alg: 'RS256', kid: 1 })}.${payload}.${signature}`,
    'the signature of other claims': `${head}.${payload}.${signature}`,
    'a key of somebody else with the same id': await sign(stranger, 'ada'),
    'a key that the token brings along': await sign(stranger, 'ada', { header: { jwk: stranger.publicJwk } }),
    'a place where the token says its key is': await sign(stranger, 'ada', { header: { jku: 'http://127.0.0.1:1' } }),
    'an extension that we do not know': await sign(rsa, 'ada', { header: { b64: true, crit: ['b64'] } }),
    'a logout token': await sign(rsa, 'ada', { header: { typ: 'logout+jwt' } }),
    'a type that is no text': `${encode({ alg: 'RS256', kid: 'rsa', typ: {} })}.${payload}.${signature}`,
    'claims that are no object': `${head}.${Buffer.from('"x"').toString('base64url')}.${signature}`,
    'an algorithm that only the token asks for': await sign(rsa, 'ada').then((token) =>
      token.replace(/^[^.]+/, encode({ alg: 'RS512', kid: rsa.kid })),
    ),
  }
  for (const [name, token] of Object.entries(refused)) {
    const answer = await request('GET', '/api/v1/auth/me', { token })
    t.match(answer, { status: 401, body: { code: 'invalid_token' } }, name)
  }
  const expired = await sign(rsa, 'ada', { claims: { exp: now - 60 } })
  t.match(await request('GET', '/api/v1/auth/me', { token: expired }), { status: 401, body: { code: 'token_expired' } })
  const nobody = { sub: '0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11', sid: '0199b1a0-6a10-7b57-8a83-9c2d5c8e7f31' }
  t.equal(
    (await request('GET', '/api/v1/auth/me', { token: app.jwt.sign(nobody) })).body.code,
    'account_gone',
    'a token of our own is looked at by our own rules',
  )
})

t.test('what the provider may say in different ways is accepted in each of them', async (t) => {
  const provider = await startProvider(t)
  const { rsa, ec, ed, sign } = provider
  const { request } = await startService(t, { OIDC_ISSUER: provider.issuer, OIDC_AUDIENCE: AUDIENCE })
  const more = await Promise.all(['RS512', 'PS384', 'ES384', 'ES512'].map((alg) => newKey(alg, alg)))
  provider.rotate(rsa, ec, ed, ...more)
  const now = Math.floor(Date.now() / 1000)
  const accepted: Record<string, string> = {
    'an RSA key': await sign(rsa, 'ada'),
    'an elliptic curve': await sign(ec, 'ada'),
    ...Object.fromEntries(await Promise.all(more.map(async (key) => [key.alg, await sign(key, 'ada')]))),
    'an Edwards curve': await sign(ed, 'ada'),
    'several audiences': await sign(rsa, 'ada', { claims: { aud: ['https://other.test', AUDIENCE] } }),
    'no key id, where one key only fits': await sign(rsa, 'ada', { header: { kid: undefined } }),
    'the type of an access token': await sign(rsa, 'ada', { header: { typ: 'application/AT+JWT' } }),
    'a clock that is a little ahead': await sign(rsa, 'ada', { claims: { nbf: now + 4, iat: now + 4 } }),
  }
  const ids = new Set<string>()
  for (const [name, token] of Object.entries(accepted)) {
    const answer = await request('GET', '/api/v1/auth/me', { token })
    t.equal(answer.status, 200, name)
    ids.add(answer.body.id)
  }
  t.equal(ids.size, 1, 'it is the same person each time')
})

t.test('without a key id a token is refused where several keys fit it', async (t) => {
  const provider = await startProvider(t)
  const second = await newKey('second', 'RS256')
  provider.rotate(provider.rsa, second)
  const { request } = await startService(t, { OIDC_ISSUER: provider.issuer, OIDC_AUDIENCE: AUDIENCE })
  const named = await provider.sign(second, 'ada')
  t.equal((await request('GET', '/api/v1/auth/me', { token: named })).status, 200)
  const unnamed = await provider.sign(second, 'ada', { header: { kid: undefined } })
  t.match(await request('GET', '/api/v1/auth/me', { token: unnamed }), { status: 401, body: { code: 'invalid_token' } })
})

t.test('neither a token nor the identity in it reaches the log', async (t) => {
  const provider = await startProvider(t)
  const { request, logged } = await startService(t, { OIDC_ISSUER: provider.issuer, OIDC_AUDIENCE: AUDIENCE })
  const good = await provider.sign(provider.rsa, 'a subject of its own')
  const bad = await provider.sign(provider.rsa, 'a subject of its own', { claims: { aud: 'x' } })
  for (const token of [good, bad]) {
    await request('GET', '/api/v1/auth/me', { token })
    await request('PUT', '/api/v1/auth/external-identity', { token: good, body: { token } })
  }
  await provider.stop()
  const unknown = await provider.sign(provider.rsa, 'a subject of its own', { header: { kid: 'new' } })
  await request('GET', '/api/v1/auth/me', { token: unknown })
  const log = logged.join('')
  t.ok(log.length > 0)
  for (const secret of [good, bad, unknown, 'a subject of its own']) t.notOk(log.includes(secret))
})
