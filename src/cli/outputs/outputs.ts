import { lstat, readlink, realpath, stat } from 'node:fs/promises'
import { dirname, join, resolve, sep } from 'node:path'
import type { Command } from 'commander'
import { InputError } from '../../events/errors.js'
import { appearedMeanwhile, createGrowingFile, type GrowingFile, openDevice } from '../../storage/growing-file.js'
import { makeFolder } from '../../storage/make-folder.js'
import { ownerOfFile } from '../../storage/owner-of-file.js'
import { readRunRecord } from '../../storage/run/run-record.js'
import { createAtomically, unwritable, writeAtomically } from '../../storage/write-atomically.js'
import type { Terminal } from '../terminal.js'
import { beforeRun } from './before-run.js'
import { type Input, inputsOf } from './inputs-of.js'
import type { OutputKind } from './output-kind.js'
import { requireReplaceable, type WantedFile } from './require-replaceable.js'
import { requireWritableFile, requireWritableFolder } from './writable-path.js'

/** What takes bytes and keeps none: a standard stream of this process, or another device, pipe or socket. */
type Device = 'stdout' | 'stderr' | 'other'

const STANDARD: ReadonlyMap<string, Device> = new Map([
  ['1', 'stdout'],
  ['2', 'stderr'],
])

/** More links than this lead around in a circle. */
const MOST_LINKS = 40

/** What kind of device a path leads to; null for files, folders and what is not there. */
async function deviceOf(path: string): Promise<Device | null> {
  const descriptor = await descriptorOf(resolve(path))
  // Whatever stands behind a descriptor was opened by who started this process, as `> FILE` of a shell does.
  if (descriptor !== null) return STANDARD.get(descriptor) ?? 'other'
  const found = await stat(path).catch(() => null)
  return found === null || found.isFile() || found.isDirectory() ? null : 'other'
}

/** The descriptor of this process that a path leads to, such as that of /dev/stdout. */
async function descriptorOf(path: string): Promise<string | null> {
  let at = path
  for (let links = 0; links < MOST_LINKS; links++) {
    const [, process_, descriptor] = /^\/(?:dev|proc\/(self|thread-self|\d+))\/fd\/(\d+)$/.exec(at) ?? []
    if (descriptor !== undefined && isOwn(process_)) return descriptor
    const isLink = await lstat(at).then(
      (found) => found.isSymbolicLink(),
      () => false,
    )
    if (!isLink) return null
    at = resolve(dirname(at), await readlink(at))
  }
  return null
}

function isOwn(id: string | undefined): boolean {
  return id === undefined || id === 'self' || id === 'thread-self' || id === String(process.pid)
}

/** A file of the command line that may be written. */
export interface Output {
  readonly path: string
  /**
   * Writes the file as a whole or not at all.
   *
   * Raises `RunError` FILE_UNWRITABLE, and FILE_EXISTS for a file that was not there when the output was opened.
   */
  write(content: string): Promise<void>
  /** Begins to write it piece by piece. Raises as `write` does. */
  begin(): Promise<GrowingFile>
}

/** All that a command writes where its command line says. */
export interface Outputs {
  /**
   * Opens a file, which is neither made nor changed before it is written. One that is there is refused, unless
   * `--overwrite` is given and it may be replaced. Devices and pipes are written to as they are.
   *
   * Raises `InputError` FILE_UNWRITABLE, the codes of the kind, and FLAG_CONFLICT for a path of another output.
   */
  file(wanted: WantedFile): Promise<Output>
  /**
   * Opens a folder, which is not made before something is written to it; what may be replaced in it is for those to say who
   * fill it, and of these files none may be an input.
   *
   * Raises `InputError` FILE_UNWRITABLE and FILE_EXISTS.
   */
  folder(flag: string, path: string): Promise<OutputFolder>
}

/** A folder of the command line that may be written to. */
export interface OutputFolder {
  readonly path: string
  /** Opens a file in it, as `Outputs.file` does; the folder is made when one is written. */
  file(name: string, kind: OutputKind): Promise<Output>
}

