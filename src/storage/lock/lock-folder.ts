import { lstat, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { AntidromeError, InputError } from '../../events/errors.js'
import { hasCode } from '../has-code.js'
import { makeFolder, removeMade } from '../make-folder.js'
import { NotAFile, readRegular } from '../regular-file.js'
import { createAtomically, isDraftOf, unwritable } from '../write-atomically.js'
import { describeThisProcess, type LockOwner, parseOwner, statusOf } from './lock-owner.js'

/** What a folder is locked for; one may hold several kinds of work. */
export type LockedWork = 'run' | 'checkpoints' | 'recording' | 'sweep'

/** The file that says which process writes such work to a folder. */
export function lockOf(folder: string, work: LockedWork): string {
  return join(folder, `.antidrome-${work}.lock`)
}

/** Whether a file has the name of such a lock. */
export function isLock(name: string): boolean {
  return /^\.antidrome-.*\.lock$/.test(name)
}

/** The right to write to a folder. */
export interface FolderLock {
  /** A folder that was made for the lock and has stayed empty goes with it. */
  release(): Promise<void>
}

/** In ms: a process that makes a lock writes its name into it within less. */
const DRAFT_AGE = 60_000

/**
 * Locks a folder, which is made if it is missing, for one kind of work and opens it; the lock is released if that fails.
 *
 * A lock whose owner is gone is taken over. Raises `InputError` FOLDER_IN_USE, with folder, process and host, for one whose
 * owner runs or cannot be seen from here; `RunError` FILE_UNWRITABLE.
 */
export async function openLocked<Opened>(
  folder: string,
  work: LockedWork,
  open: (lock: FolderLock) => Promise<Opened>,
): Promise<Opened> {
  const lock = await lockFolder(lockOf(folder, work))
  try {
    return await open(lock)
  } catch (error) {
    await lock.release()
    throw error
  }
}

async function lockFolder(path: string): Promise<FolderLock> {
  const folder = dirname(path)
  const owner = await describeThisProcess()
  let made: readonly string[] = []
  try {
    made = await makeFolder(folder)
    await acquire(path, owner)
    await sweep(path, owner)
  } catch (cause) {
    await removeMade(made)
    throw cause instanceof AntidromeError ? cause : unwritable(folder, cause)
  }
  return {
    async release() {
      const found = await readOwner(path).catch(() => null)
      if (found?.token !== owner.token) return
      await rm(path, { force: true }).catch(() => undefined)
      await removeMade(made)
    },
  }
}

/**
 * Makes the file of a lock, or takes it over from an owner that is gone.
 *
 * Of several that find the same stale lock, the one that gets the claim on it does: the claim is itself a lock, named after
 * the stale one, and becomes the new lock under its name. A claimant that dies leaves a stale claim, for which the same holds.
 */
async function acquire(path: string, owner: LockOwner): Promise<void> {
  while (!(await createAtomically(path, `${JSON.stringify(owner)}\n`))) {
    const found = await readOwner(path)
    // Released since.
    if (found === null) continue
    const status = statusOf(found, owner)
    if (status !== 'gone') throw inUse(path, found, status)
    const claim = `${path}.${found.token}`
    await acquire(claim, owner)
    // An earlier holder of the claim may have taken the lock over meanwhile.
    const isStale = (await readOwner(path))?.token === found.token
    if (isStale) return rename(claim, path)
    await rm(claim, { force: true })
  }
}

/** Removes what processes that were killed on the way to the lock have left: it is ours, and no claim is good for anything. */
async function sweep(path: string, owner: LockOwner): Promise<void> {
  const [folder, beginning] = [dirname(path), `${basename(path)}.`]
  const names = await readdir(folder)
  for (const name of names.filter((each) => each.startsWith(beginning) || isDraftOf(beginning, each))) {
    const remains = join(folder, name)
    if (await isLeftBehind(remains, path, owner)) await rm(remains, { force: true })
  }
}

/** Whether no living process needs the draft of a lock, or the claim on one. */
async function isLeftBehind(path: string, lock: string, owner: LockOwner): Promise<boolean> {
  try {
    const found = parseOwner((await textOf(path)) ?? '')
    if (found !== null) return statusOf(found, owner) === 'gone'
    // Killed before it could say who it is; our lock is new, and whatever its clock is, it is that of the folder.
    return (await lstat(lock)).mtimeMs - (await lstat(path)).mtimeMs > DRAFT_AGE
  } catch (error) {
    // Not ours, or swept by its owner.
    if (error instanceof NotAFile || hasCode(error, 'ENOENT')) return false
    throw error
  }
}

/** Null if there is no lock. */
async function readOwner(path: string): Promise<LockOwner | null> {
  const text = await textOf(path).catch((error: unknown) => {
    throw error instanceof NotAFile ? unreadable(path, 'something else than a file') : error
  })
  if (text === null) return null
  const owner = parseOwner(text)
  if (owner === null) throw unreadable(path, 'a lock that does not say whose it is')
  return owner
}

/** Null for a file that is not there; raises `NotAFile` for what is none, a link among it: locks are never links. */
async function textOf(path: string): Promise<string | null> {
  try {
    if (!(await lstat(path)).isFile()) throw new NotAFile(path)
    return (await readRegular(path)).toString('utf8')
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null
    throw error
  }
}

function inUse(path: string, { process: id, host }: LockOwner, status: 'running' | 'unknown') {
  const holder = `the lock of process ${id} on ${host}`
  if (status === 'running')
    return locked(path, `${holder}, which is running`, 'Wait until it has ended, or choose another folder.')
  const remedy = `Choose another folder or, if that process has ended, remove ${path}.`
  return locked(path, `${holder}, which cannot be seen from here`, remedy)
}

function unreadable(path: string, found: string): InputError {
  const remedy = `Choose another folder or, if no process writes to this one, remove ${path}.`
  return locked(path, found, remedy)
}

function locked(path: string, found: string, remedy: string): InputError {
  const place = { file: dirname(path), field: basename(path) }
  return new InputError({
    code: 'FOLDER_IN_USE',
    ...place,
    found,
    expected: 'a folder that no other process writes to',
    remedy,
  })
}
