import { Subject } from 'rxjs'
import { expect, test } from 'vitest'
import { createMeter } from '../../../src/actors/group/meter.js'
import { observedComponent } from '../../../src/actors/group/observed-component.js'
import { openCluster } from '../../../src/actors/open-cluster.js'
import { createSingleKernel } from '../../../src/dynamics/kernels/component-kernel.js'
import { kernelOfGroup } from '../../../src/dynamics/kernels/kernel-of-group.js'
import type { SpikeBatch } from '../../../src/events/spike-batch.js'
import { placementOf } from '../../../src/hardware/define-placement.js'
import { placeOnCores } from '../../../src/hardware/place-on-cores.js'
import type { Placement } from '../../../src/hardware/placement.js'
import { singleCore } from '../../../src/hardware/single-core.js'
import type { Recording, Trials } from '../../../src/learning/session.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import { normal, uniform } from '../../../src/network/description/initializers.js'
import type { Network } from '../../../src/network/description/network.js'
import { connect, dense, perSynapse } from '../../../src/network/description/projections.js'
import { delayOfSynapse } from '../../../src/network/graph/delay-of-synapse.js'
import { instantiate } from '../../../src/network/instance/instantiate.js'
import { li } from '../../../src/network/models/li.js'
import { lif } from '../../../src/network/models/lif.js'
import { trainsOf } from '../../learning/trains.js'
import { inTurn } from '../../support/in-turn.js'

const NEURON = { tauMem: 20, tauSyn: 5, threshold: 1 }

/** Layers, a cut cycle, and a cycle without delay within one kernel. */
const NETWORK = defineNetwork({
  groups: {
    input: source(3),
    hidden: lif(40, NEURON),
    left: lif(3, NEURON),
    right: lif(2, NEURON),
    readout: li(2, { tauMem: 20, tauSyn: 5 }),
  },
  projections: [
    connect('input', 'hidden', dense(normal(4, 1)), { delay: perSynapse(uniform(0, 12)) }),
    connect('hidden', 'hidden', dense(normal(0.1, 0.1)), { delay: 3 }),
    connect('hidden', 'left', dense(normal(1, 0.1)), { delay: perSynapse(uniform(0, 12)) }),
    connect('left', 'right', dense(normal(9, 0.1))),
    connect('right', 'left', dense(normal(0.3, 0.1))),
    connect('right', 'readout', dense(normal(1, 0.1)), { delay: 5 }),
  ],
})
const SEED = 3
const TRIALS: Trials = {
  count: 2,
  until: 30,
  inputs: {
    input: {
      offsets: Uint32Array.of(0, 4, 6),
      times: Float64Array.of(0, 1, 9, 15, 2, 25),
      units: Uint32Array.of(0, 1, 2, 0, 1, 1),
    },
  },
}

/** One by one, from the spikes that were recorded. */
function eventsOf({ spikes }: Recording, network: Network): number {
  let count = 0
  for (const { source: from, sources, delayShape, delays, absent } of instantiate(network, SEED).projections) {
    const { times, units } = spikes[from] as Recording['spikes'][string]
    for (let s = 0; s < sources.length; s++)
      for (let k = 0; k < times.length; k++)
        if (units[k] === sources[s] && absent?.[s] !== 1) {
          const delay = delayOfSynapse(delays, delayShape, 0, units[k] as number, s)
          if ((times[k] as number) + delay < TRIALS.until) count++
        }
  }
  return count
}

const placements: readonly (readonly [string, Placement, number])[] = [
  ['one core', singleCore(NETWORK), 0],
  ['two cores', placeOnCores(NETWORK, 2), 1],
]

