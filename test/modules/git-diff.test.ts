import t from 'tap'
import { readGitDiff } from '../../src/modules/messages/git-diff.js'
import { startService } from '../helpers/app.js'
import { startChat } from '../helpers/chat.js'

const MIB = 1024 * 1024

const PLAIN = '--- a/x.txt\n+++ b/x.txt\n@@ -1 +1,2 @@\n old\n+näw 😀\n'
const GIT = `diff --git a/x.txt b/x.txt\nindex 1..2 100644\n${PLAIN}`
const base64 = (text: string) => Buffer.from(text).toString('base64')

/** A valid diff of about so many bytes. */
const diffOf = (bytes: number) => `${GIT}+${'x'.repeat(bytes)}\n`

t.test('a unified diff is taken as it is, and from its base64', async (t) => {
  for (const diff of [PLAIN, GIT, GIT.replaceAll('\n', '\r\n'), `commit text before\n${GIT}`]) {
    const read = { diff, warnings: [] }
    t.strictSame(readGitDiff(diff), read)
    t.strictSame(readGitDiff(base64(diff)), read)
    t.strictSame(readGitDiff(`${base64(diff).replaceAll(/.{60}/g, '$&\n')}\n`), read, 'base64 in lines')
  }
})

t.test('a diff that says only that a binary file changed, or was renamed, is one', async (t) => {
  const binary = 'diff --git a/x.png b/x.png\nBinary files a/x.png and b/x.png differ\n'
  t.strictSame(readGitDiff(binary), { diff: binary, warnings: [] })
})

t.test('an empty one clears', async (t) => {
  for (const blank of ['', ' ', '\n\t\n']) t.strictSame(readGitDiff(blank), { diff: null, warnings: [] })
})

t.test('what is neither is ignored', async (t) => {
  const utf16 = Buffer.from(GIT, 'utf16le').toString('base64')
  for (const text of ['hello', 'diff', '====', '--- a\n+++ b\n', base64('hello'), `${base64(GIT)}!`, utf16]) {
    t.match(readGitDiff(text), { diff: undefined, warnings: [/neither a unified diff/] }, text)
  }
})

t.test('what cannot be stored of a diff in base64 is replaced', async (t) => {
  const latin1 = Buffer.from(GIT.replace('näw 😀', 'n\xe4w'), 'latin1').toString('base64')
  t.strictSame(readGitDiff(latin1).diff, GIT.replace('näw 😀', 'n\u{FFFD}w'))
  t.strictSame(readGitDiff(base64(`${GIT}\0`)).diff, `${GIT}\u{FFFD}`)
  for (const text of [latin1, base64(`${GIT}\0`)]) t.match(readGitDiff(text).warnings, [/not be stored.*U\+FFFD/])
  const halves = base64(`${GIT}😀`).replace(/.{4}$/, '')
  t.match(readGitDiff(halves), { diff: /\u{FFFD}$/u, warnings: [/U\+FFFD/] }, 'cut in the middle of a character')
  t.strictSame(readGitDiff(base64(`${GIT}\u{FFFD}`)).warnings, [], 'one that was there already is no reason to warn')
})

t.test('colours are taken out of a diff', async (t) => {
  const coloured = GIT.replaceAll(/^.*$/gm, '\x1b[1;38;5;12m$&\x1b[m\x1b[K')
  const linked = GIT.replace('b/x.txt', '\x1b]8;;file:///x.txt\x1b\\b/x.txt\x1b]8;;\x07')
  for (const text of [coloured, linked, base64(coloured)]) {
    t.match(readGitDiff(text), { diff: GIT, warnings: [/colour codes/] })
  }
  const cut = `${GIT}+a\x1b[3`
  t.strictSame(readGitDiff(cut), { diff: cut, warnings: [] }, 'what is no whole code is left')
  for (const part of ['\x1b', '\x1b[', '\x1b]', '\x1b[0', '\x1b[ ', '\x1b]x']) {
    const long = GIT + part.repeat(MIB)
    t.equal(readGitDiff(long).diff, long, 'also in a diff of nothing but their beginnings, at once')
  }
})

t.test('text that nearly is base64 is refused as fast as it is long', async (t) => {
  const texts = [' ', '\n', 'A', 'A ', '=', '--- ', '@@ -1', 'A\n\n'].map(
    (part) => `a${part.repeat((4 * MIB) / part.length)}!`,
  )
  const start = performance.now()
  for (const text of texts) t.match(readGitDiff(text).warnings, [/neither/])
  t.ok(performance.now() - start < 30_000, 'time that grows with the square of the length would be hours')
})

t.test('what is no base64 is neither copied nor decoded, whatever is at its beginning', async (t) => {
  const words = (part: string) => part.repeat((16 * MIB) / part.length)
  const copied = t.capture(String.prototype, 'replaceAll', String.prototype.replaceAll)
  const decoded = t.capture(Buffer, 'from', Buffer.from)
  for (const text of [words('a '), words('a\n'), words('aaaa bbbb\r\n'), words('AAAA').slice(0, -1).concat('-')]) {
    if (text.startsWith('AAAA'))
      t.throws(() => readGitDiff(text), /larger than 8 MiB/, 'too long to be one in any case')
    else t.match(readGitDiff(text).warnings, [/neither/])
  }
  t.match(readGitDiff(`${'A'.repeat(8 * MIB)}-`).warnings, [/neither/])
  t.strictSame([copied().length, decoded().length], [0, 0])
})

