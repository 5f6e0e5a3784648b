import { randomUUID } from 'node:crypto'
import t from 'tap'
import { SERVICE, senderOf } from '../../db/actor.js'
import { personsMessage } from '../../src/modules/account-log/new-message.js'
import { startService } from '../helpers/app.js'
import { startChat } from '../helpers/chat.js'
import { connectAsOwner } from '../helpers/owner.js'

t.test('each message keeps who sent it: the person, or the key that sent or reported it', async (t) => {
  const service = await startService(t)
  const user = await service.newUser()
  const chat = await startChat(user)
  await chat.post('a question', { requires_user_input: true })
  await chat.write("a person's words")
  await chat.report('reported words')
  const message = { id: randomUUID(), agent_instance_id: chat.id, content: 'of the past', sender_type: 'USER' }
  t.equal((await chat.agent('POST', '/messages/agent/batch', { messages: [message] })).status, 200)
  const tenant = service.database.tenant(user.id, {
    kind: 'user',
    userId: user.id,
    credential: { kind: 'session', id: user.sessionId },
  })
  await tenant.transaction((trx) => service.services.messages.postPrompt(trx, chat.id, 'a prompt'))

  const owner = await connectAsOwner(t, service.testDatabase)
  const { rows } = await owner.query(
    `select content, sender_user_id as person, k.name as key from messages m
     left join api_keys k on k.user_id = m.user_id and k.id = m.sender_key_id order by content`,
  )
  t.strictSame(rows, [
    { content: "a person's words", person: user.id, key: null },
    { content: 'a prompt', person: user.id, key: null },
    { content: 'a question', person: null, key: 'test' },
    { content: 'of the past', person: null, key: 'test' },
    { content: 'reported words', person: null, key: 'test' },
    { content: 'start', person: null, key: 'test' },
  ])
})

t.test("who acts in somebody else's account is the sender, and the rows stay the owner's", async (t) => {
  const service = await startService(t)
  const [owner, guest] = [await service.newUser(), await service.newUser()]
  const chat = await startChat(owner)
  const scope = service.database.tenant(owner.id, {
    kind: 'user',
    userId: guest.id,
    credential: { kind: 'session', id: guest.sessionId },
  })
  t.equal(personsMessage(scope, chat.id, 'x').userId, owner.id)
  t.strictSame([senderOf(scope.actor), senderOf(SERVICE)], [guest.id, null])
  const stored = await service.services.messages.postByUser(scope, chat.id, 'on behalf')
  t.equal(stored.sender_user_id, guest.id)
  const { body } = await owner.call('GET', `/agent-instances/${chat.id}`)
  t.match(body.messages.at(-1), { content: 'on behalf', sender_type: 'USER', sender_user_id: guest.id })
  const seen = await service.database.tenant(guest.id).selectFrom('messages').select('id').execute()
  t.strictSame(seen, [], 'it is nothing of the guest')
})
