import { dirname, relative, resolve } from 'node:path'
import ts from 'typescript'

/** For each node, those that it needs. */
export type Graph = ReadonlyMap<string, ReadonlySet<string>>

/** The interfaces of Fastify that plugins add decorators to. */
const DECORATED = new Set(['FastifyInstance', 'FastifyRequest', 'FastifyReply'])

/** A use of a decorator, of which nothing says that it is there by then. */
export interface Undeclared {
  /** The file that uses it, with the line. */
  readonly place: string
  readonly decorator: string
  /** The name of the plugin that adds it. */
  readonly plugin: string
  /** The file that should name it among the dependencies of its plugin, or register it. */
  readonly missingIn: string
}

/** What one file says of plugins. */
interface PluginFacts {
  readonly names: Set<string>
  readonly dependencies: Set<string>
  /** Files whose plugins it registers. */
  readonly registers: Set<string>
  readonly decorates: Set<string>
  readonly uses: { readonly decorator: string; readonly declaredIn: string; readonly line: number }[]
}

/** The sources below a folder: what imports what, and which decorators are used. */
export class Structure {
  readonly #root: string
  readonly #folder: string
  readonly #checker: ts.TypeChecker
  readonly #sources: ReadonlyMap<string, ts.SourceFile>
  readonly #facts: ReadonlyMap<string, PluginFacts>

