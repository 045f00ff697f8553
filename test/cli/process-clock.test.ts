import { spawn } from 'node:child_process'
import { expect, test } from 'vitest'
import '../support/guard.js'
import { processClock } from '../../src/cli/process-clock.js'

/** Computes for 0.1 s, however long it has to wait for a processor, says so and stays. */
const BUSY = 'while (process.cpuUsage().user < 1e5); console.log("done"); setInterval(() => {}, 1e6)'

test('both clocks go forward', () => {
  const clock = processClock()
  const [wall, cpu] = [clock.wall(), clock.cpu()]
  while (clock.cpu() <= cpu);
  expect(clock.wall()).toBeGreaterThan(wall)
})

test.runIf(process.platform === 'linux')('the time of other processes counts', async () => {
  const child = spawn(process.execPath, ['-e', BUSY], { stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    const pid = child.pid as number
    const [alone, both] = [processClock(), processClock([pid])]
    await new Promise((resolve) => child.stdout.once('data', resolve))
    expect(both.cpu() - alone.cpu()).toBeGreaterThan(0.05)
  } finally {
    child.kill('SIGKILL')
    await new Promise((resolve) => child.once('close', resolve))
  }
})

test.runIf(process.platform === 'linux')(
  'the time of a process that was replaced is lost, that of its heir is not',
  () => {
    const others = new Set([process.pid])
    const clock = processClock(others)
    expect(clock.cpu()).toBeGreaterThan(0)
    others.delete(process.pid)
    others.add(process.ppid)
    expect(clock.cpu()).toBeNaN()
    expect(clock.cpu()).toBeGreaterThan(0)
    // One more loses nothing.
    others.add(process.pid)
    expect(clock.cpu()).toBeGreaterThan(0)
  },
)

test('the time of a process that is gone is not a number', async () => {
  const child = spawn(process.execPath, ['-e', ''])
  await new Promise((resolve) => child.once('close', resolve))
  expect(processClock([child.pid as number]).cpu()).toBeNaN()
})
