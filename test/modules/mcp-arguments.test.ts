import { randomUUID } from 'node:crypto'
import t from 'tap'
import { startService } from '../helpers/app.js'
import { contents } from '../helpers/chat.js'

t.test('what a model writes as arguments is understood, or the model is told', async (t) => {
  const service = await startService(t)
  const user = await service.newUser()
  const token = await user.newKey()

  /** Calls a tool by HTTP, as a client that checks nothing does. */
  async function call(name: string, args: unknown) {
    const body = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: args } }
    return callWith(JSON.stringify(body))
  }

  async function callWith(body: string) {
    const headers = { 'content-type': 'application/json', accept: 'application/json' }
    const answer = await service.request('POST', '/mcp', { body, token, headers })
    t.equal(answer.status, 200, 'never an error of HTTP')
    t.notOk(answer.body.error, 'nor of the protocol')
    const { content, structuredContent: result, isError = false } = answer.body.result
    return { text: String(content[0].text), result, isError }
  }

  async function start(): Promise<string> {
    const { result } = await call('log_step', { step_description: 'Begin' })
    return result.agent_instance_id
  }

  t.test('arguments that cannot be used are complained of in a result with isError', async (t) => {
    const run = { agent_instance_id: await start() }
    for (const [tool, args, complaint] of [
      ['log_step', null, /step_description/],
      ['log_step', undefined, /step_description/],
      ['log_step', 'x', /arguments must be an object/],
      ['log_step', ['x'], /arguments must be an object/],
      ['log_step', 1, /arguments must be an object/],
      ['log_step', { step_description: { text: 'x' } }, /step_description must be string/],
      [
        'log_step',
        { step_description: 'x', agent_instance_id: 'my run' },
        /agent_instance_id must match format "uuid"/,
      ],
      ['end_session', { agent_instance_id: 'null' }, /agent_instance_id/],
      ['end_session', { agent_instance_id: 'a\0b' }, /agent_instance_id must match format "uuid"/],
      ['ask_question', { ...run, question_text: 'x', timeout_seconds: 'soon' }, /timeout_seconds must be number/],
      ['ask_question', { ...run, question_text: 'x', timeout_seconds: '-1' }, /timeout_seconds must be >= 0/],
      ['ask_question', { ...run, question_text: 'x', options: 'Yes' }, /options must be array/],
      ['ask_question', { ...run, question_text: 'x', options: ['Yes', null] }, /options.1 must be string/],
    ] as const) {
      const { isError, text } = await call(tool, args)
      t.ok(isError, `${tool} ${JSON.stringify(args)}`)
      t.match(text, complaint)
    }
  })

  t.test('no id in words is no id, and null for all arguments is none', async (t) => {
    for (const agent_instance_id of [undefined, null, '', ' ', 'null', 'None']) {
      const { result } = await call('log_step', { agent_instance_id, step_description: 'x' })
      t.equal(result?.step_number, 1, `${agent_instance_id} makes a run`)
    }
    const { result } = await call('log_step', { agent_instance_id: 'null', step_description: 'null' })
    const { body } = await user.call('GET', `/agent-instances/${result.agent_instance_id}/messages`)
    t.strictSame(contents(body), ['null'], 'free text is taken as it is')
  })

  t.test('as much white space as fits into a request is read at once', async (t) => {
    // Time that grows with the square of the length would be half an hour, in which nobody is served.
    const blank = ' '.repeat(1024 * 1024 - 1000)
    t.equal((await call('log_step', { agent_instance_id: blank, step_description: 'x' })).result?.step_number, 1)
    for (const [name, value] of [
      ['agent_instance_id', `${blank}x`],
      ['options', `${blank}x`],
      ['timeout_seconds', `0${blank}x`],
    ] as const) {
      const args = { agent_instance_id: randomUUID(), question_text: 'x', [name]: value }
      t.match(await call('ask_question', args), { isError: true, text: new RegExp(name) }, name)
    }
  })

  t.test('numbers and lists may be text, and so may all arguments', async (t) => {
    const id = await start()
    const question = { agent_instance_id: ` ${id.toUpperCase()} `, question_text: 'Which?', timeout_seconds: '0' }
    const asked = await call('ask_question', JSON.stringify({ ...question, options: '["a", "b", 3]' }))
    t.equal(asked.result?.answer, null, asked.text)
    const { body } = await user.call('GET', `/agent-instances/${id}/messages`)
    t.strictSame(body.at(-1).message_metadata, { options: ['a', 'b', '3'] })
    t.equal((await call('ask_question', { ...question, options: '', timeout_seconds: 0 })).isError, false)
  })

  t.test('text with more than tools need is refused before it is parsed, in a request as a whole', async (t) => {
    const run = { agent_instance_id: await start(), question_text: 'x', timeout_seconds: 0 }
    const list = (count: number) => `[${'0,'.repeat(count - 1)}0]`
    const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`
    const fields = `{${'"a":0,'.repeat(2000)}"a":0}`
    const parsed = t.capture(JSON, 'parse', JSON.parse)
    for (const [args, complaint] of [
      [`{"more":${list(20_000)}}`, /^arguments must not have more than 10000 elements and fields/],
      [fields, /^arguments must not have more than 2000 fields/],
      [deep(65), /^arguments must not be nested deeper than 64 levels/],
      [deep(50_000), /^arguments must not be nested/],
      [{ ...run, options: list(10_001) }, /^options must not have more than 10000/],
      [JSON.stringify({ ...run, options: list(9_999) }), /^options must not have more than 10000/],
    ] as const) {
      t.match(await call('ask_question', args), { isError: true, text: complaint })
    }
    const texts = parsed.args().map(([text]) => String(text))
    t.strictSame(
      texts.filter((text) => text.startsWith('[[') || text.startsWith('[0,') || text.startsWith('{"more"')),
      [],
      'none was parsed',
    )

    const more = JSON.stringify({ step_description: 'x', more: Array(4000).fill(0) })
    const batch = [1, 2, 3].map((id) => {
      return { jsonrpc: '2.0', id, method: 'tools/call', params: { name: 'log_step', arguments: more } }
    })
    const answer = await service.request('POST', '/mcp', {
      ...{ body: JSON.stringify(batch), token },
      headers: { 'content-type': 'application/json', accept: 'application/json' },
    })
    const failed = answer.body.map(({ result }: { result: { isError?: boolean } }) => result.isError === true)
    t.strictSame(failed.sort(), [false, false, true], 'the third is too much')
    t.notOk((await call('log_step', more)).isError, 'each request has the whole of it')
    const long = JSON.stringify({ step_description: 'x'.repeat(500_000) })
    t.notOk((await call('log_step', long)).isError, 'a long text is not much')
  })

  t.test('what cannot be stored is replaced, and the rest is kept', async (t) => {
    const body = JSON.stringify({
      ...{ jsonrpc: '2.0', id: 1, method: 'tools/call' },
      params: { name: 'log_step', arguments: { step_description: 'cut \0 here: HALF', 'odd\0': [{}] } },
    })
    const { result, text } = await callWith(body.replace('HALF', '\\ud83d'))
    const { body: messages } = await user.call('GET', `/agent-instances/${result?.agent_instance_id}/messages`)
    t.strictSame(contents(messages), ['cut \u{FFFD} here: \u{FFFD}'], text)
    t.match(result.warnings, [/^step_description had NUL/])
    t.match(text, result.warnings[0], 'the model is told')
    const question = { agent_instance_id: result.agent_instance_id, question_text: 'x', timeout_seconds: 0 }
    const asked = await call('ask_question', { ...question, options: ['fine', 'a\0'] })
    t.match(asked.result.warnings, [/^options had NUL/])
    t.notOk((await call('ask_question', question)).result.warnings)
  })

  t.test('numbers that JavaScript cannot keep are read as the text that they are', async (t) => {
    const write = (args: string) =>
      callWith(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"log_step","arguments":${args}}}`)
    const args = '{"step_description":9007199254740993,"more":[1e400]}'
    for (const written of [args, JSON.stringify(args)]) {
      const { result } = await write(written)
      const { body } = await user.call('GET', `/agent-instances/${result.agent_instance_id}/messages`)
      t.strictSame(contents(body), ['9007199254740993'])
    }
    const question = { agent_instance_id: await start(), question_text: 'x', timeout_seconds: '1e400' }
    t.match(await call('ask_question', question), { isError: true, text: /timeout_seconds must be number/ })
  })

  t.test('more of them than anybody means is refused', async (t) => {
    const write = (args: string) => {
      const body = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"log_step","arguments":${args}}}`
      return service.request('POST', '/mcp', { body, token, headers: { 'content-type': 'application/json' } })
    }
    const deep = (count: number) => `${'['.repeat(55)}${'1e400,'.repeat(count)}0${']'.repeat(55)}`
    const parsed = t.capture(JSON, 'parse', JSON.parse)
    const answer = await write(`{"step_description":"x","more":${deep(90_000)}}`)
    t.match(answer, { status: 400, body: { error: { code: -32600, message: /1e400.*send it as text/ } } })
    t.equal(parsed.args().filter(([text]) => String(text).length > 100_000).length, 1, 'it was parsed once')
    t.equal((await write(`{"step_description":"x","more":${deep(1000)}}`)).status, 200)
  })

  t.test('what no tool asks for is no matter, however deep it is', async (t) => {
    const deep = `${'['.repeat(60)}${']'.repeat(60)}`
    const args = `{"step_description":"x","__more":${deep}}`
    for (const written of [args, JSON.stringify(args)]) {
      const params = `{"name":"log_step","arguments":${written}}`
      const { isError } = await callWith(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":${params}}`)
      t.notOk(isError)
    }
  })

  t.test('an unknown tool is an error of the protocol, as the specification has it', async (t) => {
    const body = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'rm', arguments: null } }
    const answer = await service.request('POST', '/mcp', { body, token })
    t.equal(answer.status, 200)
    t.equal(answer.body.error.code, -32602)
    const unknown = await service.request('POST', '/mcp', { body: { ...body, method: 'tools/sing' }, token })
    t.equal(unknown.body.error.code, -32601)
  })

  t.test('the same question with other white space or in another Unicode form is the same', async (t) => {
    const id = await start()
    const ask = async (question_text: string) => {
      const answer = await call('ask_question', { agent_instance_id: id, question_text, timeout_seconds: 0 })
      return answer.result?.question_id
    }
    const asked = await ask('Shall I use\nthe  café?'.normalize('NFC'))
    for (const again of [
      'Shall I use\nthe  café?'.normalize('NFD'),
      'Shall I use the café?',
      '\tShall I\r\n  use\u00a0the café? \n',
      'Shall I use the\u3000café?\u200b',
    ]) {
      t.equal(await ask(again), asked, encodeURIComponent(again))
    }
    for (const other of ['Shall I use thecafé?', 'Shall I use the cafe?', 'shall I use the café?']) {
      t.not(await ask(other), asked, encodeURIComponent(other))
    }
    t.equal(await ask('Shall I use the café?'), asked, 'also when others were asked since')

    const long = `${'x '.repeat(8192)}?`
    const askedAtLength = await ask(long)
    t.equal(await ask(long), askedAtLength, 'a long one is the same to the letter')
    t.not(await ask(`${long} `), askedAtLength)

    const another = await start()
    const elsewhere = await call('ask_question', {
      agent_instance_id: another,
      question_text: 'Shall I use the café?',
      timeout_seconds: 0,
    })
    t.not(elsewhere.result.question_id, asked, 'each run has its own')
  })

  t.test('an answer that has not been handed out is given to the same question in other white space', async (t) => {
    const id = await start()
    const args = { agent_instance_id: id, timeout_seconds: 0 }
    await call('ask_question', { ...args, question_text: 'Which\ncolour?' })
    await user.call('POST', `/agent-instances/${id}/messages`, { content: 'Blue' })
    t.equal((await call('ask_question', { ...args, question_text: 'Which colour?' })).result.answer, 'Blue')
  })
})

