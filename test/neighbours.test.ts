import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { signUp } from '../scripts/bench/accounts.js'
import { Abuser } from '../scripts/bench/neighbours/abuser.js'
import { startProvider } from '../scripts/bench/neighbours/provider.js'
import { loopbackAddress } from '../scripts/bench/neighbours/scenario.js'
import { scenarios } from '../scripts/bench/neighbours/scenarios.js'
import { ConfigSchema } from '../src/config.js'
import { startService } from './helpers/app.js'
import { type Account, http, newAccount, step } from './helpers/http.js'
import { listen } from './helpers/network.js'

/** Seconds that one abuse may take: a failure, not a measurement. */
const ANSWER_TIMEOUT = 60

const { RATE_LIMIT_MAX, RATE_LIMIT_AUTH_MAX } = ConfigSchema.properties

/** What has to come of an abuse, of those of which more can be told than that it harms nobody. */
const SEEN: Record<string, RegExp> = {
  'unread-answers': /^closed × 2$/,
  'anonymous-bodies': /^413 × 8$/,
  'many-values': /^413 × 2$/,
  webhooks: /delivered × 50/,
  'bound-keys': /403 × 16/,
  'revoked-bodies': /\b0 of 4 posts/,
  'reported-answers': /\b0 of 4 questions/,
  'wrong-passwords': /429/,
  'move-in': /the owner got in/,
  refreshes: /somebody else's refresh from the same address: 200/,
}

/** Milliseconds between two turns of the quiet tenant. */
const BREATH = 20

const RUN = '0199b1a5-0c7e-4d3a-b1de-5f7f3a4f9b21'

t.test('whatever one caller does, another is answered, and nothing fails', async (t) => {
  const { close, ...provider } = await startProvider()
  t.teardown(close)
  const { app } = await startService(t, {
    ...{ RATE_LIMIT_MAX: RATE_LIMIT_MAX.default, RATE_LIMIT_AUTH_MAX: RATE_LIMIT_AUTH_MAX.default },
    ...{ OIDC_ISSUER: provider.issuer, OIDC_AUDIENCE: provider.audience },
    WEBHOOK_ALLOW_NETWORKS: '127.0.0.0/8',
  })
  const url = await listen({ app })
  const quiet = await newAccount(url)
  t.strictSame(await live(t, url, quiet)(), [], 'the quiet tenant is answered before')
  for (const [index, { name, title, run }] of scenarios.entries()) {
    await t.test(`${name}: ${title}`, async (t) => {
      const target = {
        ...(await signUp(url)),
        port: Number(new URL(url).port),
        address: loopbackAddress(2, index),
        provider,
      }
      const abuser = new Abuser(target, { seconds: ANSWER_TIMEOUT, rounds: 1, isSmall: true })
      t.teardown(() => abuser.end())
      const answers = live(t, url, quiet)
      await run(abuser)
      t.strictSame(await answers(), [], 'the quiet tenant is answered')
      t.notOk(abuser.tally.has('500'), 'nothing fails')
      const seen = seenBy(abuser)
      t.match(seen, SEEN[name] ?? /^/, `the abuser sees ${seen}`)
    })
  }
})

function seenBy({ tally, notes }: Abuser): string {
  return [...[...tally].map(([label, count]) => `${label} × ${count}`), ...notes].join(', ')
}

/**
 * Has a tenant do what tenants do, again and again, until told to stop.
 *
 * @returns what stops it, after a last turn, and gives the answers that were not 200
 */
function live(t: Test, url: string, { agent, person }: Account): () => Promise<string[]> {
  const refused: string[] = []
  const turn = async () => {
    const answers = {
      post: await agent('POST', '/messages/agent', step(RUN)),
      list: await person('GET', '/agent-instances'),
      poll: await agent('GET', `/messages/pending?agent_instance_id=${RUN}`),
      ready: await http(`${url}/ready`, 'GET'),
    }
    for (const [what, { status, body }] of Object.entries(answers)) {
      if (status !== 200) refused.push(`${what}: ${status} ${JSON.stringify(body)}`)
    }
  }
  let isOver = false
  t.teardown(() => {
    isOver = true
  })
  const turns = async () => {
    for (; !isOver; await sleep(BREATH)) await turn()
    await turn()
  }
  const living = turns()
  return async () => {
    isOver = true
    await living
    return refused
  }
}
