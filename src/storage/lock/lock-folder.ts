import { readdir, readFile, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { AntidromeError, InputError } from '../../events/errors.js'
import { hasCode } from '../has-code.js'
import { makeFolder } from '../make-folder.js'
import { createAtomically, isDraftOf, unwritable } from '../write-atomically.js'
import { describeThisProcess, type LockOwner, parseOwner, standingOf } from './lock-owner.js'

/** What a folder is locked for; one may hold several kinds of work. */
export type LockedWork = 'run' | 'checkpoints' | 'recording'

/** The file that says which process writes such work to a folder. */
export function lockOf(folder: string, work: LockedWork): string {
  return join(folder, `.antidrome-${work}.lock`)
}

/** The right to write to a folder. */
export interface FolderLock {
  release(): Promise<void>
}

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
  try {
    await makeFolder(folder)
    await acquire(path, owner)
    await sweep(path, owner)
  } catch (cause) {
    throw cause instanceof AntidromeError ? cause : unwritable(folder, cause)
  }
  return {
    async release() {
      const found = await readOwner(path).catch(() => null)
      if (found?.token === owner.token) await rm(path, { force: true }).catch(() => undefined)
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
    const standing = standingOf(found, owner)
    if (standing !== 'gone') throw inUse(path, found, standing)
    const claim = `${path}.${found.token}`
    await acquire(claim, owner)
    // Whoever had the claim before may have taken the lock over.
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
    const found = parseOwner((await textOf(remains)) ?? '')
    if (found !== null && standingOf(found, owner) === 'gone') await rm(remains, { force: true })
  }
}

/** Null if there is no lock. */
async function readOwner(path: string): Promise<LockOwner | null> {
  const text = await textOf(path)
  if (text === null) return null
  const owner = parseOwner(text)
  if (owner === null) throw unreadable(path)
  return owner
}

/** Null for a file that is not there. */
async function textOf(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return null
    throw error
  })
}

function inUse(path: string, { process: id, host }: LockOwner, standing: 'running' | 'unknown') {
  const holder = `the lock of process ${id} on ${host}`
  if (standing === 'running')
    return locked(path, `${holder}, which is running`, 'Wait until it has ended, or choose another folder.')
  const remedy = `Choose another folder or, if that process has ended, remove ${path}.`
  return locked(path, `${holder}, which cannot be seen from here`, remedy)
}

function unreadable(path: string): InputError {
  const remedy = `Choose another folder or, if no process writes to this one, remove ${path}.`
  return locked(path, 'a lock that does not say whose it is', remedy)
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