  /**
   * @param root path of the project; files are named relative to it
   * @param folder the sources that are looked at, such as `src`
   * @param host for sources that are not on the disk
   */
  constructor(root: string, folder: string, files: readonly string[], host?: ts.CompilerHost) {
    this.#root = root
    this.#folder = folder
    const options: ts.CompilerOptions = {
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      target: ts.ScriptTarget.ES2023,
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      types: ['node'],
    }
    const program = ts.createProgram(
      files.map((file) => resolve(root, file)),
      options,
      host ?? ts.createCompilerHost(options),
    )
    this.#checker = program.getTypeChecker()
    const own = program.getSourceFiles().filter(({ fileName }) => this.#nameOf(fileName).startsWith(`${folder}/`))
    const named = own.map((source): [string, ts.SourceFile] => [this.#nameOf(source.fileName), source])
    this.#sources = new Map(named.sort(([a], [b]) => (a < b ? -1 : 1)))
    this.#facts = new Map([...this.#sources].map(([name, source]) => [name, this.#factsOf(source)]))
  }

  /** @param valuesOnly leaves out imports of types alone. @returns which file imports which */
  files(valuesOnly = false): Map<string, Set<string>> {
    const graph = new Map<string, Set<string>>()
    for (const [name, source] of this.#sources) graph.set(name, new Set(this.#importsOf(source, valuesOnly)))
    return graph
  }

  /** @returns which module needs which; a module is a folder of `modules`, another folder, or a file beside those */
  modules(): Map<string, Set<string>> {
    const graph = new Map<string, Set<string>>()
    for (const [file, needed] of this.files()) {
      const from = this.#moduleOf(file)
      const all = graph.get(from) ?? new Set()
      graph.set(from, all)
      for (const to of [...needed].map((name) => this.#moduleOf(name))) if (to !== from) all.add(to)
    }
    return graph
  }

  /**
   * Finds decorators that are used where they may be missing. A file with plugins has to name those that it builds on, or
   * to register them. Of any other file, such as one with routes, all that import it have to, up to the app.
   *
   * @param app the file that registers what everything else may use
   */
  undeclaredDecorators(app: string): Undeclared[] {
    const facts = this.#facts
    const imports = this.files(true)
    const aboveApp = new Set([...imports.keys()].filter((file) => reaches(imports, file, app)))
    const fileOf = new Map([...facts].flatMap(([file, { names }]) => [...names].map((name) => [name, file] as const)))
    const importers = reversed(imports)
    const provided = (file: string, seen = new Set<string>()): Set<string> => {
      const { names, dependencies, registers } = facts.get(file) ?? noFacts()
      seen.add(file)
      const files = [...registers, ...[...dependencies].flatMap((name) => fileOf.get(name) ?? [])]
      for (const next of files) if (!seen.has(next)) provided(next, seen)
      return new Set([...names, ...[...seen].flatMap((other) => [...(facts.get(other)?.names ?? [])])])
    }
    const responsible = (file: string, seen = new Set<string>()): string[] => {
      seen.add(file)
      const above = [...(importers.get(file) ?? [])]
      // The app itself, or what stands above it.
      if (aboveApp.has(file) || facts.get(file)?.names.size) return [file]
      return above.filter((next) => !seen.has(next)).flatMap((next) => responsible(next, seen))
    }
    return [...facts].flatMap(([file, { uses }]) =>
      uses.flatMap(({ decorator, declaredIn, line }) => {
        const plugin = [...(facts.get(declaredIn)?.names ?? [])][0] ?? declaredIn
        const lacking = responsible(file).find(
          (above) => above !== declaredIn && !provided(aboveApp.has(above) ? app : above).has(plugin),
        )
        return lacking === undefined ? [] : [{ place: `${file}:${line}`, decorator, plugin, missingIn: lacking }]
      }),
    )
  }

  /** @returns decorators whose type, plugin and value do not stand in one file, each as `file: name` */
  scatteredDecorators(): string[] {
    return [...this.#sources].flatMap(([file, source]) => {
      const { decorates, names } = this.#facts.get(file) ?? noFacts()
      const declared = declaredDecorators(source)
      const odd = [...declared].filter((name) => !decorates.has(name))
      odd.push(...[...decorates].filter((name) => !declared.has(name) || names.size === 0))
      return odd.map((name) => `${file}: ${name}`)
    })
  }

  #nameOf(path: string): string {
    return relative(this.#root, path)
  }

  #moduleOf(file: string): string {
    const [, first = '', second = ''] = file.split('/')
    return first === 'modules' ? `modules/${second}` : first
  }

  #importsOf(source: ts.SourceFile, valuesOnly: boolean): string[] {
    const found: string[] = []
    const add = (specifier: ts.Node | undefined) => {
      if (!specifier || !ts.isStringLiteral(specifier) || !specifier.text.startsWith('.')) return
      const file = this.#nameOf(resolve(dirname(source.fileName), specifier.text.replace(/\.js$/, '.ts')))
      if (file.startsWith(`${this.#folder}/`)) found.push(file)
    }
    walk(source, (node) => {
      if (ts.isImportDeclaration(node)) {
        if (!valuesOnly || !isOfTypes(node)) add(node.moduleSpecifier)
      } else if (ts.isExportDeclaration(node)) {
        if (!valuesOnly || !node.isTypeOnly) add(node.moduleSpecifier)
      } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
        add(node.arguments[0])
      } else if (ts.isImportTypeNode(node) && !valuesOnly && ts.isLiteralTypeNode(node.argument)) {
        add(node.argument.literal)
      }
    })
    return found
  }

  #factsOf(source: ts.SourceFile): PluginFacts {
    const facts = noFacts()
    walk(source, (node) => {
      if (ts.isCallExpression(node)) {
        if (ts.isIdentifier(node.expression) && node.expression.text === 'fp') readPlugin(node, facts)
        else if (ts.isPropertyAccessExpression(node.expression)) this.#readCall(node, node.expression.name.text, facts)
      }
      for (const { name, symbol } of this.#namesRead(node)) {
        const declaredIn = this.#declaringFile(symbol)
        if (declaredIn === undefined) continue
        const { line } = source.getLineAndCharacterOfPosition(node.getStart())
        facts.uses.push({ decorator: name, declaredIn, line: line + 1 })
      }
    })
    return facts
  }

  #readCall({ arguments: [first] }: ts.CallExpression, method: string, { registers, decorates }: PluginFacts): void {
    if (!first) return
    if (method.startsWith('decorate') && ts.isStringLiteral(first)) decorates.add(first.text)
    if (method !== 'register') return
    let symbol = this.#checker.getSymbolAtLocation(ts.isPropertyAccessExpression(first) ? first.name : first)
    if (symbol && symbol.flags & ts.SymbolFlags.Alias) symbol = this.#checker.getAliasedSymbol(symbol)
    const file = symbol?.declarations?.[0]?.getSourceFile().fileName
    if (file !== undefined) registers.add(this.#nameOf(file))
  }

  /** `x.name`, and each name of `{ name } = x`. */
  #namesRead(node: ts.Node): { name: string; symbol: ts.Symbol | undefined }[] {
    if (ts.isPropertyAccessExpression(node)) {
      return [{ name: node.name.text, symbol: this.#checker.getSymbolAtLocation(node.name) }]
    }
    if (!ts.isObjectBindingPattern(node)) return []
    const type = this.#checker.getTypeAtLocation(node)
    return node.elements.map(({ propertyName, name }) => {
      const text = (propertyName ?? name).getText()
      return { name: text, symbol: type.getProperty(text) }
    })
  }

  /** @returns which of our files adds it to Fastify's own; undefined for everything else */
  #declaringFile(symbol: ts.Symbol | undefined): string | undefined {
    for (const { parent } of symbol?.declarations ?? []) {
      if (!ts.isInterfaceDeclaration(parent) || !DECORATED.has(parent.name.text)) continue
      const file = this.#nameOf(parent.getSourceFile().fileName)
      if (file.startsWith(`${this.#folder}/`)) return file
    }
    return undefined
  }
}

/** @returns a circle, from a node back to itself, or undefined when there is none */
export function findCircle(graph: Graph): string[] | undefined {
  const done = new Set<string>()
  const visit = (node: string, path: readonly string[]): string[] | undefined => {
    if (path.includes(node)) return [...path.slice(path.indexOf(node)), node]
    if (done.has(node)) return undefined
    for (const next of graph.get(node) ?? []) {
      const circle = visit(next, [...path, node])
      if (circle) return circle
    }
    done.add(node)
    return undefined
  }
  for (const node of graph.keys()) {
    const circle = visit(node, [])
    if (circle) return circle
  }
  return undefined
}

function noFacts(): PluginFacts {
  return { names: new Set(), dependencies: new Set(), registers: new Set(), decorates: new Set(), uses: [] }
}

/** `fp(…, { name, dependencies })` */
function readPlugin({ arguments: [, options] }: ts.CallExpression, { names, dependencies }: PluginFacts): void {
  if (!options || !ts.isObjectLiteralExpression(options)) return
  for (const property of options.properties) {
    if (!ts.isPropertyAssignment(property)) continue
    const { initializer: value } = property
    if (property.name.getText() === 'name' && ts.isStringLiteral(value)) names.add(value.text)
    if (property.name.getText() !== 'dependencies' || !ts.isArrayLiteralExpression(value)) continue
    for (const element of value.elements) if (ts.isStringLiteral(element)) dependencies.add(element.text)
  }
}

function declaredDecorators(source: ts.SourceFile): Set<string> {
  const names = new Set<string>()
  walk(source, (node) => {
    if (!ts.isInterfaceDeclaration(node) || !DECORATED.has(node.name.text)) return
    for (const { name } of node.members) if (name) names.add(name.getText())
  })
  return names
}

function isOfTypes({ importClause }: ts.ImportDeclaration): boolean {
  if (!importClause) return false
  if (importClause.isTypeOnly) return true
  const { name, namedBindings } = importClause
  return (
    !name && !!namedBindings && ts.isNamedImports(namedBindings) && namedBindings.elements.every((e) => e.isTypeOnly)
  )
}

function reversed(graph: Graph): Map<string, Set<string>> {
  const result = new Map<string, Set<string>>()
  for (const [from, all] of graph) for (const to of all) result.set(to, (result.get(to) ?? new Set()).add(from))
  return result
}

function reaches(graph: Graph, from: string, to: string, seen = new Set<string>()): boolean {
  if (from === to) return true
  seen.add(from)
  return [...(graph.get(from) ?? [])].some((next) => !seen.has(next) && reaches(graph, next, to, seen))
}

function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node)
  ts.forEachChild(node, (child) => walk(child, visit))
}
