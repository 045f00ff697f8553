import { describe, expect, test } from 'vitest'
import type { ClusterSession } from '../../src/actors/cluster-session.js'
import { open } from '../../src/actors/open.js'
import { openCluster } from '../../src/actors/open-cluster.js'
import { microBatchOf } from '../../src/actors/session/micro-batch.js'
import type { SpikeTrains } from '../../src/events/spike-trains.js'
import { definePlacement } from '../../src/hardware/define-placement.js'
import { placeOnCores } from '../../src/hardware/place-on-cores.js'
import { liIntegral, spikeTimes, vMax } from '../../src/learning/define-loss.js'
import type { Loss } from '../../src/learning/loss.js'
import type { Session } from '../../src/learning/session.js'
import { defineNetwork } from '../../src/network/description/define-network.js'
import { source } from '../../src/network/description/groups.js'
import { normal } from '../../src/network/description/initializers.js'
import { connect, dense } from '../../src/network/description/projections.js'
import { li } from '../../src/network/models/li.js'
import { lif } from '../../src/network/models/lif.js'
import { trainsOf } from '../learning/trains.js'
import { inTurn } from '../support/in-turn.js'
import { openLinked } from '../support/open-linked.js'
import { repeatTrains } from '../support/repeat-trains.js'
import { expectSameBits } from '../support/same-bits.js'
import { built, placement } from './built-cluster.js'
import { NETWORK, TRIALS } from './layered-network.js'
import { ADAM, LIF, step } from './small-networks.js'

const COUNT = 20
const LABELLED = {
  ...TRIALS,
  count: COUNT,
  inputs: { in: repeatTrains(TRIALS.inputs.in, COUNT) },
  labels: Uint8Array.from({ length: COUNT }, (_, trial) => trial % 3),
}
const STEP = step({ optimizer: ADAM, rates: { weights: 0.01, delays: 0.1 }, bounds: { delays: [0, 10] } })

/** Three steps, of which nobody waits for the first two. */
async function trained(session: Session) {
  const steps = await Promise.all([1, 2, 3].map(() => session.train(LABELLED, STEP)))
  return { steps, evaluated: await session.evaluate(LABELLED, STEP.loss), state: await session.save() }
}

/** How often a group ran forward, wherever its slices are, in the runs of a cluster that is traced. */
async function advancesOf(cluster: ClusterSession, group: string): Promise<number> {
  const { cores } = await cluster.trace()
  const counts = cores.map(({ labels, events }) => {
    const label = labels.findIndex(({ name }) => name === `advance ${group}`)
    return events.label.reduce((count, each) => count + Number(each === label), 0)
  })
  return counts.reduce((sum, count) => sum + count, 0)
}

test.each(inTurn(['thread', 'websocket'] as const, 0))('micro-batches over %s change no bit', async (transport) => {
  await using whole = await open(NETWORK, { seed: 7 })
  const options = { seed: 7, transport, microBatch: 8, trace: true }
  await using cluster = await built.openCluster(NETWORK, placement(2), options)
  expectSameBits(await trained(cluster), await trained(whole))
  expect(await advancesOf(cluster, 'out')).toBe(4 * 3)
})

describe('in this process', () => {
  /** So much work in every layer that cores of their own would take micro-batches. */
  const DEEP = defineNetwork({
    groups: { in: source(5), a: lif(512, LIF), b: lif(512, LIF), out: lif(3, LIF) },
    projections: [connect('in', 'a', dense(0.1)), connect('a', 'b', dense(0)), connect('b', 'out', dense(0))],
  })
  const onTwo = definePlacement(
    DEEP,
    [
      ['in', 'a'],
      ['b', 'out'],
    ].map(slicesOf),
  )

  function slicesOf(names: readonly string[]) {
    return names.map((group) => ({ group, start: 0, end: DEEP.groups.find(({ name }) => name === group)!.size }))
  }

  test.each([
    { microBatch: 8, parts: 8 },
    { microBatch: 'auto', parts: 1 },
    { microBatch: Number.POSITIVE_INFINITY, parts: 1 },
  ] as const)('cores take micro-batches only if they are told to: $microBatch', async ({ microBatch, parts }) => {
    const inputs = { in: repeatTrains(TRIALS.inputs.in, 64) }
    await using cluster = await openCluster(DEEP, onTwo, { transport: 'local', trace: true, microBatch })
    await cluster.evaluate({ count: 64, until: 20, inputs, labels: new Uint8Array(64) }, STEP.loss)
    expect(await advancesOf(cluster, 'out')).toBe(parts)
    const coreWorkers = onTwo.cores.map(({ core }) => [core])
    expect(
      microBatchOf({ network: DEEP, placement: onTwo, coreWorkers }, { kernel: 'simd', microBatch: 'auto' })(64),
    ).toBeLessThan(64)
  })
})

