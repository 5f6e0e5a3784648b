import { randomUUID } from 'node:crypto'
import t from 'tap'
import { startService } from '../helpers/app.js'

t.test('an agent reports, asks, is answered and hears of it', async (t) => {
  const { newUser } = await startService(t)
  const user = await newUser()
  const agent = await user.newAgent()
  const agent_instance_id = randomUUID()

  const step = await agent('POST', '/messages/agent', {
    agent_instance_id,
    agent_type: 'Claude Code',
    content: 'Reading',
  })
  t.equal(step.status, 200)
  t.strictSame(step.body.queued_user_messages, [])

  const question = await agent('POST', '/messages/agent', {
    agent_instance_id,
    content: 'Deploy?',
    requires_user_input: true,
  })
  t.equal(question.status, 200)
  const waiting = await user.call('GET', `/agent-instances/${agent_instance_id}`)
  t.match(waiting.body, { status: 'AWAITING_INPUT', agent_type_name: 'claude code', messages: { length: 2 } })

  const answer = await user.call('POST', `/agent-instances/${agent_instance_id}/messages`, { content: 'Yes' })
  t.match(answer.body, { content: 'Yes', sender_type: 'USER', sender_user_email: user.email })

  const query = { agent_instance_id, last_read_message_id: question.body.message_id }
  const pending = await agent('GET', '/messages/pending', undefined, { query })
  t.match(pending.body, { status: 'ok', messages: [{ content: 'Yes' }] })
  t.strictSame(Object.keys(pending.body.messages[0]).sort(), [
    'content',
    'created_at',
    'id',
    'requires_user_input',
    'sender_type',
  ])
  t.match((await agent('GET', '/messages/pending', undefined, { query })).body, { status: 'stale', messages: [] })
})
