import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { deriveConstants } from '../../../src/dynamics/equations/derive-constants.js'
import { Membrane } from '../../../src/dynamics/equations/membrane.js'
import { Memory } from '../../../src/dynamics/models/memory.js'
import { PEAK_AT_START, PEAK_INSIDE, PEAK_ON_ARRIVAL, PeakTape } from '../../../src/dynamics/models/peak-tape.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import { connect, dense, synapses } from '../../../src/network/description/projections.js'
import type { LiValues } from '../../../src/network/instance/instance.js'
import { li } from '../../../src/network/models/li.js'
import { ANY } from '../../support/case-ranges.js'
import { casesOf } from '../../support/cases-of.js'
import { maximumOf } from '../../support/decimal-li.js'
import { driveKernel } from '../../support/drive-kernel.js'
import { kernelCase, kernelOf, optionsOf } from '../../support/kernel-case.js'
import { batchOf, kernelFor, WHOLE } from '../kernels/kernel-for.js'

function tapeOf(count: number): PeakTape {
  const memory = new Memory()
  const tape = new PeakTape(memory, count)
  memory.allocate()
  tape.clear()
  return tape
}

const membrane = (fields: Partial<Membrane>) => Object.assign(new Membrane(deriveConstants(20, 10, 10, 20)), fields)

const peakOf = (tape: PeakTape, i = 0) => ({
  ...{ value: tape.value(i), time: tape.time(i), kind: tape.kind(i) },
  ...{ arrivals: tape.arrivals(i), slope: tape.slope(i) },
})

describe('the peak of a voltage', () => {
  test('is the rest at the start until something is higher', () => {
    const tape = tapeOf(2)
    tape.passRest(0, membrane({ iExc: -3 }), 2, 50, 1)
    expect(peakOf(tape)).toEqual({ value: 0, time: 0, kind: PEAK_AT_START, arrivals: 0, slope: 0 })
  })

  test('lies where V turns', () => {
    const tape = tapeOf(2)
    tape.passRest(1, membrane({ iExc: 8 }), 2, 50, 1)
    expect(peakOf(tape, 1)).toMatchObject({ kind: PEAK_INSIDE, arrivals: 1, slope: 0 })
    expect(tape.value(1)).toBeCloseTo(2, 14)
    expect(tape.time(1)).toBeCloseTo(2 + 20 * Math.LN2, 12)
    expect(tape.value(0)).toBe(0)
  })

  test('lies at the end of a trial that ends before V turns', () => {
    const tape = tapeOf(1)
    tape.passRest(0, membrane({ iExc: 8 }), 2, 7, 1)
    const u = Math.exp(-5 / 20)
    expect(peakOf(tape)).toMatchObject({ time: 7, kind: PEAK_INSIDE })
    expect(tape.value(0)).toBeCloseTo(8 * (u - u * u), 14)
  })

  test('has a kink on an arrival that turns V around', () => {
    const tape = tapeOf(1)
    tape.passArrival(0, 0.7, 3, 4, 0.25, -0.5)
    expect(peakOf(tape)).toEqual({ value: 0.7, time: 3, kind: PEAK_ON_ARRIVAL, arrivals: 4, slope: 0.25 })
    tape.passArrival(0, 0.8, 4, 5, 0.25, 0.1)
    tape.passArrival(0, 0.8, 5, 6, -0.1, -0.2)
    expect(tape.value(0)).toBe(0.7)
  })

  test('is the earliest of equals', () => {
    const tape = tapeOf(1)
    tape.passArrival(0, 0.7, 3, 1, 0.2, -0.5)
    tape.passArrival(0, 0.7, 9, 2, 0.3, -0.5)
    expect(tape.time(0)).toBe(3)
    tape.clear()
    expect(tape.value(0)).toBe(0)
  })
})

