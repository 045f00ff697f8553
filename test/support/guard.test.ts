import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { eventually } from './eventually.js'
import { childrenOf, firstLine, isAlive } from './processes.js'

const GUARDED = fileURLToPath(new URL('./guarded.mjs', import.meta.url))
/** Starts what it is given as a parent that does nothing else. */
const PARENT = `require('node:child_process').spawn(process.argv[1], process.argv.slice(2), { stdio: 'inherit' })`

test.runIf(process.platform === 'linux').each<{ end: string; argv: readonly string[]; signal: NodeJS.Signals }>([
  { end: 'is killed', argv: [], signal: 'SIGKILL' },
  { end: 'is interrupted', argv: [], signal: 'SIGINT' },
  { end: 'loses its parent while it computes', argv: ['busy'], signal: 'SIGKILL' },
])('nothing is left of a test process that $end', async ({ end, argv, signal }) => {
  const command = [process.execPath, '--import', 'tsx', GUARDED, ...argv]
  const line = end.startsWith('loses') ? [process.execPath, '-e', PARENT, ...command] : command
  const child = spawn(line[0] as string, line.slice(1), { stdio: ['ignore', 'pipe', 'inherit'] })
  const { pids, folder } = JSON.parse(await firstLine(child)) as { pids: number[]; folder: string }
  expect(pids.length).toBe(5)
  expect(pids.every(isAlive)).toBe(true)
  expect(existsSync(folder)).toBe(true)
  child.kill(signal)
  await eventually(() => !pids.some(isAlive) && !existsSync(folder))
  expect(childrenOf(process.pid).filter(isAlive)).toEqual([])
})
