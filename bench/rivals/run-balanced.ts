import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** What balanced.py measured. */
export interface BalancedRun {
  readonly spikes: number
  readonly seconds: number
  readonly versions: string
}

const SCRIPT = fileURLToPath(new URL('balanced.py', import.meta.url))
/** Debian's own, whose packages hold Brian. */
const PYTHON = '/usr/bin/python3'

/** Why the rival cannot run here; null if it can. */
export function missingForBalanced(): string | null {
  const found = [spawnSync(PYTHON, ['-c', 'import brian2']), spawnSync('g++', ['--version'])]
  if (found.every(({ status }) => status === 0)) return null
  return 'the rival Brian 2 is left out; Debian: apt-get install python3-brian g++'
}

/** Runs the balanced random network in Brian 2 on one core, its Poisson input included; building it is not timed. */
export function runBalanced(order: {
  readonly neurons: number
  readonly inDegree: number
  readonly until: number
  readonly driveRate: number
}): BalancedRun {
  const options = { input: JSON.stringify(order), encoding: 'utf8', maxBuffer: 1 << 26 } as const
  const { status, stdout, stderr } = spawnSync(PYTHON, [SCRIPT], options)
  if (status !== 0) throw new Error(`the rival Brian 2 failed: ${stderr}`)
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
}
