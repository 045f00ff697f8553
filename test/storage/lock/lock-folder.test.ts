import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test, vi } from 'vitest'
import { type FolderLock, lockOf, openLocked } from '../../../src/storage/lock/lock-folder.js'
import { describeThisProcess, type LockOwner } from '../../../src/storage/lock/lock-owner.js'
import { builtFile } from '../../support/built-file.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

/** The build, which a process of its own can run. */
const LOCK_MODULE = builtFile('storage/lock/lock-folder.js').href

const lock = (folder: string): Promise<FolderLock> => openLocked(folder, 'run', async (held) => held)
const plant = (folder: string, content: object | string) =>
  writeFile(lockOf(folder, 'run'), typeof content === 'string' ? content : JSON.stringify(content))

/** A process that holds the lock of a folder for as long as it lives. */
async function holder(folder: string) {
  const script = `
    import { openLocked } from ${JSON.stringify(LOCK_MODULE)}
    await openLocked(process.argv[1], 'run', async () => {})
    process.stdout.write('held')
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  return child
}

/** A lock as a process leaves it that is gone. */
async function gone(changes: Partial<LockOwner> = {}): Promise<LockOwner> {
  // Ours, but of an earlier process.
  return { ...(await describeThisProcess()), started: '1', ...changes }
}

test('a lock is held by one process; a second one is told folder, process and host', async () => {
  await using folder = await temporaryFolder()
  const child = await holder(folder.path)
  try {
    await expect(lock(folder.path)).rejects.toMatchObject({
      code: 'FOLDER_IN_USE',
      message: `${folder.path}: .antidrome-run.lock: found the lock of process ${child.pid} on ${hostname()}, which is running, expected a folder that no other process writes to. Wait until it has ended, or choose another folder.`,
      details: { file: folder.path },
    })
    // Other work in the same folder has a lock of its own.
    const other = await openLocked(folder.path, 'checkpoints', async (held) => held)
    await other.release()
  } finally {
    child.kill('SIGKILL')
    await once(child, 'close')
  }
  // Nobody had the time to release it.
  expect(await readdir(folder.path)).toEqual(['.antidrome-run.lock'])
  const held = await lock(folder.path)
  await expect(lock(folder.path)).rejects.toMatchObject({
    message: expect.stringContaining(`process ${process.pid} on`),
  })
  await held.release()
  expect(await readdir(folder.path)).toEqual([])
})

test('a lock is released when its work cannot be opened', async () => {
  await using folder = await temporaryFolder()
  await expect(openLocked(folder.path, 'run', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(await readdir(folder.path)).toEqual([])
})

const here = await describeThisProcess()
const NOBODY = 2 ** 30

test.each<[string, Partial<LockOwner>]>([
  ['whose id another process has', {}],
  ['whose id nobody has', { process: NOBODY, started: here.started }],
  ['whose id nobody has, where no starts are told', { process: NOBODY, started: null }],
])('the lock of a process %s is taken over', async (_, owner) => {
  await using folder = await temporaryFolder()
  await plant(folder.path, await gone(owner))
  const held = await lock(folder.path)
  expect(JSON.parse(await readFile(lockOf(folder.path, 'run'), 'utf8'))).toMatchObject({ process: process.pid })
  expect(await readdir(folder.path)).toHaveLength(1)
  await held.release()
})

test.each<[string, Partial<LockOwner>]>([
  ['another host', { host: 'elsewhere' }],
  ['another machine of the same name', { machine: 'other' }],
  ['another container', { namespace: 'pid:[1]' }],
  ['a machine of this name that has no id, and was started at another time', { machine: null, boot: 'before' }],
])('the lock of %s is never taken to be stale', async (_, owner) => {
  await using folder = await temporaryFolder()
  await plant(folder.path, await gone({ process: NOBODY, ...owner }))
  await expect(lock(folder.path)).rejects.toMatchObject({
    code: 'FOLDER_IN_USE',
    message: expect.stringContaining(
      `process ${NOBODY} on ${owner.host ?? hostname()}, which cannot be seen from here, expected a folder that no other ` +
        `process writes to. Choose another folder or, if that process has ended, remove ${lockOf(folder.path, 'run')}.`,
    ),
  })
  await rm(lockOf(folder.path, 'run'))
  await (await lock(folder.path)).release()
})

test.each(['', '{}', 'true', '{"process":0,"host":"h","token":"a"}', '{"process":1,"host":"h","token":"../a"}'])(
  'a lock that reads %j is left alone and told by name',
  async (text) => {
    await using folder = await temporaryFolder()
    await plant(folder.path, text)
    await expect(lock(folder.path)).rejects.toMatchObject({
      code: 'FOLDER_IN_USE',
      message: expect.stringContaining(`remove ${lockOf(folder.path, 'run')}.`),
    })
    expect(await readFile(lockOf(folder.path, 'run'), 'utf8')).toBe(text)
  },
)

test('of many that find a stale lock one takes it over, also where one was killed on the way', async () => {
  for (let round = 0; round < 10; round++) {
    await using folder = await temporaryFolder()
    const stale = await gone()
    await plant(folder.path, stale)
    const claim = `${lockOf(folder.path, 'run')}.${stale.token}`
    if (round % 2 === 1) await writeFile(claim, JSON.stringify(await gone()))
    const tries = await Promise.allSettled(Array.from({ length: 6 }, () => lock(folder.path)))
    const held = tries.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
    expect(held).toHaveLength(1)
    for (const each of tries)
      if (each.status === 'rejected') expect(each.reason).toMatchObject({ code: 'FOLDER_IN_USE' })
    await held[0]?.release()
    expect(await readdir(folder.path)).toEqual([])
  }
})

test('while one takes a stale lock over, another is refused', async () => {
  await using folder = await temporaryFolder()
  const stale = await gone()
  await plant(folder.path, stale)
  const claim = `${lockOf(folder.path, 'run')}.${stale.token}`
  await writeFile(claim, JSON.stringify(here))
  await expect(lock(folder.path)).rejects.toMatchObject({ code: 'FOLDER_IN_USE' })
  expect(JSON.parse(await readFile(lockOf(folder.path, 'run'), 'utf8'))).toEqual(stale)
})

test('who comes late to a stale lock leaves it to the one that has got it', async () => {
  await using folder = await temporaryFolder()
  const stale = await gone({ token: 'a' })
  await plant(folder.path, stale)
  const claim = `${lockOf(folder.path, 'run')}.${stale.token}`
  await writeFile(claim, JSON.stringify(await gone({ process: NOBODY, started: null, token: 'b' })))
  // Whoever takes over asks for the owner of the claim between its look at the lock and its own claim.
  const asked = vi.spyOn(process, 'kill').mockImplementation((id) => {
    if (id === NOBODY) writeFileSync(lockOf(folder.path, 'run'), JSON.stringify({ ...here, token: 'c' }))
    throw Object.assign(new Error('nobody'), { code: 'ESRCH' })
  })
  try {
    await expect(lock(folder.path)).rejects.toMatchObject({ code: 'FOLDER_IN_USE' })
    expect(asked).toHaveBeenCalledWith(NOBODY, 0)
  } finally {
    asked.mockRestore()
  }
  expect(JSON.parse(await readFile(lockOf(folder.path, 'run'), 'utf8'))).toMatchObject({ token: 'c' })
  expect(await readdir(folder.path)).toHaveLength(1)
})

test.each<[string, (path: string) => Promise<unknown>]>([
  ['a link that leads nowhere', (path) => symlink('nowhere', path)],
  ['a link', (path) => symlink('/etc/hostname', path)],
  ['a pipe', (path) => promisify(execFile)('mkfifo', [path])],
  ['a folder', (path) => mkdir(path)],
])('%s in the place of a lock is left alone and told by name, and of a claim on one too', async (_, make) => {
  await using folder = await temporaryFolder()
  const path = lockOf(folder.path, 'run')
  await make(path)
  const told = { code: 'FOLDER_IN_USE', message: expect.stringContaining(`found something else than a file`) }
  await expect(lock(folder.path)).rejects.toMatchObject(told)
  await expect(lock(folder.path)).rejects.toThrow(`remove ${path}.`)
  await rm(path, { recursive: true })
  await make(`${path}.abc`)
  await make(join(folder.path, '..antidrome-run.lock.abc.tmp'))
  await (await lock(folder.path)).release()
  const stale = await gone({ token: 'abc' })
  await plant(folder.path, stale)
  await expect(lock(folder.path)).rejects.toThrow(`remove ${path}.abc.`)
  expect(await readdir(folder.path)).toHaveLength(3)
})

test('a folder that is made for a lock goes with it, unless something lies in it', async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'a', 'b')
  await (await lock(path)).release()
  expect(await readdir(folder.path)).toEqual([])
  const held = await lock(path)
  await writeFile(join(folder.path, 'a', 'mine'), '')
  await held.release()
  expect(await readdir(join(folder.path, 'a'))).toEqual(['mine'])
})

test('what a process that was killed on the way has left is swept away, what a live one has is not', async () => {
  await using folder = await temporaryFolder()
  const beginning = '.antidrome-run.lock.'
  await writeFile(join(folder.path, `${beginning}abc`), JSON.stringify(await gone()))
  await writeFile(join(folder.path, `.${beginning}abc.tmp`), JSON.stringify(await gone()))
  await writeFile(join(folder.path, `${beginning}def`), JSON.stringify(here))
  // Killed before it could say who it is; the other one may be about to.
  const [early, late] = [join(folder.path, `.${beginning}early.tmp`), join(folder.path, `.${beginning}late.tmp`)]
  await writeFile(early, '')
  await utimes(early, 0, 0)
  await writeFile(late, '')
  await (await lock(folder.path)).release()
  expect(await readdir(folder.path)).toEqual([`.${beginning}late.tmp`, `${beginning}def`])
})

test('a lock that somebody else has got meanwhile is not released', async () => {
  await using folder = await temporaryFolder()
  const first = await lock(folder.path)
  await rm(lockOf(folder.path, 'run'))
  const second = await lock(folder.path)
  await first.release()
  expect(await readdir(folder.path)).toHaveLength(1)
  await second.release()
})
