import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import ts from 'typescript'
import { findCircle, Structure } from '../scripts/structure.js'

const root = new URL('../../', import.meta.url).pathname

t.test('the sources', async (t) => {
  const files = (await readdir(join(root, 'src'), { recursive: true })).filter((path) => path.endsWith('.ts'))
  const structure = new Structure(
    root,
    'src',
    files.map((path) => join('src', path)),
  )
  t.ok(structure.files().size > 100, 'they were found')

  t.equal(findCircle(structure.files())?.join(' → '), undefined, 'no files need each other in a circle')
  t.equal(
    findCircle(structure.modules())?.join(' → '),
    undefined,
    'nor do modules: what needs two of them stands above both, or is handed what it needs',
  )
  t.strictSame(
    structure
      .undeclaredDecorators('src/app.ts')
      .map(({ place, decorator, plugin, missingIn }) => `${place} ${decorator}: '${plugin}' in ${missingIn}`),
    [],
    'a plugin names those whose decorators it uses among its dependencies',
  )
  t.strictSame(structure.scatteredDecorators(), [], 'the type, the plugin and the value of a decorator are in one file')
})

t.test('what breaks the rules is found', async (t) => {
  const plugin = (name: string, body: string, more = '') =>
    `import fp from './fp.js'\n${more}\nexport const ${name} = fp(async (app: Fastify.FastifyInstance) => { ${body} }, { name: '${name}' })`
  const structure = structureOf({
    'src/fp.ts': 'export default function fp<T>(plugin: T, _options: object): T { return plugin }',
    'lib/fastify.ts':
      'declare global { namespace Fastify { interface FastifyInstance { register(plugin: unknown): void; decorate(name: string, value: unknown): void } } }\nexport {}',
    'src/clock.ts': plugin(
      'clock',
      "app.decorate('now', 1)",
      'declare global { namespace Fastify { interface FastifyInstance { readonly now: number } } }',
    ),
    'src/early.ts': plugin('early', 'helper(app)', "import { helper } from './helper.js'"),
    'src/helper.ts': 'export const helper = ({ now }: Fastify.FastifyInstance) => now',
    'src/routes.ts': 'export const routes = async (app: Fastify.FastifyInstance) => app.now',
    'src/stray.ts': plugin('stray', "app.decorate('lost', 1)"),
    'src/app.ts':
      "import { clock } from './clock.js'\nimport { early } from './early.js'\nimport { routes } from './routes.js'\nexport function build(app: Fastify.FastifyInstance) { app.register(early); app.register(clock); app.register(routes) }",
    'src/modules/a/x.ts': "import type { Y } from '../b/y.js'\nexport type X = Y",
    'src/modules/a/z.ts': 'export type Z = 1',
    'src/modules/b/y.ts': "import type { Z } from '../a/z.js'\nexport type Y = Z",
    'src/modules/c/one.ts': "import { two } from './two.js'\nexport const one = () => two",
    'src/modules/c/two.ts': "export const two = () => import('./one.js')",
  })
  t.strictSame(findCircle(structure.files()), ['src/modules/c/one.ts', 'src/modules/c/two.ts', 'src/modules/c/one.ts'])
  t.strictSame(findCircle(structure.modules()), ['modules/a', 'modules/b', 'modules/a'])
  t.strictSame(structure.undeclaredDecorators('src/app.ts'), [
    { place: 'src/helper.ts:1', decorator: 'now', plugin: 'clock', missingIn: 'src/early.ts' },
  ])
  t.strictSame(structure.scatteredDecorators(), ['src/stray.ts: lost'])
})

/** Sources that are not on the disk, and need no library. */
function structureOf(texts: Readonly<Record<string, string>>): Structure {
  const at = (path: string) => texts[path.replace(/^\/made-up\//, '')]
  const host: ts.CompilerHost = {
    fileExists: (path) => at(path) !== undefined,
    readFile: at,
    getSourceFile: (path, version) => {
      const text = at(path)
      return text === undefined ? undefined : ts.createSourceFile(path, text, version, true)
    },
    getDefaultLibFileName: () => '/made-up/lib.d.ts',
    writeFile: () => {},
    getCurrentDirectory: () => '/made-up',
    getCanonicalFileName: (path) => path,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => '\n',
  }
  return new Structure('/made-up', 'src', Object.keys(texts), host)
}
