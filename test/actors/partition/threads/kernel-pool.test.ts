import { spawnSync } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { PoolKernel } from '../../../../src/dynamics/kernels/simd/worker-pool.js'
import { compileKernel } from '../../../../src/dynamics/kernels/wasm/instantiate.js'
import { KernelMemory } from '../../../../src/dynamics/kernels/wasm/kernel-memory.js'
import { builtFile } from '../../../support/built-file.js'
import { built } from '../../built-cluster.js'
import { NETWORK } from '../../layered-network.js'

/** Threads start from the build alone. */
const { openKernelPool } = (await import(
  builtFile('actors/partition/threads/kernel-pool.js').href
)) as typeof import('../../../../src/actors/partition/threads/kernel-pool.js')

const ITEMS = 40

/** A kernel that takes its time here; elsewhere it is what is in its module. */
function slowKernel(module: PoolKernel['module'], done: number[]): PoolKernel {
  const { memory } = new KernelMemory(0, 'shared', 'x')
  const pause = new Int32Array(new SharedArrayBuffer(4))
  const run = (_: number, item: number) => {
    Atomics.wait(pause, 0, 0, 10)
    done.push(item)
  }
  return {
    module,
    memory,
    scratch: [0, 4096],
    code: { run } as PoolKernel['code'],
  }
}

describe('a worker pool', () => {
  test('shares the items of a job among its threads', async () => {
    const pool = openKernelPool(2)
    const done: number[] = []
    let beats = 0
    const kernel = pool.enlist(slowKernel(compileKernel('shared'), done))
    const noJob = -1
    for (let round = 0; round < 100 && done.length === round * ITEMS; round++) {
      pool.run(kernel, noJob, ITEMS, () => beats++)
      await sleep(1)
    }
    await pool.close()
    expect(beats).toBe(done.length)
    expect(new Set(done).size).toBeLessThanOrEqual(ITEMS)
    // The other thread did some of the last round.
    expect(done.length % ITEMS).toBeGreaterThan(0)
  })

  test('of one thread does all of them in order', async () => {
    const pool = openKernelPool(1)
    const done: number[] = []
    const kernel = pool.enlist(slowKernel(compileKernel('plain'), done))
    pool.run(kernel, 0, 3, () => undefined)
    await pool.close()
    expect(done).toEqual([0, 1, 2])
  })

  test('says that a thread has failed, now and at the next job', async () => {
    const pool = openKernelPool(2)
    // The module wants a memory of its own thread.
    const kernel = pool.enlist(slowKernel(compileKernel('plain'), []))
    const run = () => {
      for (let round = 0; round < 100; round++) pool.run(kernel, 0, ITEMS, () => undefined)
    }
    expect(run).toThrow('A thread of the kernels failed')
    await sleep(100)
    expect(run).toThrow(/A thread of the kernels failed: .*memory/)
    await pool.close()
  })

  test('a program that waits for its end goes on behind it', () => {
    const entry = builtFile('actors/partition/threads/kernel-pool.js').href
    const program = `import { openKernelPool } from '${entry}'
      openKernelPool(2).close().then(() => console.log('closed'))`
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' })
    expect(stdout).toBe('closed\n')
  })
})

test.each([0, 1.5, 65, '2', null])('%j threads are refused', async (threads) => {
  const options = { threads: threads as number }
  const mistake = { code: 'THREADS_INVALID', message: expect.stringContaining('an integer from 1 to 64') }
  await expect(built.open(NETWORK, options)).rejects.toMatchObject(mistake)
  await expect(built.openCluster(NETWORK, built.placeOnCores(NETWORK, 2), options)).rejects.toMatchObject(mistake)
})
