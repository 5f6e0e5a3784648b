import { randomBytes } from 'node:crypto'
import {
  chmod,
  chown,
  lchown,
  link,
  mkdir,
  open,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises'
import { dirname, join, parse } from 'node:path'
import { hasCode, isRecord, messageOf } from '../errors.js'
import { type Account, chooseLauncher, type Launcher, runToEnd, serviceAccount } from './account.js'
import type { Binaries } from './binaries.js'
import { ignoreMissing } from './errors.js'
import { isAlive } from './pidfile.js'

/** A database cluster on disk that is complete and can be started. */
export interface Cluster {
  /** real absolute path of the folder the caller chose */
  readonly dataDir: string
  /** real absolute path of PostgreSQL's own data directory in it */
  readonly dir: string
  /** file that takes what the server writes to standard error */
  readonly logFile: string
  readonly passwords: Passwords
  readonly binaries: Binaries
  readonly launcher: Launcher
}

/** The passwords of a cluster's superuser and of the role that owns the database. */
export interface Passwords {
  readonly superuser: string
  readonly owner: string
}

const CLUSTER = 'postgres'
const PASSWORDS = 'postgres.json'
const UNFINISHED = /^postgres\.init-(\d+)-/

/**
 * Makes the cluster in `dataDir` unless it is there. May be interrupted, or run by two processes, at any point.
 *
 * @throws Error when the folder cannot be used, or initdb fails.
 */
export async function prepareCluster(
  path: string,
  binaries: Binaries,
  log: (message: string) => void,
): Promise<Cluster> {
  const fallback = await serviceAccount()
  const dataDir = await openDataDir(path, fallback)
  await removeUnfinished(dataDir, log)
  const dir = join(dataDir, CLUSTER)
  const account = fallback && (await accountOf(dir, fallback))
  const launcher = await chooseLauncher(account, [dataDir, ...programPaths(binaries)])
  const passwords = await openPasswords(dataDir, await isCluster(dir))
  if (!(await isCluster(dir))) {
    log(`creating the database in ${dir}`)
    await createCluster(dataDir, { binaries, launcher, account, passwords })
  }
  return { dataDir, dir, logFile: join(dataDir, 'postgres.log'), passwords, binaries, launcher }
}

/** The program, and the folders of the files that it loads. */
function programPaths({ postgres }: Binaries): string[] {
  const native = dirname(dirname(postgres))
  return [postgres, join(native, 'lib'), join(native, 'share')]
}

/** Makes the folder if it is missing. The modes of folders that exist are never changed. */
async function openDataDir(path: string, account: Account | undefined): Promise<string> {
  const first = await mkdir(path, { recursive: true, mode: 0o700 })
  const dataDir = await realpath(path)
  if (first !== undefined && account) await admit(dataDir, await realpath(first), account)
  return dataDir
}

/** Lets the server's group pass (not read) the folders from `last` up to `first`, which we, as root, just made. */
async function admit(last: string, first: string, { gid }: Account): Promise<void> {
  await chown(last, 0, gid)
  await chmod(last, 0o710)
  if (last !== first && last.startsWith(first)) await admit(dirname(last), first, { uid: 0, gid })
}

/** Removes what starts killed in the middle of initdb left behind. */
async function removeUnfinished(dataDir: string, log: (message: string) => void): Promise<void> {
  const names = await readdir(dataDir)
  const abandoned = names.filter((name) => !inProgress.has(name) && isAbandoned(UNFINISHED.exec(name)?.[1]))
  await Promise.all(
    abandoned.map((name) =>
      removeTree(join(dataDir, name)).catch((error) => log(`cannot remove the leftover ${name}: ${messageOf(error)}`)),
    ),
  )
}

/** Names of the folders that this process is filling: in a container our pid may be that of our predecessor. */
const inProgress = new Set<string>()

function isAbandoned(pid: string | undefined): boolean {
  return pid !== undefined && (Number(pid) === process.pid || !isAlive(Number(pid)))
}

/** Retries, since an orphaned initdb may still be writing. */
async function removeTree(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 5 })
}

/**
 * The account a cluster belongs to stays the one that runs it, whatever users the system has gained since. A cluster that root
 * owns (copied there by root, say) is handed over: no other account could run it.
 */
async function accountOf(dir: string, fallback: Account): Promise<Account> {
  if (!(await isCluster(dir))) return fallback
  const { uid, gid } = await stat(dir)
  if (uid !== 0) return { uid, gid }
  await handOver(dir, fallback)
  return fallback
}

