import * as argon2 from '@node-rs/argon2'
import t from 'tap'
import { hashPassword, passwordMatches } from '../../src/modules/accounts/passwords.js'
import { PASSWORD, startService } from '../helpers/app.js'

t.test('a password is kept as Argon2id, with a salt of its own', async (t) => {
  const [first, second] = [await hashPassword(PASSWORD), await hashPassword(PASSWORD)]
  t.match(first, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  t.not(first, second)
  t.equal(await passwordMatches(PASSWORD, first), true)
  t.equal(await passwordMatches(`${PASSWORD}!`, first), false)
  t.equal(await passwordMatches(PASSWORD, undefined), false)
})

t.test('a login does the same work for an unknown address as for a wrong password', async (t) => {
  const { newUser, request } = await startService(t)
  const { email } = await newUser()
  const login = (address: string) =>
    request('POST', '/api/v1/auth/login', { body: { email: address, password: 'not the password' } })
  await login(email)
  const hash = await hashPassword(PASSWORD)

  // Time on the processors, not on the clock: whatever else the machine does, verifying a hash takes this much.
  const verification = await least(() => argon2.verify(hash, 'not the password'))
  for (const address of [email, 'nobody@example.com']) {
    t.ok((await least(() => login(address))) > verification / 2, `${address}: a hash was verified`)
  }
})

/** @returns the least processor time, in microseconds, that this process spent on one of a few rounds of `work` */
async function least(work: () => Promise<unknown>): Promise<number> {
  const rounds: number[] = []
  for (let round = 0; round < 5; round++) {
    const start = process.cpuUsage()
    await work()
    const { user, system } = process.cpuUsage(start)
    rounds.push(user + system)
  }
  return Math.min(...rounds)
}
