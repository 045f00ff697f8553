import { lstat, readlink, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'

/** What takes bytes and keeps none: a standard stream of this process, or another device, pipe or socket. */
export type Device = 'stdout' | 'stderr' | 'other'

const STANDARD: ReadonlyMap<string, Device> = new Map([
  ['1', 'stdout'],
  ['2', 'stderr'],
])

/** More links than this lead around in a circle. */
const MOST_LINKS = 40

/** What kind of device a path leads to; null for files, folders and what is not there. */
export async function deviceOf(path: string): Promise<Device | null> {
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
