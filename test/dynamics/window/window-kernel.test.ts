import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SpikeTrains } from '../../../src/events/spike-trains.js'
import { defineNetwork } from '../../../src/network/define-network.js'
import { poisson } from '../../../src/network/emitting-sources.js'
import { lif, source } from '../../../src/network/groups.js'
import type { LifValues } from '../../../src/network/instance.js'
import { instantiate } from '../../../src/network/instantiate.js'
import type { Network } from '../../../src/network/network.js'
import { connect, fixedInDegree, oneToOne } from '../../../src/network/projections.js'
import { INPUTS, networkOf, SIZE, windowSample } from '../../support/arbitrary-window-network.js'
import { casesOf } from '../../support/cases-of.js'
import {
  batchOf,
  drivenReference,
  forwardOptions,
  randomTrains,
  SEED,
  trainsByNeuron,
  windowKernel,
  windowPlanOf,
} from '../../support/window-case.js'
import { inputsByRule, windowTimes } from '../../support/window-times.js'

const UNTIL = 40

/** Runs the window kernel up to each of the cuts that is an end of cells. */
function runWindows(network: Network, trains: SpikeTrains, trials: number, cuts: readonly number[]): SpikeTrains[] {
  const kernel = windowKernel(network, 'cells')
  kernel.begin(forwardOptions(UNTIL, { trials }))
  kernel.inputs.forEach((_, input) => {
    kernel.receive(input, batchOf(trains, UNTIL))
  })
  let reached = 0
  return [...cuts, UNTIL].flatMap((cut) => {
    const to = kernel.reach(cut)
    if (to <= reached && to < UNTIL) return []
    reached = to
    return [kernel.advance(to, to)]
  })
}

describe('the window kernel', () => {
  it('fires as the reference kernel does, no spike more or less', () => {
    const seen = { compared: 0, steep: 0, farthest: 0 }
    fc.assert(
      fc.property(windowSample, fc.double({ min: 0.01, max: 0.1, noNaN: true }), (sample, rate) => {
        const network = networkOf(sample)
        const trains = randomTrains(INPUTS, rate, UNTIL, 2, 'twins')
        const reference = drivenReference(network, 'cells')
        reference.begin(forwardOptions(UNTIL, { trials: 2, whole: true }))
        reference.kernel.inputs.forEach((_, input) => {
          reference.receive(input, batchOf(trains, UNTIL))
        })
        const expected = trainsByNeuron([reference.advance(UNTIL, UNTIL)], SIZE)
        const found = trainsByNeuron(runWindows(network, trains, 2, []), SIZE)
        const { values } = reference.kernel
        const plan = windowPlanOf(network, 'cells')
        const instance = instantiate(network, SEED)
        const arriving = [0, 1].flatMap((trial) => inputsByRule(instance, 'cells', trains, trial))
        found.forEach((times, at) => {
          expect(times.length, `spikes of ${at}`).toBe(expected[at]!.length)
          const bounds = windowTimes(values as LifValues, at % SIZE, plan, {
            inputs: arriving[at]!,
            times: expected[at]!,
          })
          times.forEach((time, k) => {
            const { bound, looseness } = bounds[k]!
            const distance = Math.abs(time - expected[at]![k]!)
            expect(distance, `spike ${k} of ${at} at ${time}`).toBeLessThanOrEqual(bound)
            seen.farthest = Math.max(seen.farthest, distance / bound)
            if (looseness < 4) seen.steep++
            seen.compared++
          })
        })
      }),
      { numRuns: casesOf({ short: 4, long: 15 }), seed: 9 },
    )
    // The bound leaves some room, not any.
    expect(seen.farthest).toBeGreaterThan(0.02)
    expect(seen.steep).toBeGreaterThan(casesOf({ short: 266, long: 1000 }))
    expect(seen.compared).toBeGreaterThan(casesOf({ short: 2666, long: 10_000 }))
  })

  it('has the same bits however time is cut', () => {
    const cuts = fc.array(fc.double({ min: 0, max: UNTIL, noNaN: true }), { maxLength: 8 })
    fc.assert(
      fc.property(windowSample, cuts, (sample, unsorted) => {
        const network = networkOf(sample)
        const trains = randomTrains(INPUTS, 0.05, UNTIL, 1, 'cuts')
        const whole = trainsByNeuron(runWindows(network, trains, 1, []), SIZE)
        const parts = runWindows(
          network,
          trains,
          1,
          unsorted.toSorted((a, b) => a - b),
        )
        expect(trainsByNeuron(parts, SIZE)).toEqual(whole)
      }),
      { numRuns: casesOf({ short: 7, long: 15 }), seed: 4 },
    )
  })

  it('has the same bits in slices as whole', () => {
    fc.assert(
      fc.property(windowSample, (sample) => {
        const network = networkOf(sample)
        const trains = randomTrains(INPUTS, 0.05, UNTIL, 1, 'slices')
        const whole = trainsByNeuron(runWindows(network, trains, 1, []), SIZE)
        for (const slice of [
          { start: 0, end: 32 },
          { start: 32, end: 70 },
        ]) {
          const kernel = windowKernel(network, 'cells', slice)
          kernel.begin(forwardOptions(UNTIL))
          kernel.inputs.forEach((_, input) => {
            kernel.receive(input, batchOf(trains, UNTIL))
          })
          const own = trainsByNeuron([kernel.advance(UNTIL, UNTIL)], SIZE)
          expect(own.slice(slice.start, slice.end)).toEqual(whole.slice(slice.start, slice.end))
        }
      }),
      { numRuns: casesOf({ short: 5, long: 10 }), seed: 6 },
    )
  })

  it('draws the drives that a source would send, and keeps its accuracy over seconds', () => {
    const end = casesOf({ short: 2000, long: 10_000 })
    const parameters = { tauMem: 20, tauSyn: 0.5, threshold: 20, vReset: 10, refractory: 2 }
    const network = defineNetwork({
      groups: {
        drive: poisson(40, { rate: 20_000, start: 3, stop: end - 100 }),
        input: source(50),
        cells: lif(40, parameters),
      },
      projections: [
        connect('drive', 'cells', oneToOne(2.1), { delay: 1.5 }),
        connect('input', 'cells', fixedInDegree(300, -0.01, { multiple: true })),
      ],
    })
    const [kernel, reference] = [windowKernel(network, 'cells'), drivenReference(network, 'cells')]
    expect(kernel.inputs.map(({ source: name }) => name)).toEqual(['input'])
    kernel.begin(forwardOptions(end))
    reference.begin(forwardOptions(end))
    const found = trainsByNeuron([kernel.advance(end, end)], 40)
    const parts = Array.from({ length: end / 100 }, (_, k) => reference.advance(100 * (k + 1), 100 * (k + 1)))
    const expected = trainsByNeuron(parts, 40)
    expect(found.map((times) => times.length)).toEqual(expected.map((times) => times.length))
    const late = found.flatMap((times, n) => times.map((time, k) => [time, expected[n]![k]!] as const))
    for (const [time, other] of late) expect(Math.abs(time - other)).toBeLessThan(1e-9)
    expect(late.filter(([time]) => time > 0.9 * end).length).toBeGreaterThan(end / 100)
    expect(late.filter(([time]) => time < 4.5 || time > end - 90).length).toBe(0)
  })
})
