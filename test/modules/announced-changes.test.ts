import { randomUUID } from 'node:crypto'
import t, { type Test } from 'tap'
import { type Change, isMessage } from '../../src/modules/account-log/changes.js'
import { findChanges } from '../../src/modules/account-log/pages.js'
import { startService } from '../helpers/app.js'
import { chatOf, startChat } from '../helpers/chat.js'

type Kind = Change['kind']

const DIFF = '--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n'
const numbers = (length: number) => Array.from({ length }, (_, i) => i)

/** An account, and what the process announces of it while something is done. */
async function newAccount(t: Test) {
  const service = await startService(t)
  const user = await service.newUser()
  const tenant = service.database.tenant(user.id)
  let announced: Change[] = []
  let hints = 0
  service.services.events.subscribe((hint) => {
    if (hint.kind !== 'changed' || hint.userId !== user.id) return
    if (hint.changes) announced.push(...hint.changes)
    else hints += 1
  })
  let position = (await findChanges(tenant, 0))?.upTo ?? 0
  /** @returns what was announced, what the log has of it, and what the log has besides, in order */
  const observe = async (write: () => Promise<unknown>) => {
    announced = []
    hints = 0
    await write()
    const page = await findChanges(tenant, position)
    if (!page || page.more) throw new Error('the log is gone, or more than a page')
    position = page.upTo
    const revisions = new Set(announced.map(({ revision }) => revision))
    return {
      announced: announced.toSorted((a, b) => a.revision - b.revision),
      logged: page.changes.filter(({ revision }) => revisions.has(revision)),
      besides: page.changes.filter(({ revision }) => !revisions.has(revision)).map(({ kind }) => kind),
      hints,
    }
  }
  return { service, user, tenant, observe }
}

