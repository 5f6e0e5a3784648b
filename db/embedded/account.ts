import { type SpawnOptions, spawn } from 'node:child_process'
import { access, constants, readFile, realpath, stat } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'

/** A user and group of this system, by number. */
export interface Account {
  readonly uid: number
  readonly gid: number
}

/** A command as `spawn` takes it, which ends up running as the right user. */
export interface Command {
  readonly file: string
  readonly args: readonly string[]
  readonly options: SpawnOptions
}

/** Turns a PostgreSQL program and its arguments into the command that runs it. */
export type Launcher = (file: string, args: readonly string[]) => Command

/**
 * The account to run PostgreSQL as, or undefined to run it as ourselves. PostgreSQL refuses to run as root, so root
 * needs another one. Users are never created.
 *
 * @throws Error when we are root and the system has neither of the two customary users.
 */
export async function serviceAccount(): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const entries = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'))
  for (const name of ['postgres', 'nobody']) {
    const entry = entries.find((fields) => fields[0] === name)
    const uid = Number(entry?.[2])
    const gid = Number(entry?.[3])
    if (uid > 0 && Number.isInteger(gid)) return { uid, gid }
  }
  throw new Error(
    'PostgreSQL refuses to run as root, and this system has no user "postgres" or "nobody" to run it as. ' +
      'Start Signalbox as a non-root user, or set DATABASE_URL.',
  )
}

/**
 * How to run the PostgreSQL programs as `account` so that they reach all of `paths`.
 *
 * @throws Error when a path is closed to the account and no capability can open it.
 */
export async function chooseLauncher(account: Account | undefined, paths: readonly string[]): Promise<Launcher> {
  if (!account) return (file, args) => ({ file, args, options: environment() })
  const closed = await firstClosed(paths, account)
  if (closed === undefined) return (file, args) => ({ file, args, options: { ...environment(), ...account } })
  return privilegedLauncher(account, closed)
}

/** The only variables passed on, so that no PG* variable of the caller changes what the server does. */
function environment(): SpawnOptions {
  return { env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LANG: 'C', LC_ALL: 'C', TZ: 'UTC' } }
}

/** The first of the paths, or of the folders above them, that the account may not enter (judged by mode bits). */
async function firstClosed(paths: readonly string[], account: Account): Promise<string | undefined> {
  const chains = await Promise.all(paths.map(async (path) => ancestors(await realpath(path))))
  for (const path of new Set(chains.flat())) {
    if (!(await mayEnter(path, account))) return path
  }
  return undefined
}

function ancestors(path: string): string[] {
  const parent = dirname(path)
  return parent === path ? [path] : [...ancestors(parent), path]
}

async function mayEnter(path: string, { uid, gid }: Account): Promise<boolean> {
  const stats = await stat(path)
  if (stats.uid === uid) return (stats.mode & 0o100) !== 0
  if (stats.gid === gid) return (stats.mode & 0o010) !== 0
  return (stats.mode & 0o001) !== 0
}

/**
 * The account's programs get the one capability that lets them pass the closed folders (typical: a clone under /root), so that
 * no folder's mode has to change. The securebit is needed because PostgreSQL checks its own program file with access(2), which
 * otherwise ignores the capabilities of a non-root user (access_override_creds in fs/open.c).
 */
async function privilegedLauncher({ uid, gid }: Account, closed: string): Promise<Launcher> {
  const [setpriv, capability] = await Promise.all([findProgram('setpriv'), passingCapability()])
  if (setpriv === undefined || capability === undefined) throw new Error(closedMessage(closed, uid, setpriv))
  const privileges = [
    `--reuid=${uid}`,
    `--regid=${gid}`,
    '--clear-groups',
    `--inh-caps=+${capability}`,
    `--ambient-caps=+${capability}`,
    '--securebits=+no_setuid_fixup',
  ]
  return (file, args) => ({ file: setpriv, args: [...privileges, file, ...args], options: environment() })
}

async function findProgram(name: string): Promise<string | undefined> {
  const folders = ['/usr/bin', '/bin', ...(process.env['PATH'] ?? '').split(delimiter).filter(Boolean)]
  for (const folder of folders) {
    const file = join(folder, name)
    const found = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (found) return file
  }
  return undefined
}

/** Bits of CapEff in /proc/self/status, from linux/capability.h; the weaker one first. Docker grants only the other. */
const PASSING_CAPABILITIES = [
  { name: 'dac_read_search', bit: 2n },
  { name: 'dac_override', bit: 1n },
]

async function passingCapability(): Promise<string | undefined> {
  const status = await readFile('/proc/self/status', 'utf8').catch(() => '')
  const held = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0'}`)
  return PASSING_CAPABILITIES.find(({ bit }) => (held >> bit) & 1n)?.name
}

function closedMessage(closed: string, uid: number, setpriv: string | undefined): string {
  const obstacle =
    setpriv === undefined
      ? 'setpriv (of util-linux), which would let it in, is not installed'
      : 'this root user lacks the capability dac_read_search or dac_override that would let it in'
  return (
    `PostgreSQL refuses to run as root, and the user it would run as (uid ${uid}) may not enter ${closed}; ${obstacle}. ` +
    'Keep both the checkout and DATA_DIR in folders that user can enter, or start Signalbox as a non-root user, ' +
    'or set DATABASE_URL.'
  )
}

/**
 * Runs a program to its end.
 *
 * @returns what it wrote to standard error
 * @throws Error with that text when it cannot be started or fails
 */
export function runToEnd(command: Command, cwd: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command.file, command.args, {
      ...command.options,
      cwd,
      stdio: ['ignore', 'ignore', 'pipe'],
      windowsHide: true,
    })
    let stderr = ''
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    child.once('error', reject)
    child.once('close', (code, signal) => {
      if (code === 0) resolve(stderr)
      else reject(new Error(`${command.file} failed (${signal ?? `exit status ${code}`}): ${stderr.trim()}`))
    })
  })
}
