import { access, readFile } from 'node:fs/promises'
import t from 'tap'

const root = new URL('../../', import.meta.url)

/** A row is a claim. It says where it can be checked, and that has to stay true when files move and tests are renamed. */
t.test('what the threat model names exists: each file, and each test in it', async (t) => {
  const text = await readFile(new URL('docs/threat-model.md', root), 'utf8')
  const files = [...text.matchAll(/`((?:src|db|schemas|test)\/[\w./-]*)`/g)].map(([, path]) => path ?? '')
  t.ok(files.length > 50, 'the files are found')
  for (const path of new Set(files)) await t.resolves(access(new URL(path, root)), path)

  const claims = [...text.matchAll(/`(test\/[\w./-]+)`: ((?:“[^”]+”(?:, )?)+)/g)]
  t.ok(claims.length > 40, 'the tests are found')
  for (const [, path = '', names = ''] of claims) {
    const source = await readFile(new URL(path, root), 'utf8')
    for (const [, name = ''] of names.matchAll(/“([^”]+)”/g)) {
      const isThere = [`'${name}'`, `"${name}"`].some((quoted) =>
        source
          .split(quoted)
          .slice(0, -1)
          .some((before) => /\.test\(\s*$/.test(before)),
      )
      t.ok(isThere, `${path}: ${name}`)
    }
  }
})