t.test('what a write announces is what the log says of it, whichever way it is written', async (t) => {
  const { service, user, tenant, observe } = await newAccount(t)
  const { agentInstances, messages, questions } = service.services
  const id = randomUUID()
  const chat = chatOf(user, await user.newAgent(), id)
  const stranger = chatOf(user, await user.newAgent(), id)
  const launched = randomUUID()
  const metadata = { options: ['yes', 'no'], deep: { n: 1.5, list: [null, 'ä'] } }
  const keyed = { headers: { 'idempotency-key': 'once' } }
  const { body: key } = await user.call('POST', '/auth/api-keys', { name: 'asks' })
  const asked = { instanceId: id, content: 'Which?', options: ['a', 'b'], keyId: key.id }

  const writes: Record<string, readonly [() => Promise<unknown>, readonly Kind[]]> = {
    'the first post of a run': [
      () => chat.post('step', { agent_type: 'x', message_metadata: metadata }),
      ['instance_created', 'message_inserted'],
    ],
    'a registration': [
      () => chat.agent('POST', '/agent-instances', { agent_type: 'Y', name: 'Named' }),
      ['instance_created'],
    ],
    'a step': [() => chat.post('step'), ['message_inserted']],
    'a step inside a transaction': [
      () => chat.agent('POST', '/messages/agent', { agent_instance_id: id, content: 'keyed' }, keyed),
      ['message_inserted'],
    ],
    'a large step': [() => chat.post('x'.repeat(100_000)), ['message_inserted']],
    'a step with a diff': [() => chat.post('step', { git_diff: DIFF }), ['git_diff_changed', 'message_inserted']],
    'a question that clears the diff': [
      () => chat.post('May I?', { git_diff: '', requires_user_input: true, message_metadata: metadata }),
      ['status_changed', 'git_diff_changed', 'message_inserted'],
    ],
    'words that a stranger reports': [() => stranger.report('aside'), ['message_inserted']],
    'words that the agent reports': [() => chat.report('yes'), ['status_changed', 'message_inserted']],
    "a person's message": [() => chat.write('go on'), ['message_inserted']],
    'a question that is waited for': [() => questions.ask(tenant, asked), ['status_changed', 'message_inserted']],
    'an option': [() => questions.answer(tenant, id, 1, 'sure'), ['status_changed', 'message_inserted']],
    'a run that a person launches': [
      () => agentInstances.register(tenant, { agentType: 'x', id: launched, keyId: null }),
      ['instance_created'],
    ],
    'its prompt': [() => messages.postPrompt(tenant, launched, 'Do it'), ['message_inserted']],
    'its failure': [() => agentInstances.fail(tenant, launched, { code: 'x' }), ['status_changed']],
    'a status': [() => user.call('PUT', `/agent-instances/${id}/status`, { status: 'PAUSED' }), ['status_changed']],
    'the silence of an agent': [
      () => agentInstances.markStale(tenant, id, { sendsHeartbeats: false, since: new Date(Date.now() + 60_000) }),
      ['status_changed'],
    ],
    'a heartbeat after silence': [() => chat.agent('POST', `/agents/instances/${id}/heartbeat`), ['status_changed']],
    'the end of a session': [() => chat.agent('POST', '/sessions/end', { agent_instance_id: id }), ['status_changed']],
    'a step that opens the run again': [() => chat.post('more'), ['status_changed', 'message_inserted']],
  }
  for (const [what, [write, kinds]] of Object.entries(writes)) {
    const { announced, logged, besides } = await observe(write)
    t.strictSame(announced, logged, what)
    t.strictSame(
      announced.map(({ kind }) => kind),
      kinds,
      `${what}: the changes`,
    )
    t.strictSame(besides, [], `${what}: everything is announced`)
  }

  const many = await observe(() =>
    Promise.all(
      numbers(40).map((i) => chat.post(`${i}`, { requires_user_input: i % 3 === 0, git_diff: i % 5 ? '' : DIFF })),
    ),
  )
  // Of a diff that changed again the log gives the last change alone.
  const lastDiff = many.logged.findLast(({ kind }) => kind === 'git_diff_changed')?.revision
  const shown = many.announced.filter(({ kind, revision }) => kind !== 'git_diff_changed' || revision === lastDiff)
  t.strictSame(shown, many.logged, 'posts that are stored together')
  t.equal(many.announced.filter(isMessage).length, 40)
  t.strictSame(many.besides, [])
})

t.test('what is not announced is hinted at, and the log says what it is', async (t) => {
  const { user, observe } = await newAccount(t)
  const chat = await startChat(user)
  const { body: key } = await user.call('POST', '/auth/api-keys', { name: 'k' })
  const { body: step } = await chat.post('step')
  const other = await user.call('POST', '/auth/api-keys', { name: 'other' })
  await observe(async () => {})

  const message = { id: randomUUID(), agent_instance_id: chat.id, sender_type: 'AGENT', content: 'past' }
  const writes: Record<string, readonly [() => Promise<unknown>, readonly Kind[]]> = {
    'a step that becomes a question': [() => chat.requestInput(step.message_id), ['status_changed', 'message_updated']],
    'a backfill': [
      () => chat.agent('POST', '/messages/agent/batch', { messages: [message] }),
      ['status_changed', 'message_inserted'],
    ],
    'a key with a new secret': [() => user.call('POST', `/auth/api-keys/${key.id}/rotate`, {}), ['credential_revoked']],
    'a revoked key': [() => user.call('DELETE', `/auth/api-keys/${other.body.id}`), ['credential_revoked']],
    'a deleted run': [() => user.call('DELETE', `/agent-instances/${chat.id}`), ['instance_deleted']],
  }
  for (const [what, [write, kinds]] of Object.entries(writes)) {
    const { announced, besides, hints } = await observe(write)
    t.strictSame(announced, [], what)
    t.strictSame(besides, kinds, `${what}: the changes`)
    t.ok(hints > 0, `${what}: it is hinted at`)
  }
})
