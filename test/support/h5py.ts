import { spawnSync } from 'node:child_process'
import { describeNeeding } from './describe-needing.js'
import './guard.js'

/** The Python that Debian's packages are for. */
const PYTHON = '/usr/bin/python3'

const isThere = spawnSync(PYTHON, ['-c', 'import h5py']).status === 0

const missing = isThere ? null : `need the Debian package python3-h5py, which ${PYTHON} does not find`

/** Tests with files that h5py has written; skipped where it is missing. */
export function describeWithH5py(name: string, body: () => void): void {
  describeNeeding(missing, name, body)
}

/** Runs a script with h5py; returns what it prints. */
export function runWithH5py(script: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(PYTHON, ['-c', script, ...args], { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  return stdout
}
