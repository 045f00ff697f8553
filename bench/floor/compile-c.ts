import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const SOURCE = fileURLToPath(new URL('add-rows.c', import.meta.url))
const COMPILERS = ['gcc', 'cc', 'clang']

/** Compiles the floor in C into a folder; returns the program's path, or null where there is no compiler. */
export function compileC(folder: string): string | null {
  const program = join(folder, 'add-rows')
  const flags = ['-O3', '-march=native', '-o', program, SOURCE]
  const isMade = COMPILERS.some((compiler) => spawnSync(compiler, flags, { stdio: 'ignore' }).status === 0)
  return isMade ? program : null
}
