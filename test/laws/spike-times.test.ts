import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { KernelKind } from '../../src/dynamics/kernels/kernel-kind.js'
import { chosenKernelOfGroup } from '../../src/dynamics/kernels/kernel-of-group.js'
import { defineNetwork } from '../../src/network/description/define-network.js'
import { source } from '../../src/network/description/groups.js'
import { connect, dense } from '../../src/network/description/projections.js'
import { instantiate } from '../../src/network/instance/instantiate.js'
import { lif } from '../../src/network/models/lif.js'
import { arbitraryArrivals, arbitraryNeuron, arbitraryScale, between } from '../support/arbitraries.js'
import { kappaOf } from '../support/attainable-times.js'
import { casesOf } from '../support/cases-of.js'
import { exact, type Real } from '../support/decimal.js'
import {
  type Arrival,
  DecimalNeuron,
  type DecimalSpike,
  type NeuronParameters,
  simulateNeuron,
} from '../support/decimal-neuron.js'
import { grazingCase } from '../support/grazing-case.js'
import { ulp } from '../support/ulp.js'

/** Near misses and near hits closer than this share of the threshold are beyond double precision: nobody can tell. */
const UNDECIDABLE = 1e-14

/** Described with one synaptic time constant, or with two. */
const asDescribed = ({ tauSynExc, tauSynInh, ...rest }: NeuronParameters) => {
  return tauSynExc === tauSynInh ? { ...rest, tauSyn: tauSynExc } : { ...rest, tauSynExc, tauSynInh }
}

/** About one in two is ordinary, so that all meet each other. */
const anyTau = fc.oneof(arbitraryScale(1, 100), arbitraryScale(1e-9, 1e30))

/** What a current of 1 drives a voltage to within 5 ms at most. */
function peakOf(tauMem: number, tauSyn: number): number {
  const kappas = Array.from({ length: 34 }, (_, k) => kappaOf(5 * 2 ** -k, tauMem, tauSyn))
  return Math.max(...kappas)
}

/** Time constants of any length, and arrivals that lift V over the threshold or push it down, whatever these are. */
const extremeCase = fc
  .record({
    // Faster neurons fire without end under a current that lasts.
    tauMem: fc.oneof(arbitraryScale(5, 100), arbitraryScale(0.5, 1e30)),
    tauSynExc: anyTau,
    tauSynInh: fc.option(anyTau, { nil: null }),
    tauAdapt: anyTau,
    adaptStep: fc.oneof(fc.constant(0), between(0.05, 1)),
    refractory: fc.oneof(fc.constant(0), between(0.1, 3)),
    bias: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: between(-0.5, 0.8) }),
    arrivals: fc.array(fc.record({ time: between(0, 30), kick: fc.oneof(between(0.5, 3), between(-1, 0)) }), {
      minLength: 4,
      maxLength: 9,
    }),
  })
  .map(({ arrivals, tauSynInh, ...rest }) => {
    const neuron = { ...rest, tauSynInh: tauSynInh ?? rest.tauSynExc, threshold: 1, vReset: 0 }
    const { tauMem, tauSynExc } = neuron
    const weightOf = (kick: number) => kick / peakOf(tauMem, kick < 0 ? neuron.tauSynInh : tauSynExc)
    const sorted = arrivals.toSorted((a, b) => a.time - b.time)
    return { neuron, arrivals: sorted.map(({ time, kick }): Arrival => ({ time, weight: weightOf(kick) })) }
  })

