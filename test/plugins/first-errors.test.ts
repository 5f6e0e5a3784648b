import { randomUUID } from 'node:crypto'
import t from 'tap'
import { startService } from '../helpers/app.js'

/** What goes wrong when somebody sets up a client is told so that it can be put right without a manual. */
t.test('a body that is no JSON is told what is taken', async (t) => {
  const service = await startService(t)
  const token = await (await service.newUser()).newKey()
  for (const path of ['/api/v1/messages/agent', '/mcp']) {
    for (const [type, said] of [
      ['application/x-www-form-urlencoded', /has "application\/x-www-form-urlencoded"/],
      ['text/plain', /has "text\/plain"/],
    ] as const) {
      const { status, body } = await service.request('POST', path, {
        token,
        body: 'a=b',
        headers: { 'content-type': type },
      })
      t.equal(status, 415)
      const detail = path === '/mcp' ? body.error.message : body.detail
      t.match(detail, /Content-Type: application\/json.*gzip or deflate/)
      t.match(detail, said)
    }
  }
  const base = await service.app.listen({ port: 0, host: '127.0.0.1' })
  const untyped = await fetch(`${base}/api/v1/messages/agent`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: new Uint8Array([0x7b, 0x7d]),
  })
  t.match(await untyped.json(), { status: 415, detail: /application\/json.*has no such header/ })
})

t.test('a key that is not sent as it should be is told how', async (t) => {
  const service = await startService(t)
  const key = await (await service.newUser()).newKey()
  const verify = (headers: Record<string, string>) => service.request('GET', '/api/v1/auth/verify', { headers })
  const cases: [headers: Record<string, string>, code: string, detail: RegExp][] = [
    [{ authorization: `Bearer "${key}"` }, 'invalid_api_key', /stands in quotes: send it without them/],
    [{ authorization: `Bearer '${key}'` }, 'invalid_api_key', /stands in quotes/],
    [{ authorization: `Bearer <${key}>` }, 'invalid_api_key', /stands in quotes/],
    [{ authorization: `Bearer ${key}"` }, 'invalid_api_key', /stands in quotes/],
    [{ authorization: `"Bearer ${key}"` }, 'missing_credentials', /Authorization stands in quotes/],
    [{ authorization: key }, 'missing_credentials', /after the word Bearer/],
    [{ authorization: `Token ${key}` }, 'missing_credentials', /after the word Bearer/],
    [{ authorization: `Bearer: ${key}` }, 'missing_credentials', /after the word Bearer/],
    [{ authorization: `Bearer Bearer ${key}` }, 'missing_credentials', /after the word Bearer, and alone/],
    [{ 'x-api-key': key }, 'missing_credentials', /not X-API-Key/],
    [{ authorization: 'nonsense' }, 'missing_credentials', /`Authorization: Bearer …`/],
    [{}, 'missing_credentials', /`Authorization: Bearer …`/],
  ]
  for (const [headers, code, detail] of cases) {
    const answer = await verify(headers)
    t.match(answer, { status: 401, body: { code, detail } }, detail.source)
    t.match(answer.headers['www-authenticate'], /^Bearer/)
    t.notMatch(answer.body.detail, key.slice(4), 'the key itself is not shown')
  }
  t.equal((await verify({ authorization: `Bearer ${key}` })).status, 200)
})

t.test('a body that is too large is told what to cut', async (t) => {
  const service = await startService(t)
  const user = await service.newUser()
  const token = await user.newKey()
  const long = 'x'.repeat(1024 * 1024)
  const post = (path: string, body: object, as = token) =>
    service.request('POST', `/api/v1${path}`, { token: as, body })
  const cases = [
    [await post('/messages/agent', { content: long }), /cut content or git_diff or message_metadata/],
    [await post('/messages/agent/batch', { messages: [long] }), /send fewer messages at once$/],
    [await post('/messages/user', { content: long }), /cut content$/],
    [await post('/agent-instances/x/messages', { content: long }, user.token), /cut content$/],
    [await post('/auth/register', { email: long }), /cut the longest texts in it$/],
    [
      await post('/messages/agent', {
        agent_instance_id: randomUUID(),
        content: 'x',
        git_diff: `diff --git ${long.repeat(9)}`,
      }),
      /git_diff.*cut it/,
    ],
  ] as const
  for (const [{ status, body }, detail] of cases) {
    t.match({ status, body }, { status: 413, body: { code: 'body_too_large', detail } }, detail.source)
  }
})
