import { createHash, randomUUID } from 'node:crypto'
import { crc32 } from 'node:zlib'
import t from 'tap'
import { type Answer, startService } from '../helpers/app.js'
import { connectAsOwner } from '../helpers/owner.js'
import { until } from '../helpers/wait-timeout.js'

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

t.test('API keys', async (t) => {
  const { services, request, newUser, testDatabase, database } = await startService(t)
  const owner = await connectAsOwner(t, testDatabase)
  const verify = (token: string) => request('GET', '/api/v1/auth/verify', { token })

  t.test('a key is 256 bits in base62 and their checksum', async (t) => {
    const user = await newUser()
    const keys = await Promise.all(Array.from({ length: 5 }, () => user.newKey()))
    t.equal(new Set(keys).size, 5)
    for (const key of keys) {
      const [, secret = '', checksum = ''] = /^sbx_([0-9A-Za-z]{43})([0-9A-Za-z]{6})$/.exec(key) ?? []
      t.equal(numberOf(checksum), BigInt(crc32(secret)))
      t.ok(numberOf(secret) < 2n ** 256n)
    }
  })

  t.test('a key is shown once: only its hash and its first characters are kept', async (t) => {
    const { call, id } = await newUser()
    const created = await call('POST', '/auth/api-keys', { name: 'laptop', expires_in_days: 30 })
    t.equal(created.status, 200)
    t.strictSame(Object.keys(created.body).sort(), ['api_key', 'created_at', 'expires_at', 'id', 'name', 'scopes'])
    const { api_key: key, ...kept } = created.body
    t.match(kept, { name: 'laptop', scopes: ['agent'] })

    const { rows } = await owner.query('select api_keys.*, api_keys::text as row from api_keys where user_id = $1', [
      id,
    ])
    t.equal(rows.length, 1)
    t.equal(rows[0].key_hash, createHash('sha256').update(key).digest('hex'))
    t.equal(rows[0].key_prefix, key.slice(0, 12))
    t.notOk(rows[0].row.includes(key.slice(0, 13)), 'no more of the key is anywhere')

    const listed = await call('GET', '/auth/api-keys')
    t.strictSame(listed.body, [
      { ...kept, api_key: `${key.slice(0, 12)}********`, last_used_at: null, is_active: true },
    ])
  })

  t.test('a key tells whose it is', async (t) => {
    const user = await newUser()
    await user.call('PATCH', '/auth/me', { display_name: 'Ada' })
    const answer = await verify(await user.newKey())
    t.equal(answer.status, 200)
    const { message, ...rest } = answer.body
    t.type(message, 'string')
    t.strictSame(rest, { success: true, user_id: user.id, email: user.email, display_name: 'Ada' })
  })

  t.test('it expires after so many days, or never', async (t) => {
    const { id, call } = await newUser()
    const { body: dated } = await call('POST', '/auth/api-keys', { name: 'dated', expires_in_days: 7 })
    t.equal(Date.parse(dated.expires_at) - Date.parse(dated.created_at), 7 * 24 * 60 * 60 * 1000)
    t.equal((await call('POST', '/auth/api-keys', { name: 'endless' })).body.expires_at, null)
    for (const [expires_in_days, expected] of [
      [36_500, 36_500],
      [36_501, 36_500],
      [999_999, 36_500],
      [1e300, 36_500],
    ] as const) {
      const { status, body } = await call('POST', '/auth/api-keys', { name: 'for long', expires_in_days })
      t.equal(status, 200)
      t.equal(Math.round((Date.parse(body.expires_at) - Date.parse(body.created_at)) / 86_400_000), expected)
    }
    const legacy = await call('POST', '/auth/api-keys', { name: 'endless', expires_in_days: null, extra: 1 })
    t.equal(legacy.body.expires_at, null)

    t.equal((await verify(dated.api_key)).status, 200)
    await owner.query(`update api_keys set expires_at = now() - interval '1 second' where id = $1`, [dated.id])
    services.revocations.note(id)
    const refused = await verify(dated.api_key)
    t.equal(refused.status, 401)
    t.equal(refused.body.code, 'api_key_expired')
    t.equal(refused.headers['www-authenticate'], 'Bearer error="invalid_token"')
    const { body: listed } = await call('GET', '/auth/api-keys')
    t.strictSame(
      listed.map(({ name, is_active }: { name: string; is_active: boolean }) => [name, is_active]),
      [['endless', true], ...Array(4).fill(['for long', true]), ['endless', true], ['dated', false]],
    )
  })

  t.test('a revoked key stops working at once, stays in the list, and can be revoked again', async (t) => {
    const user = await newUser()
    const key = await user.newKey()
    const [{ id }] = (await user.call('GET', '/auth/api-keys')).body
    t.equal((await verify(key)).status, 200)
    const revoke = () =>
      user.call('DELETE', `/auth/api-keys/${id}`, undefined, { headers: { 'content-type': 'application/json' } })
    const revoked = await revoke()
    t.equal(revoked.status, 200)
    t.strictSame(Object.keys(revoked.body), ['message'])
    t.equal((await verify(key)).body.code, 'invalid_api_key')
    const revokedAt = async () =>
      (await owner.query('select revoked_at from api_keys where id = $1', [id])).rows[0].revoked_at.getTime()
    const first = await revokedAt()
    t.equal((await revoke()).status, 200)
    t.equal(await revokedAt(), first, 'the first time counts')
    const { body: listed } = await user.call('GET', '/auth/api-keys')
    t.equal(listed.length, 1)
    t.equal(listed[0].is_active, false)
  })

  t.test("another tenant's key cannot be revoked or seen", async (t) => {
    const [user, other] = [await newUser(), await newUser()]
    const key = await user.newKey()
    const [{ id }] = (await user.call('GET', '/auth/api-keys')).body
    for (const target of [id, randomUUID()]) {
      const answer = await other.call('DELETE', `/auth/api-keys/${target}`)
      t.equal(answer.status, 404)
      t.equal(answer.body.code, 'not_found')
    }
    t.strictSame((await other.call('GET', '/auth/api-keys')).body, [])
    t.equal((await verify(key)).status, 200)
  })

  t.test('its last use is written at most once a minute', async (t) => {
    const user = await newUser()
    const key = await user.newKey()
    const lastUse = async () => {
      const { rows } = await owner.query(
        'select last_used_at, xmin::text as version from api_keys where user_id = $1',
        [user.id],
      )
      return rows[0]
    }
    t.equal((await lastUse()).last_used_at, null)
    await Promise.all([verify(key), verify(key), verify(key)])
    await until('its use to be noted', async () => (await lastUse()).last_used_at !== null)
    const first = await lastUse()
    await verify(key)
    t.strictSame(await lastUse(), first, 'the row was not written again')
    t.equal((await user.call('GET', '/auth/api-keys')).body[0].last_used_at, first.last_used_at.toISOString())

    await owner.query(`update api_keys set last_used_at = now() - interval '61 seconds' where user_id = $1`, [user.id])
    services.revocations.note(user.id)
    await verify(key)
    await until('it to be, a minute later', async () => (await lastUse()).last_used_at >= first.last_used_at)
  })

  t.test('a mistyped key is refused without a look at the database', async (t) => {
    const key = await (await newUser()).newKey()
    const swapped = key.slice(0, 20) + key.charAt(21) + key.charAt(20) + key.slice(22)
    const mistyped = [
      `${key}x`,
      key.slice(0, -1),
      `${key.slice(0, -1)}${key.endsWith('0') ? '1' : '0'}`,
      swapped === key ? `${key.slice(0, 4)}${'0'.repeat(49)}` : swapped,
      `sbx_${'0'.repeat(42)}1${'0'.repeat(6)}`,
      'sbx_',
      `${key.slice(0, 20)}-${key.slice(21)}`,
    ]
    const lookup = database.lookup.bind(database)
    const lookedUp: string[] = []
    database.lookup = (credential) => {
      lookedUp.push(credential)
      return lookup(credential)
    }
    t.teardown(() => {
      database.lookup = lookup
    })
    for (const token of mistyped) {
      const answer = await verify(token)
      t.equal(answer.status, 401, token)
      t.equal(answer.body.code, 'invalid_api_key')
      t.equal(answer.headers['www-authenticate'], 'Bearer error="invalid_token"')
    }
    t.strictSame(lookedUp, [])
    t.equal((await verify(key)).status, 200)
    t.strictSame(lookedUp, [createHash('sha256').update(key).digest('hex')], 'a good one is looked up')
  })

  t.test('a well-formed key that nobody minted is refused', async (t) => {
    const secret = 'A'.repeat(43)
    const answer = await verify(`sbx_${secret}${inBase62(BigInt(crc32(secret)), 6)}`)
    t.equal(answer.status, 401)
    t.equal(answer.body.code, 'invalid_api_key')
  })

  t.test('a command line gets a key with and without a body', async (t) => {
    const { call } = await newUser()
    const json = { headers: { 'content-type': 'application/json' } }
    const answers = [
      await call('POST', '/auth/cli-key'),
      await call('POST', '/auth/cli-key', undefined, json),
      await call('POST', '/auth/cli-key', {}),
      await call('POST', '/auth/cli-key', { name: null }),
      await call('POST', '/auth/cli-key', { name: 'my laptop', extra: true }),
    ]
    for (const { status, body } of answers) {
      t.equal(status, 200)
      t.equal(body.expires_at, null)
      t.strictSame(body.scopes, ['agent'])
      t.ok(body.name)
      t.equal((await verify(body.api_key)).status, 200)
    }
    t.equal(answers.at(-1)?.body.name, 'my laptop')
    t.equal((await call('POST', '/auth/cli-key', { name: '' })).status, 400)
  })

  t.test('bad requests for a key are refused, naming the field', async (t) => {
    const { call } = await newUser()
    const cases: [object | undefined, string][] = [
      [{}, 'body.name'],
      [{ name: '' }, 'body.name'],
      [{ name: 'x'.repeat(256) }, 'body.name'],
      [{ name: 'x', expires_in_days: 0 }, 'body.expires_in_days'],
      [{ name: 'x', expires_in_days: 1.5 }, 'body.expires_in_days'],
      [{ name: 'x', expires_in_days: '30' }, 'body.expires_in_days'],
      [{ name: 'x', scopes: [] }, 'body.scopes'],
      [{ name: 'x', scopes: ['agent', 'agent'] }, 'body.scopes'],
      [{ name: 'x', scopes: ['admin'] }, 'body.scopes.0'],
      [undefined, 'body'],
    ]
    for (const [body, path] of cases) {
      const answer = await call('POST', '/auth/api-keys', body)
      t.equal(answer.status, 400, JSON.stringify(body))
      t.equal(answer.body.errors[0].path, path)
    }
    t.strictSame((await call('GET', '/auth/api-keys')).body, [])
  })

  t.test('an account has at most 50 active keys, also when many are minted at once', async (t) => {
    const [user, other] = [await newUser(), await newUser()]
    const mint = (_: unknown, index: number) =>
      user.call('POST', index % 2 === 0 ? '/auth/api-keys' : '/auth/cli-key', { name: `key ${index}` })
    const answers: Answer[] = []
    // Each waits for its turn: not all of them at once, which takes a busy machine too long.
    for (const count of [20, 20, 30]) answers.push(...(await Promise.all(Array.from({ length: count }, mint))))
    t.equal(answers.filter(({ status }) => status === 200).length, 50)
    const refused = answers.filter(({ status }) => status !== 200)
    t.equal(refused.length, 20)
    for (const { status, body } of refused)
      t.match({ status, code: body.code }, { status: 409, code: 'too_many_api_keys' })
    t.equal((await other.call('POST', '/auth/cli-key')).status, 200, 'others have their own count')

    const { body: keys } = await user.call('GET', '/auth/api-keys')
    await user.call('DELETE', `/auth/api-keys/${keys[0].id}`)
    t.equal((await user.call('POST', '/auth/cli-key')).status, 200, 'revoking one makes room')
    await owner.query(`update api_keys set expires_at = now() - interval '1 second' where id = $1`, [keys[1].id])
    t.equal((await user.call('POST', '/auth/cli-key')).status, 200, 'one that expires makes room')
    t.equal((await user.call('POST', '/auth/cli-key')).status, 409)
  })
})

function numberOf(base62: string): bigint {
  return [...base62].reduce((value, digit) => value * 62n + BigInt(ALPHABET.indexOf(digit)), 0n)
}

function inBase62(value: bigint, length: number): string {
  let text = ''
  for (let rest = value; text.length < length; rest /= 62n) text = ALPHABET.charAt(Number(rest % 62n)) + text
  return text
}
