import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import ts from 'typescript'

/** Folders with documented exports, relative to the project. */
const FOLDERS = ['src', 'db', 'schemas', 'client']

/** An export without a docstring. */
export interface Undocumented {
  /** Relative to the project, with the line: `src/ids.ts:12`. */
  readonly place: string
  readonly name: string
}

/**
 * Finds exports without a docstring of their own, or of their overload. Re-exports have their docstring in the other file;
 * generated files have none.
 *
 * @param root path of the project
 */
export async function findUndocumented(root: string): Promise<Undocumented[]> {
  const found: Undocumented[] = []
  for (const folder of FOLDERS) {
    const paths = await readdir(join(root, folder), { recursive: true })
    for (const path of paths.sort()) {
      if (!path.endsWith('.ts') || path.split('/').includes('generated')) continue
      const file = join(folder, path)
      found.push(...undocumentedIn(file, await readFile(join(root, file), 'utf8')))
    }
  }
  return found
}

/**
 * @param file path of the source text, for the place
 * @returns the exports of a source text that have no docstring, in their order
 */
export function undocumentedIn(file: string, text: string): Undocumented[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true)
  const documented = new Set<string>()
  const found = new Map<string, Undocumented>()
  for (const statement of source.statements.filter(isExported)) {
    const hasDocstring = ts.getJSDocCommentsAndTags(statement).length > 0
    for (const name of namesOf(statement)) {
      const { line } = source.getLineAndCharacterOfPosition(statement.getStart())
      if (hasDocstring) documented.add(name)
      else found.set(name, { place: `${file}:${line + 1}`, name })
    }
  }
  return [...found.values()].filter(({ name }) => !documented.has(name))
}

function isExported(statement: ts.Statement): boolean {
  return (
    ts.canHaveModifiers(statement) &&
    (ts.getModifiers(statement) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
  )
}

function namesOf(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map(({ name }) => name.getText())
  }
  const { name } = statement as ts.DeclarationStatement
  return [name?.getText() ?? 'default']
}
