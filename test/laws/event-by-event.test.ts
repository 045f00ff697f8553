import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { open } from '../../src/actors/open.js'
import { sliceParameters } from '../../src/actors/partition/learning/slice-parameters.js'
import { mergeParameters } from '../../src/actors/session/merge-slices.js'
import { createFusedKernel } from '../../src/dynamics/kernels/fused-kernel.js'
import { chosenKernelOfGroup } from '../../src/dynamics/kernels/kernel-of-group.js'
import type { SpikeTrains } from '../../src/events/spike-trains.js'
import { defineNetwork } from '../../src/network/description/define-network.js'
import { source } from '../../src/network/description/groups.js'
import { connect, dense } from '../../src/network/description/projections.js'
import { instantiate } from '../../src/network/instance/instantiate.js'
import { lif } from '../../src/network/models/lif.js'
import { trainsOf } from '../learning/trains.js'
import { between } from '../support/arbitraries.js'
import { casesOf } from '../support/cases-of.js'
import { driveComponent } from '../support/drive-component.js'
import { deltaOf } from '../support/drive-kernel.js'
import { evaluateSpikeLoss } from '../support/evaluate-losses.js'
import { networkCase, UNTIL } from '../support/network-case.js'
import { expectSameBits } from '../support/same-bits.js'

const SETTINGS = { numRuns: casesOf({ short: 8, long: 25 }), seed: 10, endOnFailure: true }
const LOSS = { kind: 'spikeCount', group: 'b', tau: 20 } as const

describe('groups that run event by event', () => {
  test.each(['simd', 'reference'] as const)(
    'do what they do in windows, forward and backward, to the bit: %s',
    async (kernel) => {
      let [spikes, back] = [0, 0]
      await fc.assert(
        fc.asyncProperty(networkCase('recurrent'), async ({ network, trials, labels }) => {
          await using session = await open(network, { kernel })
          const windows = await session.gradient(trials, LOSS, labels)
          const instance = instantiate(network, 0)
          const kernelOf = (group: string) => chosenKernelOfGroup(kernel, instance, group)
          const fused = createFusedKernel(instance, ['a', 'b'], undefined, kernelOf)
          const size = instance.groups.find(({ name }) => name === 'b')!.size
          const explicit = (group: string, trains: SpikeTrains) => {
            const terms = new Float64Array(trains.times.length)
            if (group === 'b')
              labels.forEach((label, trial) => void evaluateSpikeLoss(LOSS, size, trains, trial, label, terms))
            return terms
          }
          const result = driveComponent(fused, {
            ...{ trials: trials.count, until: trials.until, outside: trials.inputs },
            ...{ horizons: [], cuts: [], explicit },
          })
          expectSameBits(result.spikes, { a: windows.recording.spikes.a, b: windows.recording.spikes.b })
          expectSameBits(result.events, windows.inputTimes)
          const slices = fused.kernels.map((kernel, k) => sliceParameters(kernel, result.gradients[k]!))
          const own = mergeParameters(network, slices)
          const fusedKeys = network.projections.filter(({ target }) => target !== 'r').map(({ key }) => key)
          const parts = [
            ...fusedKeys.map((key) => [key, own.projections[key]] as const),
            ...['a', 'b'].map((name) => [name, own.groups[name]] as const),
          ]
          for (const [key, value] of parts)
            expectSameBits(value, { ...windows.gradients.projections, ...windows.gradients.groups }[key], key)
          spikes += result.spikes.b!.times.length
          if (own.projections['b->a']!.weights.some((g) => g !== 0)) back++
        }),
        SETTINGS,
      )
      expect(spikes).toBeGreaterThan(3 * SETTINGS.numRuns)
      expect(back).toBeGreaterThan(SETTINGS.numRuns / 4)
    },
  )

  test('give the same bits however the time and the spikes from outside are cut', () => {
    const cuts = fc
      .array(between(0.01, UNTIL - 0.01), { maxLength: 8 })
      .map((list) => [...new Set(list)].sort((a, b) => a - b))
    let spikes = 0
    fc.assert(
      fc.property(networkCase('immediate'), cuts, cuts, ({ network, trials }, horizons, edges) => {
        const instance = instantiate(network, 0)
        const run = {
          ...{ trials: trials.count, until: trials.until, outside: trials.inputs },
          explicit: (_: string, { times }: SpikeTrains) => times.map((_time, k) => deltaOf(k)),
        }
        const kernel = () => createFusedKernel(instance, ['a', 'b'])
        const whole = driveComponent(kernel(), { ...run, horizons: [], cuts: [] })
        expectSameBits(driveComponent(kernel(), { ...run, horizons, cuts: edges }), whole)
        spikes += whole.spikes.b!.times.length
      }),
      SETTINGS,
    )
    expect(spikes).toBeGreaterThan(3 * SETTINGS.numRuns)
  })
})

describe('a cycle', () => {
  const ring = (delay: number) => {
    const parameters = { tauMem: 20, tauSyn: 5, threshold: 1, refractory: 3 }
    return defineNetwork({
      groups: { in: source(1), a: lif(2, parameters), b: lif(1, { ...parameters, bias: 0.3 }) },
      projections: [
        connect('in', 'a', dense([[9], [6]]), { delay: 1 }),
        connect('a', 'b', dense([[7, 6]]), { delay }),
        connect('b', 'a', dense([[6], [-2]]), { delay }),
      ],
    })
  }
  const trials = {
    count: 1,
    until: 60,
    inputs: {
      in: trainsOf([
        [
          { time: 1, unit: 0 },
          { time: 4, unit: 0 },
        ],
      ]),
    },
  }

  test('of long delays is looked along by the smallest of them, but never beyond a horizon', () => {
    const kernel = () => createFusedKernel(instantiate(ring(2), 0), ['a', 'b'])
    const run = {
      ...{ trials: trials.count, until: trials.until, outside: trials.inputs },
      explicit: (_: string, { times }: SpikeTrains) => times.map((_time, k) => deltaOf(k)),
    }
    const whole = driveComponent(kernel(), { ...run, horizons: [], cuts: [] })
    const horizons = Array.from({ length: trials.until - 1 }, (_, k) => k + 1)
    expectSameBits(driveComponent(kernel(), { ...run, horizons, cuts: horizons }), whole)
    expect(whole.spikes.a!.times.length).toBeGreaterThan(3)
  })

  test('without delay is the limit of one of ever shorter delays', async () => {
    const loss = { kind: 'spikeCount', group: 'b', tau: 20 } as const
    await using immediate = await open(ring(0))
    await using delayed = await open(ring(1e-5))
    const at = await immediate.gradient(trials, loss, Uint8Array.of(0))
    const near = await delayed.gradient(trials, loss, Uint8Array.of(0))
    const counts = ({ recording: { spikes } }: typeof at) => [spikes.a!.times.length, spikes.b!.times.length]
    expect(counts(at)).toEqual(counts(near))
    expect(counts(at)[1]).toBeGreaterThan(3)
    at.recording.spikes.b!.times.forEach((time, k) => {
      expect(Math.abs(time - near.recording.spikes.b!.times[k]!)).toBeLessThan(1e-3)
    })
  })
})