/** The spikes of one neuron as a kernel finds them; arrival k comes from source unit k, so ties keep their order. */
function kernelSpikes(
  kind: KernelKind,
  neuron: NeuronParameters,
  arrivals: readonly Arrival[],
  until: number,
): readonly number[] {
  const weights = arrivals.length > 0 ? arrivals.map(({ weight }) => weight) : [0]
  const network = defineNetwork({
    groups: { input: source(weights.length), neuron: lif(1, asDescribed(neuron)) },
    projections: [connect('input', 'neuron', dense([weights]))],
  })
  const kernel = chosenKernelOfGroup(kind, instantiate(network, 0), 'neuron')
  kernel.begin({
    trials: 1,
    until,
    whole: true,
    gradients: false,
    stopAfterFirst: false,
    trackSilent: false,
    undefinedSlope: 'refuse',
    beat: () => undefined,
  })
  kernel.receive(0, {
    stream: 'input',
    sequence: 0,
    window: { start: 0, end: until },
    offsets: Uint32Array.of(0, arrivals.length),
    times: Float64Array.from(arrivals, ({ time }) => Number(time)),
    units: Uint32Array.from(arrivals, (_, k) => k),
  })
  return Array.from(kernel.advance(until, until).times)
}

/** The attainable accuracy of a spike time: 1e-12 ms + 4 ulp(t) + 16 · 2^-53 theta / slope. */
function tolerance({ time, theta, slope }: DecimalSpike): number {
  return 1e-12 + 4 * ulp(Number(time)) + (16 * 2 ** -53 * Math.abs(Number(theta))) / Number(slope)
}

interface Tally {
  trials: number
  spikes: number
  undecidable: number
  /** The largest error as a share of the tolerance. */
  worst: number
  /** The largest error of a trial's last spike, left alone, in ms. */
  drift: number
}

/**
 * Compares a trial twice: left alone, both must find the same number of spikes; and each spike must be within the
 * attainable accuracy, given the spikes before it as the kernel found them. (Left alone, an error lives on in the spikes
 * that follow, and chains of a hundred add them up.)
 */
function compare(
  kind: KernelKind,
  neuron: NeuronParameters,
  arrivals: readonly Arrival[],
  until: number,
  tally: Tally,
): void {
  const alone = simulateNeuron(neuron, arrivals, until)
  tally.trials++
  if (alone.peakMargin < UNDECIDABLE * neuron.threshold) {
    tally.undecidable++
    return
  }
  const found = kernelSpikes(kind, neuron, arrivals, until)
  expect(found.length, 'missed or extra spikes').toBe(alone.spikes.length)
  const oracle = new DecimalNeuron(neuron)
  let k = 0
  const followTo = (time: Real) => {
    for (let due = oracle.nextSpike(time); due !== null && k < found.length; due = oracle.nextSpike(time)) {
      const time = exact(found[k] as number)
      const share = Math.abs(Number(due.time.minus(time))) / tolerance(due)
      expect(share, `spike ${k} at ${due.time}`).toBeLessThanOrEqual(1)
      tally.worst = Math.max(tally.worst, share)
      tally.spikes++
      k++
      oracle.spikeAt(time)
    }
  }
  for (const { time, weight } of arrivals) {
    if (Number(time) >= until) break
    followTo(exact(time))
    oracle.arrive(exact(time), weight)
  }
  followTo(exact(until))
  expect(k, 'spikes compared').toBe(found.length)
  const last = alone.spikes.at(-1)
  if (last !== undefined)
    tally.drift = Math.max(tally.drift, Math.abs(Number(last.time.minus(exact(found.at(-1) as number)))))
}

function report(what: string, { trials, spikes, undecidable, worst, drift }: Tally): void {
  const share = `largest error ${worst.toFixed(2)} of the tolerance, drift ${drift.toExponential(1)} ms`
  console.info(`${what}: ${trials} trials, ${spikes} spikes, ${share}, ${undecidable} undecidable, 0 missed or extra`)
}

