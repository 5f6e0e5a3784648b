import { randomUUID } from 'node:crypto'
import { cookiesOf, textIn } from './abuser.js'
import { signToken } from './provider.js'
import { filler, KIB, loopbackAddress, type Scenario, step } from './scenario.js'

/** Abuse of passwords, sessions and keys. */

const revokedBodies: Scenario = {
  name: 'revoked-bodies',
  title: 'Posts whose key is revoked between their headers and their body, 16 at a time',
  async run(abuser) {
    let accepted = 0
    let sent = 0
    await abuser.repeat(abuser.size(16, 4), async () => {
      const made = await abuser.asPerson('POST', '/auth/api-keys', { name: 'soon revoked' })
      const body = JSON.stringify(step(randomUUID()))
      const options = { credential: textIn(made, 'api_key') }
      const post = abuser.callSlowly('POST', '/api/v1/messages/agent', body.length, options)
      post.write(body.slice(0, 5))
      await abuser.pause(100)
      await abuser.asPerson('DELETE', `/auth/api-keys/${textIn(made, 'id')}`)
      const { status } = await post.finish(body.slice(5))
      sent++
      if (status === 200) accepted++
    })
    abuser.note(`${accepted} of ${sent} posts by revoked keys were accepted`)
  },
}

const moveIn: Scenario = {
  name: 'move-in',
  title: "An address's owner signs in by OpenID where a squatter stored 300 large messages with `webhook_url`",
  async run(abuser) {
    const { email, provider } = abuser.target
    if (!provider) return abuser.note('no OpenID provider')
    const id = randomUUID()
    const message_metadata = { webhook_url: 'http://127.0.0.1:9/', log: filler(abuser.size(1000 * KIB, 60 * KIB)) }
    await abuser.times(abuser.size(300, 10), 4, () =>
      abuser.asAgent('POST', '/messages/agent', step(id, { message_metadata })),
    )
    const credential = await signToken(provider, { subject: randomUUID(), email })
    let isIn = false
    await abuser.repeat(4, async () => {
      const { status } = await abuser.call('GET', '/api/v1/auth/me', { credential })
      isIn ||= status === 200
    })
    abuser.note(isIn ? 'the owner got in' : 'the owner did not get in')
  },
}

/** Loopback addresses; each may fail as often as one address may. */
const ADDRESSES = 200

const wrongPasswords: Scenario = {
  name: 'wrong-passwords',
  title: `Wrong passwords for one account from ${ADDRESSES} addresses, each with an \`X-Forwarded-For\`, 8 at a time`,
  async run(abuser) {
    let sent = 0
    await abuser.repeat(abuser.size(8, 16), async () => {
      const host = 1 + (sent++ % ADDRESSES)
      await abuser.call('POST', '/api/v1/auth/login', {
        body: { email: abuser.target.email, password: randomUUID() },
        address: loopbackAddress(1, host),
        headers: { 'x-forwarded-for': `198.51.100.${host}` },
      })
    })
  },
}

const logins: Scenario = {
  name: 'logins',
  title: '200 logins at a time from one address',
  async run(abuser) {
    const { email, password } = abuser.target
    await abuser.repeat(abuser.size(200, 10), () =>
      abuser.call('POST', '/api/v1/auth/login', { body: { email, password } }),
    )
  },
}

const refreshes: Scenario = {
  name: 'refreshes',
  title: 'Good refreshes of one session, one after the other',
  async run(abuser) {
    const refresh = (cookie: string) => abuser.call('POST', '/api/v1/auth/refresh', { headers: { cookie } })
    const signUp = async () => {
      const body = { email: `${randomUUID()}@example.com`, password: randomUUID() }
      return cookiesOf(await abuser.call('POST', '/api/v1/auth/register', { body }))
    }
    const neighbour = await signUp()
    let cookie = await signUp()
    await abuser.repeat(1, async () => {
      for (let count = 0; count < abuser.size(1, 20); count++) cookie = cookiesOf(await refresh(cookie)) || cookie
    })
    const { status } = await refresh(neighbour)
    abuser.note(`somebody else's refresh from the same address: ${status || 'closed'}`)
  },
}

const manyKeys: Scenario = {
  name: 'many-keys',
  title: '50 keys of one account, each polling as fast as it can',
  async run(abuser) {
    const keys = [abuser.target.key]
    await abuser.times(abuser.size(49, 9), 4, async () => {
      keys.push(textIn(await abuser.asPerson('POST', '/auth/api-keys', { name: 'one of many' }), 'api_key'))
    })
    const id = randomUUID()
    await abuser.asAgent('POST', '/messages/agent', step(id))
    await abuser.repeat(keys.length, (lane) =>
      abuser.asAgent('GET', `/messages/pending?agent_instance_id=${id}`, undefined, { credential: keys[lane] ?? '' }),
    )
  },
}

export const credentials = [revokedBodies, moveIn, wrongPasswords, logins, refreshes, manyKeys]