describe('the maxima of LI readouts', () => {
  test('are those of 70 decimal digits', () => {
    let compared = 0
    fc.assert(
      fc.property(
        kernelCase('li', ANY.li).filter(({ instance, trials }) => instance.groups[1]!.size < 5 && trials < 4),
        (sample) => {
          const kernel = kernelOf(sample)
          const input = { trains: sample.trains, options: optionsOf(sample), peakGradients: null }
          const whole = { horizons: [], batches: [], arrival: 'early' } as const
          const { values } = driveKernel(
            kernel,
            { ...input, options: { ...input.options, gradients: false } },
            whole,
          ).maxima
          const group = sample.instance.groups[1] as LiValues
          for (let trial = 0; trial < sample.trials; trial++)
            for (let n = 0; n < group.size; n++, compared++) {
              const at = (column: Float64Array) => column[n]!
              const { tauMem, tauSynExc, tauSynInh, bias } = group
              const parameters = {
                tauMem: at(tauMem),
                tauSynExc: at(tauSynExc),
                tauSynInh: at(tauSynInh),
                bias: at(bias),
              }
              const expected = maximumOf(parameters, arrivalsAt(sample, trial, n), sample.until)
              expect(Math.abs(values[trial * group.size + n]! - expected.value.toNumber())).toBeLessThan(1e-12)
            }
        },
      ),
      { numRuns: casesOf({ short: 7, long: 15 }), seed: 35, endOnFailure: true },
    )
    expect(compared).toBeGreaterThan(casesOf({ short: 9, long: 20 }))
  })

  test('a peak on an inhibitory arrival: the gradient belongs just before it', () => {
    const network = defineNetwork({
      groups: { in: source(2), x: li(1, { tauMem: 20, tauSyn: 10 }) },
      projections: [connect('in', 'x', dense([[8, -20]]))],
    })
    const kernel = kernelFor(network, 'x')
    const input = batchOf([
      [
        { time: 1, unit: 0 },
        { time: 6, unit: 1 },
      ],
    ])
    kernel.begin(WHOLE)
    kernel.receive(0, input)
    kernel.advance(WHOLE.until, WHOLE.until)
    const u = Math.exp(-5 / 20)
    const { values, times } = kernel.maxima()
    expect([times[0], values[0]]).toEqual([6, expect.closeTo(8 * (u - u * u), 14)])
    kernel.beginBackward(Float64Array.of(1))
    kernel.backward(new Float64Array(0))
    const [gradients] = kernel.takeReturned()
    // V(6) = 8 (u - u²) with u = e^{-(6 - t0) / 20}: the peak moves with the second spike along V', against the first.
    const slope = (8 * (1 - 2 * u) * -u) / 20
    expect(gradients!.values[0]).toBeCloseTo(-slope, 14)
    expect(gradients!.values[1]).toBeCloseTo(slope, 14)
    const gradient = kernel.finishGradient()
    expect(gradient[0]).toBeCloseTo(u - u * u, 14)
    expect(gradient[1]).toBe(0)
  })

  test('a readout without input peaks at 0, a driven one at the end', () => {
    const network = defineNetwork({
      groups: { in: source(1), x: li(2, { tauMem: 20, tauSyn: 10, bias: [0, 0.5] }) },
      projections: [connect('in', 'x', synapses([]))],
    })
    const kernel = kernelFor(network, 'x')
    kernel.begin(WHOLE)
    kernel.advance(WHOLE.until, WHOLE.until)
    const { values, times } = kernel.maxima()
    expect(Array.from(times)).toEqual([0, 100])
    expect(Array.from(values)).toEqual([0, expect.closeTo(0.5 * (1 - Math.exp(-5)), 14)])
  })
})

/** Every arrival at one neuron in event order. */
function arrivalsAt({ instance, trains }: Parameters<typeof kernelOf>[0], trial: number, n: number) {
  const list = instance.projections.flatMap((projection, p) => {
    const { offsets, times, units } = trains[p]!
    const { delayShape, delays, sources, targets, weights, absent } = projection
    return Array.from(targets, (_, s) => s)
      .filter((s) => targets[s] === n && absent?.[s] !== 1)
      .flatMap((s) => {
        const place = { none: -1, scalar: 0, perSource: sources[s]!, perSynapse: s }[delayShape]
        const delay = place < 0 ? 0 : delays[place]!
        const own = Array.from(times, (_, k) => k).filter((k) => units[k] === sources[s])
        return own
          .filter((k) => k >= offsets[trial]! && k < offsets[trial + 1]!)
          .map((k) => ({ time: times[k]! + delay, weight: weights[s]!, key: [p, sources[s]!, k, s] }))
      })
  })
  const byKey = (a: readonly number[], b: readonly number[]) => a.map((x, i) => x - b[i]!).find((d) => d !== 0) ?? 0
  return list.sort((a, b) => a.time - b.time || byKey(a.key, b.key))
}