t.test('an agent type is a name that can be read, on one line', async (t) => {
  const service = await startService(t)
  const user = await service.newUser()
  const agent = await user.newAgent()
  const create = (name: string) => user.call('POST', '/user-agents', { name })
  const register = (agent_type: string) => agent('POST', '/agent-instances', { agent_type })
  const post = (agent_type: string, agent_instance_id: string = randomUUID()) =>
    agent('POST', '/messages/agent', { agent_type, agent_instance_id, content: 'x' })

  for (const name of ['two\nlines', 'a\u2028b', 'bell\u0007', '\u200b', '\u2060 \u200e', '\u3164', '\u2800']) {
    for (const [answer, path] of [
      [await create(name), 'body.name'],
      [await register(name), 'body.agent_type'],
      [await post(name), 'body.agent_type'],
    ] as const) {
      t.equal(answer.status, 400, `${encodeURIComponent(name)} as ${path}`)
      t.equal(answer.body.errors?.[0].path, path)
    }
  }

  const made = await create(' Caf\u0065\u0301 👩‍💻\n')
  t.equal(made.body.name, 'café 👩‍💻'.normalize('NFC'))
  t.equal((await create('CAFÉ 👩‍💻')).body.code, 'name_taken', 'in whatever Unicode form')
  const run = await register('café 👩‍💻'.normalize('NFD'))
  t.equal(run.body.agent_type_id, made.body.id)
  t.equal((await post('two\nlines', run.body.agent_instance_id)).status, 200, 'of a run that is there, it is not asked')

  const messages = ['two\nlines', 'fine'].map((agent_type) => ({
    ...{ id: randomUUID(), agent_instance_id: randomUUID(), agent_type, content: 'x' },
  }))
  const batch = await agent('POST', '/messages/agent/batch', { messages })
  t.strictSame(
    batch.body.results.map(({ status }: { status: string }) => status),
    ['failed', 'created'],
  )
})
