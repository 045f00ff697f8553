import fc from 'fast-check'
import type { Arrival, NeuronParameters } from './decimal-neuron.js'

const STEPS = 2 ** 31 - 1

/** Uniform in [min, max]; `fc.double` would draw mostly numbers such as 1e-150. */
export function between(min: number, max: number): fc.Arbitrary<number> {
  return fc.integer({ min: 0, max: STEPS }).map((step) => min + ((max - min) * step) / STEPS)
}

/** Log-uniform in [min, max]. */
export function arbitraryScale(min: number, max: number): fc.Arbitrary<number> {
  return between(Math.log(min), Math.log(max)).map(Math.exp)
}

/**
 * A time constant beside another: unrelated, equal, a simple multiple, or equal but for 1e-3 … 1e-12 relative, or for
 * the last bits.
 */
export function arbitraryTauBeside(tau: number): fc.Arbitrary<number> {
  return fc.oneof(
    { weight: 4, arbitrary: arbitraryScale(tau / 12, tau * 4) },
    { weight: 2, arbitrary: fc.constant(tau) },
    { weight: 1, arbitrary: fc.constantFrom(tau / 4, tau / 2, tau * 2) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(arbitraryScale(1e-12, 1e-3), fc.constantFrom(-1, 1))
        .map(([distance, sign]) => tau * (1 + sign * distance)),
    },
    { weight: 1, arbitrary: fc.constantFrom(1 - 2 ** -52, 1 + 2 ** -52).map((factor) => tau * factor) },
  )
}

export interface NeuronRange {
  /** Largest bias relative to the threshold; default 1.3. */
  readonly biasUpTo?: number
}

/** Any valid LIF neuron with time constants of 0.5 … 100 ms. */
export function arbitraryNeuron({ biasUpTo = 1.3 }: NeuronRange = {}): fc.Arbitrary<NeuronParameters> {
  const adaptation = fc.oneof(
    fc.constant({ adaptStep: 0, adaptShare: 1 }),
    fc.record({ adaptStep: between(0.01, 1), adaptShare: arbitraryScale(0.2, 10) }),
  )
  const rest = fc.record({
    threshold: fc.oneof(fc.constant(1), between(0.3, 2)),
    reset: fc.oneof(fc.constant(0), between(-1, 0.8)),
    refractory: fc.oneof(fc.constant(0), between(0.1, 10)),
    bias: fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: between(-0.5, biasUpTo) }),
    adaptation,
  })
  return fc
    .oneof(fc.constant(20), arbitraryScale(2, 50))
    .chain((tauMem) => {
      const syn = arbitraryTauBeside(tauMem)
      const one = syn.map((tau) => ({ tauSynExc: tau, tauSynInh: tau }))
      const two = syn.chain((tauSynExc) =>
        fc.record({ tauSynExc: fc.constant(tauSynExc), tauSynInh: arbitraryTauBeside(tauSynExc) }),
      )
      return fc.tuple(fc.constant(tauMem), fc.oneof(one, two, fc.record({ tauSynExc: syn, tauSynInh: syn })), rest)
    })
    .map(
      ([
        tauMem,
        syn,
        {
          threshold,
          reset,
          refractory,
          bias,
          adaptation: { adaptStep, adaptShare },
        },
      ]) => ({
        tauMem,
        ...syn,
        tauAdapt: adaptShare === 1 ? tauMem : tauMem * adaptShare,
        threshold,
        vReset: reset * threshold,
        bias: bias * threshold,
        refractory,
        adaptStep: adaptStep * threshold,
      }),
    )
}

const arbitraryGap = fc.oneof(
  { weight: 1, arbitrary: fc.constant(0) },
  { weight: 2, arbitrary: between(0, 0.2) },
  { weight: 4, arbitrary: between(0, 8) },
  { weight: 1, arbitrary: between(30, 400) },
)

const arbitraryWeight = fc.oneof(
  { weight: 5, arbitrary: between(0, 4) },
  { weight: 2, arbitrary: between(-3, 0) },
  { weight: 1, arbitrary: fc.constantFrom(0, 1, -1) },
)

/** Up to n arrivals in event order: lone ones, bursts, simultaneous ones, wide gaps; of either sign. */
export function arbitraryArrivals(n: number): fc.Arbitrary<readonly Arrival[]> {
  return fc
    .array(fc.record({ gap: arbitraryGap, weight: arbitraryWeight }), { maxLength: n, size: 'max' })
    .map((steps) => {
      let time = 0
      return steps.map(({ gap, weight }) => {
        time += gap
        return { time, weight }
      })
    })
}