describe('spike times against a solver with 50 digits', () => {
  it('agree for every kind of neuron', () => {
    const numRuns = casesOf({ short: 30, long: 300 })
    const tally: Tally = { trials: 0, spikes: 0, undecidable: 0, worst: 0, drift: 0 }
    fc.assert(
      fc.property(arbitraryNeuron(), arbitraryArrivals(20), (neuron, arrivals) =>
        compare('reference', neuron, arrivals, 500, tally),
      ),
      { seed: 20, numRuns, endOnFailure: true },
    )
    expect(tally.spikes).toBeGreaterThan(3 * numRuns)
    expect(tally.undecidable).toBeLessThanOrEqual(numRuns / 100)
    report('any neuron', tally)
  })

  it('agree on the SIMD kernel', () => {
    const numRuns = casesOf({ short: 20, long: 200 })
    const tally: Tally = { trials: 0, spikes: 0, undecidable: 0, worst: 0, drift: 0 }
    let held = 0
    fc.assert(
      fc.property(arbitraryNeuron(), arbitraryArrivals(20), (neuron, arrivals) => {
        const before = tally.spikes
        compare('simd', { ...neuron, tauSynInh: neuron.tauSynExc }, arrivals, 500, tally)
        if (neuron.refractory > 0) held += tally.spikes - before
      }),
      { seed: 22, numRuns, endOnFailure: true },
    )
    expect(held).toBeGreaterThan(numRuns)
    expect(tally.undecidable).toBeLessThanOrEqual(numRuns / 100)
    report('on the SIMD kernel', tally)
  })

  it.each<KernelKind>(['reference', 'simd'])(
    'agree on the %s kernel for time constants from 1e-9 to 1e30 ms',
    (kind) => {
      const numRuns = casesOf({ short: 25, long: 400 })
      const tally: Tally = { trials: 0, spikes: 0, undecidable: 0, worst: 0, drift: 0 }
      fc.assert(
        fc.property(extremeCase, ({ neuron, arrivals }) => compare(kind, neuron, arrivals, 45, tally)),
        { seed: 23, numRuns, endOnFailure: true },
      )
      expect(tally.spikes).toBeGreaterThan(3 * numRuns)
      report(`time constants of any length, ${kind}`, tally)
    },
  )

  it.each<KernelKind>(['reference', 'simd'])(
    'agree on the %s kernel where brief currents just reach the threshold, or just fail to',
    (kind) => {
      const tally: Tally = { trials: 0, spikes: 0, undecidable: 0, worst: 0, drift: 0 }
      for (const ratio of [500, 2000, 1e5, 1e17, 1e25])
        for (const [reached, spikes] of [
          [1 + 1e-9, 1],
          [1 - 1e-9, 0],
        ] as const) {
          const tauSyn = Math.max(20 / ratio, 1e-6)
          const tauMem = ratio * tauSyn
          const peak = kappaOf((tauMem * Math.log(ratio)) / (ratio - 1), tauMem, tauSyn)
          const shape = { tauAdapt: 100, adaptStep: 0, refractory: 0, bias: 0, threshold: 1, vReset: 0 }
          const neuron = { tauMem, tauSynExc: tauSyn, tauSynInh: tauSyn, ...shape }
          const before = tally.spikes
          compare(kind, neuron, [{ time: 1, weight: reached / peak }], 45, tally)
          expect(tally.spikes - before, `tauMem / tauSyn = ${ratio}`).toBe(spikes)
        }
      expect(tally.undecidable).toBe(0)
    },
  )

  it('agree where V grazes the threshold for a microsecond to a millisecond', () => {
    const numRuns = casesOf({ short: 20, long: 200 })
    const tally: Tally = { trials: 0, spikes: 0, undecidable: 0, worst: 0, drift: 0 }
    let above = 0
    fc.assert(
      fc.property(grazingCase(), ({ neuron, arrivals, until, side }) => {
        if (side === 'above') above++
        compare('reference', neuron, arrivals, until, tally)
      }),
      { seed: 21, numRuns, endOnFailure: true },
    )
    expect(above).toBeGreaterThan(numRuns / 4)
    expect(tally.undecidable).toBeLessThan(numRuns / 20)
    report('grazing', tally)
  })
})
