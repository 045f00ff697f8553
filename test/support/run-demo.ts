import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import './guard.js'
import { requireFreshBuild } from './built-file.js'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** What a demo prints, run as a user would: with the built package, by its name. Rejects unless it ends with 0. */
export async function runDemo(demo: string): Promise<string> {
  requireFreshBuild()
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', `demos/${demo}`], { cwd: root })
  return stdout
}
