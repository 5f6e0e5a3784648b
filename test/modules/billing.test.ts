import t from 'tap'
import { startService } from '../helpers/app.js'

t.test('the mobile app is told that nothing is locked', async (t) => {
  const user = await (await startService(t)).newUser()
  const { status, body } = await user.call('GET', '/billing/mobile/status')
  t.equal(status, 200)
  t.strictSame(body, {
    id: user.id,
    plan_type: 'enterprise',
    agent_limit: -1,
    current_period_end: null,
    cancel_at_period_end: false,
    provider: null,
  })
})
