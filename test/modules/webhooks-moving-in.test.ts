import t from 'tap'
import { startService } from '../helpers/app.js'
import { newInstance } from '../helpers/instances.js'
import { AUDIENCE, startProvider } from '../helpers/openid-provider.js'
import { startReceiver } from '../helpers/webhook-receiver.js'
import { ALLOW_LOOPBACK, QUICK, subscribe } from '../helpers/webhooks.js'

t.test('who moves into a squatted account has nothing sent to the squatter', async (t) => {
  const provider = await startProvider(t)
  const config = { OIDC_ISSUER: provider.issuer, OIDC_AUDIENCE: AUDIENCE, ...ALLOW_LOOPBACK }
  const service = await startService(t, config, { webhooks: QUICK })
  const squatter = await service.newUser('victim@example.com')
  const receiver = await startReceiver(t)
  await subscribe(squatter, receiver, 'message.created')
  const agent = await squatter.newAgent()
  const message_metadata = { webhook_url: receiver.url }
  const run = await newInstance(agent, { requires_user_input: true, message_metadata })

  const claims = { email: 'victim@example.com', email_verified: true }
  const token = await provider.sign(provider.rsa, 'victim', { claims })
  const { body: webhooks } = await service.request('GET', '/api/v1/webhooks', { token })
  t.strictSame(webhooks, [])
  const answer = { token, body: { content: 'a secret' } }
  t.equal((await service.request('POST', `/api/v1/agent-instances/${run}/messages`, answer)).status, 200)
  const left = await service.database.tenant(squatter.id).selectFrom('webhook_deliveries').select('id').execute()
  t.strictSame(left, [], 'nothing is to be delivered')
  t.notOk(receiver.received.some(({ body }) => JSON.stringify(body).includes('a secret')))
})
