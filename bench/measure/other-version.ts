import { execFile, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { InvalidArgumentError } from 'commander'
import * as here from '../../dist/index.js'
import type { Finding, Settings } from '../suite.js'
import type { Workload } from '../workloads.js'

const run = promisify(execFile)
const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** A commit of this repository that is built to stand beside this one. */
export interface OtherVersion {
  /** What it is called beside a figure. */
  readonly name: string
  readonly commit: string
}

/** What stands beside this version unless another commit is asked for. */
export const VERSION_010: OtherVersion = {
  name: 'version 0.1.0',
  commit: '6aef6d1b0e45564415ef404251c50c28ba280618',
}

/** What benchmarks need of a build. */
export type Build = Pick<typeof here, 'open' | 'openCluster' | 'parseNetwork' | 'placeOnCores'>

export interface BuiltVersion {
  readonly build: Build
  /** Path of its main module. */
  readonly entry: string
}

/**
 * The version of a commit.
 *
 * @param commit a hash, a tag or whatever else git takes for one
 * @throws InvalidArgumentError if git knows no such commit
 */
export function versionOf(commit: string): OtherVersion {
  const argv = ['rev-parse', '--verify', '--quiet', `${commit}^{commit}`]
  const { status, stdout } = spawnSync('git', argv, { cwd: ROOT, encoding: 'utf8' })
  const hash = stdout?.trim() ?? ''
  if (status === 0 && hash !== '') return { name: `commit ${hash.slice(0, 8)}`, commit: hash }
  throw new InvalidArgumentError(`found "${commit}", expected a commit of this repository`)
}

/**
 * Another version: cloned from the history of the repository into `.bench/` and built there, once. Says so if that cannot
 * be done, such as in a clone without history.
 *
 * @returns null where it cannot be done, and for quick runs if it was not done before
 */
export async function* openOther({ against, quick }: Settings): AsyncGenerator<Finding, BuiltVersion | null> {
  const { name, commit } = against
  const folder = `${ROOT}.bench/${commit}`
  const entry = `${folder}/dist/index.js`
  if (!existsSync(entry) && !quick) await buildIn(folder, commit).catch(() => undefined)
  if (existsSync(entry)) return { entry, build: (await import(pathToFileURL(entry).href)) as Build }
  yield { note: `${name} is left out: git clones it from the history, npm installs what it needs` }
  return null
}

/** A workload as a build trains it: another one may not know how samples are named, and is given their spikes. */
export function workloadFor(build: Build, workload: Workload): Workload {
  if (build === here) return workload
  const { origin: _, ...task } = workload.task
  return { ...workload, task }
}

async function buildIn(folder: string, commit: string): Promise<void> {
  await rm(folder, { recursive: true, force: true })
  await run('git', ['clone', '--quiet', '--no-checkout', ROOT, folder])
  await run('git', ['checkout', '--quiet', commit], { cwd: folder })
  await run('npm', ['ci'], { cwd: folder })
  await run(process.execPath, ['scripts/ready.mjs'], { cwd: folder })
}
