import { execFile } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { requireFreshBuild } from './built-file.js'
import { temporaryFolder } from './temporary-folder.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** A folder of a user who has installed this package as it is built. */
export interface PackageUser extends AsyncDisposable {
  readonly folder: string
  write(name: string, text: string): void
  /** Runs a program of the folder there; what it prints. */
  run(program: string): Promise<string>
}

export async function packageUser(): Promise<PackageUser> {
  requireFreshBuild()
  const { path: folder, [Symbol.asyncDispose]: remove } = await temporaryFolder()
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(ROOT, join(folder, 'node_modules/antidrome'))
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text)
  write('package.json', '{"type": "module"}')
  return {
    folder,
    write,
    run: async (program) => (await promisify(execFile)(process.execPath, [program], { cwd: folder })).stdout,
    [Symbol.asyncDispose]: remove,
  }
}
