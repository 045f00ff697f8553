import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import type { SpikeCountLoss } from '../../src/learning/loss.js'
import type { OptimizerKind } from '../../src/learning/session.js'
import { defineNetwork } from '../../src/network/description/define-network.js'
import { source } from '../../src/network/description/groups.js'
import { uniform } from '../../src/network/description/initializers.js'
import { connect, dense } from '../../src/network/description/projections.js'
import { lif } from '../../src/network/models/lif.js'
import { testClusterBits } from '../suites/cluster-bits-suite.js'
import { inTurn } from '../support/in-turn.js'
import { built, childrenOf, coordinator, eventually, firstLine, isAlive, placement } from './built-cluster.js'
import { NETWORK, TRIALS } from './layered-network.js'
import { COUNT, LABELS, step } from './small-networks.js'

const LEARN = step({
  optimizer: { kind: 'sgd', momentum: 0.5 },
  rates: { weights: 0.1, delays: 0.1, thresholds: 0.01 },
})

afterEach(() => {
  expect(childrenOf(process.pid)).toEqual([])
})

testClusterBits(['thread', 'unix'])

describe('a cluster', () => {
  test('does what it was asked for before it was closed', async () => {
    const cluster = await built.openCluster(NETWORK, placement(1), { seed: 7, transport: 'websocket' })
    const running = cluster.simulate(TRIALS)
    const closings = [cluster.close(), cluster.close()]
    expect((await running).spikes.out?.times.length).toBeGreaterThan(0)
    await closings[1]
    expect(childrenOf(process.pid)).toEqual([])
    await closings[0]
  })

  test('of one core is one process, and takes losses and trials of any class as this one does', async () => {
    class FadingCount implements SpikeCountLoss {
      readonly kind = 'spikeCount'
      readonly note = () => 'does not travel'
      readonly group: string
      readonly tau: number

      constructor(group: string, tau: number) {
        this.group = group
        this.tau = tau
      }
    }
    const trials = { ...TRIALS, note: new Map() }
    const loss = new FadingCount('out', 20)
    await using here = await built.open(NETWORK, { seed: 7 })
    await using cluster = await built.openCluster(NETWORK, placement(1), { seed: 7, transport: 'websocket' })
    expect(cluster.workers.map(({ id }) => id)).toEqual(childrenOf(process.pid))
    const gradient = await here.gradient(TRIALS, COUNT, LABELS)
    for (const session of [here, cluster]) {
      expect(await session.gradient(trials, loss, LABELS)).toStrictEqual(gradient)
      await session.train({ ...trials, labels: LABELS }, { ...LEARN, loss })
    }
    expect(await cluster.parameters()).toStrictEqual(await here.parameters())
    expect(await cluster.traffic()).toEqual([])
  })

  test('survives the mistakes of its user', async () => {
    await using cluster = await built.openCluster(NETWORK, placement(2), { seed: 7, transport: 'websocket' })
    const before = await cluster.simulate(TRIALS)
    const wrongCount = cluster.gradient(TRIALS, { kind: 'linear', group: 'out', coefficients: [1] })
    await expect(wrongCount).rejects.toMatchObject({ name: 'InputError', code: 'LOSS_COEFFICIENT_COUNT' })
    await expect(wrongCount).rejects.toBeInstanceOf(built.InputError)
    await expect(cluster.simulate(TRIALS, { record: ['nobody' as string] })).rejects.toMatchObject({
      code: 'GROUP_UNKNOWN',
    })
    const labelled = { ...TRIALS, labels: LABELS }
    const method = { kind: 'zzz' } as unknown as OptimizerKind
    await expect(cluster.train(labelled, step({ optimizer: method }))).rejects.toMatchObject({
      code: 'OPTIMIZER_KIND_UNKNOWN',
    })
    await expect(cluster.train(labelled, step({ rates: { weights: NaN } }))).rejects.toMatchObject({
      details: { field: 'step.rates.weights' },
    })
    const times = Float32Array.of(1) as unknown as Float64Array
    const inputs = { in: { offsets: Uint32Array.of(0, 1, 1), times, units: Uint32Array.of(0) } }
    await expect(cluster.simulate({ ...TRIALS, inputs })).rejects.toMatchObject({ name: 'InputError' })
    expect(await cluster.simulate(TRIALS)).toStrictEqual(before)
  })
})

test.each(inTurn(['websocket', 'thread', 'unix'] as const, 0))(
  'numbers drawn out of range are told over %s',
  async (transport) => {
    const network = defineNetwork({
      groups: { in: source(1), out: lif(64, { tauMem: 20, tauSyn: 5, threshold: uniform(-1, 0) }) },
      projections: [connect('in', 'out', dense(2))],
    })
    const opening = built.openCluster(network, built.singleCore(network), { transport })
    const here = await built.open(network).catch((error: unknown) => error)
    await expect(opening).rejects.toBeInstanceOf(built.InputError)
    await expect(opening).rejects.toMatchObject({ code: (here as { code: string }).code })
  },
)

describe('a coordinator', () => {
  test.each(inTurn(['stop', 'wait'] as const, 0))(
    'that is gone is followed by a process that was stopped (%s)',
    async (what) => {
      const folder = mkdtempSync(join(tmpdir(), 'a-'))
      const child = coordinator(what, 'unix', folder)
      const gone = new Promise((resolve) => child.once('exit', resolve))
      const pids = JSON.parse(await firstLine(child)) as number[]
      const stopped = pids[1] as number
      process.kill(stopped, 'SIGSTOP')
      child.kill('SIGKILL')
      await gone
      await eventually(() => !pids.some((pid) => pid !== stopped && isAlive(pid)))
      expect(pids.filter(isAlive)).toEqual([stopped])
      process.kill(stopped, 'SIGCONT')
      await eventually(() => !isAlive(stopped) && readdirSync(folder).length === 0)
      rmSync(folder, { recursive: true })
    },
  )

  const ENDS = [
    { what: 'close', exit: 0 },
    { what: 'forget', exit: 3 },
    { what: 'wait', exit: null },
  ] as const
  const ends = ENDS.flatMap((end, k) =>
    inTurn(['unix', 'websocket'] as const, k).map((transport) => ({ ...end, transport })),
  )

  test.each(ends)('leaves no process and no socket behind ($what, $transport)', async ({ what, exit, transport }) => {
    const folder = mkdtempSync(join(tmpdir(), 'antidrome-test-'))
    const child = coordinator(what, transport, folder)
    const gone = new Promise((resolve) => child.once('exit', resolve))
    const pids = JSON.parse(await firstLine(child)) as number[]
    expect(pids.length).toBe(2)
    if (what === 'wait') {
      expect(pids.every(isAlive)).toBe(true)
      for (const sockets of readdirSync(folder)) expect(statSync(join(folder, sockets)).mode & 0o77).toBe(0)
      expect(readdirSync(folder)).toHaveLength(transport === 'unix' ? 1 : 0)
      child.kill('SIGKILL')
    }
    expect(await gone).toBe(exit)
    if (what === 'close') expect(pids.filter(isAlive)).toEqual([])
    await eventually(() => !pids.some(isAlive) && readdirSync(folder).length === 0)
    rmSync(folder, { recursive: true })
  })
})