/** The outputs of a command whose line was read; what it names otherwise are its inputs, and stays. */
export function outputsOf(command: Command, terminal: Terminal): Outputs {
  const { overwrite = false } = command.opts<{ readonly overwrite?: boolean }>()
  const opened = new Map<string, string>()
  let known: Promise<readonly Input[]> | null = null
  const inputs = () => {
    known ??= inputsOf(command)
    return known
  }

  async function openFile(wanted: WantedFile): Promise<Output> {
    requireOnce(opened, wanted)
    const { path } = wanted
    if (await isThere(stat(path))) await requireReplaceable(wanted, { overwrite, inputs: await inputs() })
    // A link to nothing is no file, but has the name of one.
    return toFile(path, await isThere(lstat(path)))
  }

  return {
    async file(wanted) {
      const { flag, path } = wanted
      const device = await deviceOf(path)
      if (device !== null) return toDevice(path, device, terminal)
      return beforeRun(flag, async () => {
        await requireWritableFile(flag, path)
        return openFile(wanted)
      })
    },
    async folder(flag, path) {
      await requireWritableFolder(flag, path)
      if (overwrite) await requireNoInput({ flag, path }, await inputs())
      return { path, file: (name, kind) => openFile({ flag, path: join(path, name), kind }) }
    },
  }
}

function isThere(look: Promise<unknown>): Promise<boolean> {
  return look.then(
    () => true,
    () => false,
  )
}

function requireOnce(opened: Map<string, string>, { flag, path }: WantedFile): void {
  const place = resolve(path)
  const other = opened.get(place) ?? flag
  opened.set(place, flag)
  if (other === flag) return
  throw new InputError({
    ...{ code: 'FLAG_CONFLICT', file: path, field: flag, found: `the path of ${other}` },
    ...{ expected: 'a path of its own', remedy: 'Choose another path.' },
  })
}

/** Refuses a folder whose files would be replaced while the command reads them. */
async function requireNoInput(
  { flag, path }: { readonly flag: string; readonly path: string },
  inputs: readonly Input[],
): Promise<void> {
  const folder = await realpath(path).catch(() => resolve(path))
  for (const input of inputs) {
    if (input.path !== folder && !input.path.startsWith(`${folder}${sep}`)) continue
    const isOwned = input.found.isDirectory()
      ? (await readRunRecord(input.path)) !== null
      : (await ownerOfFile(input.path)) !== null
    if (isOwned)
      throw new InputError({
        ...{ code: 'FILE_EXISTS', file: path, field: flag },
        found: `the folder of ${input.named}, an input of this command, which --overwrite replaces`,
        expected: 'a folder that holds no input',
        remedy: 'Choose another path.',
      })
  }
}

/** @param replaces what has its name */
function toFile(path: string, replaces: boolean): Output {
  return {
    path,
    async write(content) {
      await makeFolderOf(path)
      if (replaces) await writeAtomically(path, content)
      else if (!(await createAtomically(path, content))) throw appearedMeanwhile(path)
    },
    begin: () => createGrowingFile(path, { replaces }),
  }
}

async function makeFolderOf(path: string): Promise<void> {
  await makeFolder(dirname(path)).catch((cause: unknown) => {
    throw unwritable(path, cause)
  })
}

/** Text for a standard stream goes the way of everything that is printed, so that nothing overtakes it. */
function toDevice(path: string, device: Device, terminal: Terminal): Output {
  const begin = async (): Promise<GrowingFile> => {
    if (device === 'other') return openDevice(path)
    const append = async (text: string) => (device === 'stdout' ? terminal.out : terminal.err)(text, 'data')
    return { append, close: async () => undefined }
  }
  return {
    path,
    begin,
    async write(content) {
      const file = await begin()
      try {
        await file.append(content)
      } finally {
        await file.close()
      }
    },
  }
}