/** The folder itself comes last, so that an interrupted run is resumed. */
async function handOver(dir: string, { uid, gid }: Account): Promise<void> {
  const entries = await readdir(dir, { recursive: true })
  for (const entry of entries) await lchown(join(dir, entry), uid, gid)
  await lchown(dir, uid, gid)
}

async function isCluster(dir: string): Promise<boolean> {
  return (await stat(join(dir, 'PG_VERSION')).catch(ignoreMissing)) !== undefined
}

/**
 * Reads the passwords, after making them if there is no cluster yet. They are on disk before the cluster is, so a cluster never
 * loses its password.
 */
async function openPasswords(dataDir: string, clusterExists: boolean): Promise<Passwords> {
  const file = join(dataDir, PASSWORDS)
  const existing = await readPasswords(file)
  if (existing) return existing
  if (clusterExists) {
    throw new Error(`the password file ${file} of the database in ${dataDir} is missing; restore it from a backup`)
  }
  await createPasswords(dataDir, file)
  const created = await readPasswords(file)
  if (!created) throw new Error(`${file} vanished while it was being made`)
  return created
}

async function readPasswords(file: string): Promise<Passwords | undefined> {
  const text = await readFile(file, 'utf8').catch(ignoreMissing)
  return text === undefined ? undefined : parsePasswords(JSON.parse(text), file)
}

function parsePasswords(value: unknown, file: string): Passwords {
  if (isRecord(value) && typeof value['superuser'] === 'string' && typeof value['owner'] === 'string') {
    return { superuser: value['superuser'], owner: value['owner'] }
  }
  throw new Error(`${file} does not hold the passwords of the database`)
}

/** link(2) puts the whole file in place or fails: of two first starts, one wins and both read the same passwords. */
async function createPasswords(dataDir: string, file: string): Promise<void> {
  const passwords: Passwords = { superuser: randomPassword(), owner: randomPassword() }
  const temporary = join(dataDir, temporaryName())
  try {
    await writeFile(temporary, JSON.stringify(passwords), { mode: 0o600, flag: 'wx', flush: true })
    await link(temporary, file)
    await syncFolder(dataDir)
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error
  } finally {
    await rm(temporary, { force: true })
  }
}

function randomPassword(): string {
  return randomBytes(24).toString('base64url')
}

function temporaryName(): string {
  return `${CLUSTER}.init-${process.pid}-${randomBytes(6).toString('hex')}`
}

/** Makes names in the folder durable. Windows can neither open nor sync a folder. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

interface Making {
  readonly binaries: Binaries
  readonly launcher: Launcher
  readonly account: Account | undefined
  readonly passwords: Passwords
}

/** Fills a folder of our own, then renames the cluster in it into place: it appears completely or not at all. */
async function createCluster(dataDir: string, making: Making): Promise<void> {
  const name = temporaryName()
  const workshop = join(dataDir, name)
  inProgress.add(name)
  try {
    await makeFolder(workshop, making.account)
    await initialise(workshop, making)
    await renameIntoPlace(join(workshop, 'data'), join(dataDir, CLUSTER))
    await syncFolder(dataDir)
  } finally {
    await removeTree(workshop)
    inProgress.delete(name)
  }
}

async function makeFolder(path: string, account: Account | undefined): Promise<void> {
  await mkdir(path, { mode: 0o700 })
  if (account) await chown(path, account.uid, account.gid)
}

async function initialise(workshop: string, { binaries, launcher, account, passwords }: Making): Promise<void> {
  const passwordFile = join(workshop, 'password')
  await writeFile(passwordFile, `${passwords.superuser}\n`, { mode: 0o600 })
  if (account) await chown(passwordFile, account.uid, account.gid)
  const args = [
    `--pgdata=${join(workshop, 'data')}`,
    '--encoding=UTF8',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--auth=scram-sha-256',
    '--username=postgres',
    `--pwfile=${passwordFile}`,
    '--no-instructions',
  ]
  const initdb = (locale: string) =>
    runToEnd(launcher(binaries.initdb, [...args, `--locale=${locale}`]), parse(workshop).root)
  // Older systems and macOS have no C.UTF-8 of their own; then only the provider's, which sorts and folds, has it.
  // A failed initdb removes what it made.
  await initdb('C.UTF-8').catch(() => initdb('C'))
}

/** In a race between two first starts, the loser uses the winner's cluster. */
async function renameIntoPlace(from: string, to: string): Promise<void> {
  try {
    await rename(from, to)
  } catch (error) {
    if (await isCluster(to)) return
    throw new Error(`cannot put the new database at ${to}: ${messageOf(error)}`, { cause: error })
  }
}