test.each(placements)('every arrival is counted once, on %s', async (_, placement, turn) => {
  for (const kernel of inTurn(['reference', 'simd'] as const, turn)) {
    const options = { seed: SEED, kernel, transport: 'local' } as const
    await using counting = await openCluster(NETWORK, placement, { ...options, metrics: true })
    await using plain = await openCluster(NETWORK, placement, options)
    const record = ['input', 'hidden', 'left', 'right']
    const recording = await counting.simulate(TRIALS, { record })
    expect(await plain.simulate(TRIALS, { record })).toEqual(recording)
    await expect(plain.metrics()).rejects.toMatchObject({ code: 'METRICS_OFF' })

    const total = (await counting.metrics()).reduce(
      (sum, { synapticEvents, spikes, queuedSpikes, watermarkLag }) => ({
        synapticEvents: sum.synapticEvents + synapticEvents,
        spikes: sum.spikes + spikes,
        waiting: sum.waiting + queuedSpikes + watermarkLag,
      }),
      { synapticEvents: 0, spikes: 0, waiting: 0 },
    )
    const emitted = ['hidden', 'left', 'right'].map((name) => recording.spikes[name]?.times.length ?? 0)
    expect(Math.min(...emitted)).toBeGreaterThan(0)
    const expected = eventsOf(recording, NETWORK)
    expect(total).toEqual({ synapticEvents: expected, spikes: emitted.reduce((a, b) => a + b), waiting: 0 })
    await counting.simulate(TRIALS)
    const again = (await counting.metrics()).reduce((sum, { synapticEvents }) => sum + synapticEvents, 0)
    expect(again).toBe(2 * expected)
  }
})

test('what is known after the end of a trial, for the way between its cores, is no arrival', async () => {
  const network = defineNetwork({
    groups: { in: source(2), out: lif(3, NEURON) },
    projections: [connect('in', 'out', dense(0.1), { delay: 4 })],
  })
  const slices = [[{ group: 'in', start: 0, end: 2 }], [{ group: 'out', start: 0, end: 3 }]]
  const times = [5, 15, 20, 27]
  const inputs = { in: trainsOf([times.map((time) => ({ time, unit: time % 2 }))]) }
  for (const latency of [0, 3, 10]) {
    const placement = placementOf(network, slices, undefined, [
      [0, latency],
      [0, 0],
    ])
    await using session = await openCluster(network, placement, { seed: SEED, transport: 'local', metrics: true })
    await session.simulate({ count: 1, until: 30, inputs })
    const events = (await session.metrics()).reduce((sum, { synapticEvents }) => sum + synapticEvents, 0)
    expect(events).toBe(3 * times.filter((time) => time + latency + 4 < 30).length)
  }
})

test('spikes that wait for a slower stream are the queue, and the lead of the faster one is the lag', () => {
  const network = defineNetwork({
    groups: { a: source(1), b: source(1), out: lif(1, NEURON) },
    projections: [connect('a', 'out', dense(1)), connect('b', 'out', dense(1))],
  })
  const component = createSingleKernel(kernelOfGroup(instantiate(network, 0), 'out'))
  const [a$, b$] = [new Subject<SpikeBatch>(), new Subject<SpikeBatch>()]
  const meter = createMeter()
  const receiver = (spikes$: Subject<SpikeBatch>) => ({ spikes$, sendGradients: () => undefined })
  const metered = observedComponent(component, [meter.observerOf(component, [receiver(a$), receiver(b$)])])
  const batch = (stream: string, times: readonly number[], end: number): SpikeBatch => ({
    stream,
    sequence: 0,
    window: { start: 0, end },
    offsets: Uint32Array.of(0, times.length),
    times: Float64Array.from(times),
    units: new Uint32Array(times.length),
  })
  const options = {
    trials: 1,
    until: 10,
    whole: false,
    gradients: false,
    stopAfterFirst: false,
    trackSilent: false,
    undefinedSlope: 'refuse',
    beat: () => undefined,
  } as const
  metered.begin(() => options)
  const [ahead, behind] = [batch('a', [1, 2, 3], 8), batch('b', [1], 2)]
  a$.next(ahead)
  expect(meter.reading()).toEqual({ synapticEvents: 0, spikes: 0, queuedSpikes: 3, watermarkLag: 8 })
  b$.next(behind)
  metered.receive(0, ahead)
  metered.receive(1, behind)
  metered.advance(2)
  expect(meter.reading()).toEqual({ synapticEvents: 4, spikes: 0, queuedSpikes: 0, watermarkLag: 6 })
  metered.begin(() => options)
  expect(meter.reading()).toEqual({ synapticEvents: 4, spikes: 0, queuedSpikes: 0, watermarkLag: 0 })
})
