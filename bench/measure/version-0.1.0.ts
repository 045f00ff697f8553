import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import type * as here from '../../dist/index.js'

const COMMIT = '6aef6d1b0e45564415ef404251c50c28ba280618'
/** What it is called beside a figure. */
export const NAME_010 = 'version 0.1.0'
const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const FOLDER = `${ROOT}.bench/0.1.0`
/** Its main module. */
export const ENTRY_010 = `${FOLDER}/dist/index.js`

/** What benchmarks need of a build. */
export type Build = Pick<typeof here, 'open' | 'openCluster' | 'parseNetwork' | 'placeOnCores'>

/**
 * Version 0.1.0, to stand beside this one: cloned from the history of the repository into `.bench/` and built there, once.
 *
 * @returns null where that cannot be done, such as in a clone without history
 */
export async function openVersion010({ quick }: { readonly quick: boolean }): Promise<Build | null> {
  if (!existsSync(ENTRY_010)) {
    if (quick) return null
    await build().catch(() => undefined)
  }
  return existsSync(ENTRY_010) ? ((await import(pathToFileURL(ENTRY_010).href)) as Build) : null
}

async function build(): Promise<void> {
  const run = promisify(execFile)
  await rm(FOLDER, { recursive: true, force: true })
  await run('git', ['clone', '--quiet', '--no-checkout', ROOT, FOLDER])
  await run('git', ['checkout', '--quiet', COMMIT], { cwd: FOLDER })
  await run('npm', ['ci'], { cwd: FOLDER })
  await run(process.execPath, ['scripts/ready.mjs'], { cwd: FOLDER })
}