describe('layers that skip others', () => {
  const READOUT = { tauMem: 20, tauSyn: 5 }
  /** Whom nobody hears, whom two hear, a readout beside the group that the loss looks at. */
  const SKIPPING = defineNetwork({
    groups: { in: source(5), mute: source(2), a: lif(40, LIF), b: lif(3, LIF), r: li(3, READOUT), s: li(2, READOUT) },
    projections: [
      connect('in', 'a', dense(normal(1.5, 0.8)), { delay: 1 }),
      connect('in', 'b', dense(normal(2, 0.5))),
      connect('a', 'b', dense(normal(0.1, 0.1)), { delay: 1 }),
      connect('a', 'r', dense(normal(0.1, 0.1))),
      connect('b', 'r', dense(normal(0.1, 0.1))),
      connect('b', 's', dense(0.1)),
    ],
  })
  const trials = {
    ...LABELLED,
    inputs: { ...LABELLED.inputs, mute: repeatTrains(trainsOf([[{ time: 1, unit: 0 }], []]), COUNT) },
  }
  const ofB: Loss = { kind: 'spikeCount', group: 'b', tau: 20 }
  const steps = [ofB, vMax('r'), liIntegral('s')].map((loss) => ({ ...STEP, loss }))
  const targets = spikeTimes('b', { targets: trainsOf([[{ time: 5, unit: 1 }]]), tau: 10 })

  async function course(session: Session) {
    const labels = trials.labels.map((label) => label % 2)
    const learned = []
    for (const each of steps) learned.push(await session.train({ ...trials, labels }, each))
    const evaluated = await session.evaluate({ ...trials, labels: new Uint8Array(COUNT) }, targets)
    const few = { count: 5, until: 50, inputs: { in: repeatTrains(TRIALS.inputs.in, 5) }, labels: labels.slice(0, 5) }
    return { learned, evaluated, few: await session.evaluate(few, ofB), state: await session.save() }
  }

  test('change no bit in micro-batches, also after a run that ends in the middle', async () => {
    await using whole = await open(SKIPPING, { seed: 7 })
    const { spikes } = await whole.simulate(trials)
    const counts = Array.from(spikes.b!.offsets.subarray(1), (end, trial) => end - spikes.b!.offsets[trial]!)
    // As many as trials of even numbers have.
    const linear: Loss = { kind: 'linear', group: 'b', coefficients: new Array<number>(counts[0]!).fill(1) }
    const [even, odd] = [repeatTrains(firstOf(TRIALS.inputs.in), COUNT), TRIALS.inputs.in]
    expect(counts[1]).not.toBe(counts[0])
    const late = { ...trials, inputs: { ...trials.inputs, in: spliced(even, odd, 12) } }
    for (const cores of inTurn([3, 2], 0)) {
      await using cut = await openLinked(SKIPPING, placeOnCores(SKIPPING, cores), { seed: 7, microBatchOf: () => 8 })
      for (const takes of [cut.evaluate(late, linear), cut.train(late, { ...STEP, loss: linear })])
        await expect(takes).rejects.toMatchObject({
          code: 'LOSS_COEFFICIENT_COUNT',
          mistake: { expected: expect.stringContaining('in trial 12') },
        })
      await using again = await open(SKIPPING, { seed: 7 })
      expectSameBits(await course(cut), await course(again))
    }
  })

  /** The first trial alone. */
  function firstOf({ offsets, times, units }: SpikeTrains): SpikeTrains {
    const end = offsets[1]!
    return { offsets: offsets.slice(0, 2), times: times.slice(0, end), units: units.slice(0, end) }
  }

  /** The same trials, but for one, which is the second one of others. */
  function spliced(trains: SpikeTrains, others: SpikeTrains, at: number): SpikeTrains {
    const trialOf = ({ offsets, times, units }: SpikeTrains, trial: number) =>
      Array.from(times.subarray(offsets[trial], offsets[trial + 1]), (time, k) => ({
        time,
        unit: units[offsets[trial]! + k]!,
      }))
    return trainsOf(Array.from({ length: COUNT }, (_, k) => (k === at ? trialOf(others, 1) : trialOf(trains, k))))
  }
})