t.test('base64 is read in lines of any usual length, of any usual ends', async (t) => {
  const diff = diffOf(200_000)
  for (const length of [60, 64, 76]) {
    for (const end of ['\n', '\r\n', '\n    ']) {
      const lines = base64(diff).replaceAll(new RegExp(`.{${length}}`, 'g'), `$&${end}`)
      t.equal(readGitDiff(`\n${lines}\n\n`).diff, diff, `${length} and ${JSON.stringify(end)}`)
    }
  }
  const largest = diffOf(8 * MIB - Buffer.byteLength(GIT) - 2)
  t.equal(readGitDiff(base64(largest).replaceAll(/.{60}/g, '$&\r\n')).diff?.length, largest.length, 'also the largest')
})

t.test('millions of codes, or of NUL characters, are taken out in one go', async (t) => {
  const coloured = `${GIT}${'\x1b[m'.repeat(2_000_000)}+a\n`
  const zeros = Buffer.concat([Buffer.from(GIT), Buffer.alloc(2_000_000)]).toString('base64')
  const replaced = t.capture(String.prototype, 'replaceAll', String.prototype.replaceAll)
  t.match(readGitDiff(coloured), { diff: `${GIT}+a\n`, warnings: [/colour codes/] })
  t.equal(readGitDiff(zeros).diff, GIT + '\u{FFFD}'.repeat(2_000_000))
  t.equal(replaced().length, 0)
})

t.test('one larger than 8 MiB is refused, however it is written', async (t) => {
  t.ok(readGitDiff(diffOf(8 * MIB - 1000)).diff)
  t.ok(readGitDiff(base64(diffOf(8 * MIB - 1000))).diff)
  for (const text of [diffOf(8 * MIB), base64(diffOf(8 * MIB))]) {
    t.throws(() => readGitDiff(text), /larger than 8 MiB/)
  }
})

t.test("an agent's diff is kept, left, cleared, or ignored with a warning", async (t) => {
  const service = await startService(t)
  const chat = await startChat(await service.newUser())
  const kept = async () => (await chat.detail()).body.git_diff
  t.equal(await kept(), null)

  const posted = await chat.post('step', { git_diff: GIT })
  t.strictSame([posted.status, 'warnings' in posted.body], [200, false])
  t.equal(await kept(), GIT)

  for (const fields of [{}, { git_diff: null }]) await chat.post('step', fields)
  t.equal(await kept(), GIT, 'a post without a diff leaves it')

  const mended = await chat.post('step', { git_diff: `\x1b[1m${GIT}+a\0\ud83d\n` })
  t.equal(mended.status, 200)
  t.match(mended.body.warnings, [/^git_diff had NUL/, /colour codes/])
  t.equal(await kept(), `${GIT}+a\u{FFFD}\u{FFFD}\n`, 'what cannot be stored of it does not cost the message')
  await chat.post('step', { git_diff: GIT })

  const ignored = await chat.post('step', { git_diff: 'no diff' })
  t.equal(ignored.status, 200)
  t.match(ignored.body.warnings, [/git_diff/])
  t.equal(await kept(), GIT, 'an invalid one leaves it')

  await chat.post('step', { git_diff: base64(PLAIN) })
  t.equal(await kept(), PLAIN)

  await chat.post('step', { git_diff: '' })
  t.equal(await kept(), null)
})

t.test('a new run can begin with a diff', async (t) => {
  const service = await startService(t)
  const user = await service.newUser()
  const agent = await user.newAgent()
  const agent_instance_id = '0199b1a5-0c7e-7d3a-b1de-5f7f3a4f9b21'
  const body = { agent_instance_id, agent_type: 'x', content: 'step', git_diff: GIT }
  t.equal((await agent('POST', '/messages/agent', body)).status, 200)
  t.equal((await user.call('GET', `/agent-instances/${agent_instance_id}`)).body.git_diff, GIT)
})

t.test('the size limits: 8 MiB for a diff, 1 MiB for everything else', async (t) => {
  const service = await startService(t)
  const chat = await startChat(await service.newUser())
  const large = diffOf(5 * MIB)
  t.equal((await chat.post('step', { git_diff: large })).status, 200)
  t.equal((await chat.detail()).body.git_diff, large)
  t.equal((await chat.post('step', { git_diff: base64(diffOf(8 * MIB - 1000)) })).status, 200)
  t.equal((await chat.post('x'.repeat(MIB - 1000))).status, 200)

  const refused = {
    'a diff over 8 MiB': await chat.post('step', { git_diff: diffOf(8 * MIB) }),
    'a diff over any limit': await chat.post('step', { git_diff: diffOf(20 * MIB) }),
    'a text over 1 MiB': await chat.post('x'.repeat(MIB)),
    'a text over 1 MiB beside a diff': await chat.post('x'.repeat(MIB), { git_diff: GIT }),
    'metadata over 1 MiB': await chat.post('step', { message_metadata: { x: 'x'.repeat(MIB) } }),
    'unknown fields over 1 MiB': await chat.post('step', { unknown: 'x'.repeat(MIB) }),
    'a text over 1 MiB on another route': await chat.report('x'.repeat(MIB)),
  }
  for (const [name, { status, body }] of Object.entries(refused)) {
    t.match({ status, body }, { status: 413, body: { code: 'body_too_large', detail: String } }, name)
  }
})

t.test('a body over 1 MiB without a length is refused as well', async (t) => {
  const service = await startService(t)
  const user = await service.newUser()
  const key = await user.newKey()
  const base = await service.app.listen({ port: 0, host: '127.0.0.1' })
  const body = JSON.stringify({
    agent_instance_id: '0199b1a5-0c7e-7d3a-b1de-5f7f3a4f9b21',
    content: 'x'.repeat(2 * MIB),
  })
  const init = {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: new Blob([body]).stream(),
    duplex: 'half',
  }
  const { status } = await fetch(`${base}/api/v1/messages/agent`, init)
  t.equal(status, 413)
})
