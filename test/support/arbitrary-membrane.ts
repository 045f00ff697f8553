import fc from 'fast-check'
import { firstCrossing } from '../../src/dynamics/equations/crossing.js'
import { deriveConstants } from '../../src/dynamics/equations/derive-constants.js'
import { Membrane } from '../../src/dynamics/equations/membrane.js'
import { arbitraryNeuron, arbitraryScale, between } from './arbitraries.js'

const current = fc.oneof(
  { weight: 4, arbitrary: between(0, 8) },
  { weight: 2, arbitrary: arbitraryScale(1e-6, 30) },
  { weight: 1, arbitrary: fc.constant(0) },
)

/**
 * Membranes below theta of every kind that can occur: V, I and bias of either sign, the bias also above the threshold;
 * with and without adaptation; one current of either sign, or an excitatory and an inhibitory one.
 */
export function arbitraryMembrane(): fc.Arbitrary<Membrane> {
  return fc
    .record({
      neuron: arbitraryNeuron({ biasUpTo: 1.5 }),
      place: fc.oneof({ weight: 4, arbitrary: between(-2, 0.999) }, { weight: 1, arbitrary: between(0.9, 0.9999) }),
      exc: current,
      inh: current,
      isNegative: fc.integer({ min: 0, max: 3 }),
      adaptation: fc.oneof(fc.constant(0), between(0, 2)),
    })
    .map(({ neuron, place, exc, inh, isNegative, adaptation }) => {
      const { tauMem, tauSynExc, tauSynInh, tauAdapt, threshold, bias } = neuron
      const membrane = new Membrane(deriveConstants(tauMem, tauSynExc, tauSynInh, tauAdapt))
      const { split } = membrane.constants
      const iExc = !split && isNegative === 0 ? -exc : exc
      const a = adaptation * threshold
      return Object.assign(membrane, {
        ...{ threshold, bias, adaptation: a },
        ...{ v: place * (threshold + a), iExc: iExc * threshold, iInh: split ? -inh * threshold : 0 },
      })
    })
}

/** The current beyond which nothing is tuned, relative to the threshold. */
const LARGEST_CURRENT = 1e3

/**
 * Membranes with one current that lifts V over theta, mostly just over it, from afar or from right below it: with slopes
 * from 1e-10 of the threshold per ms, or so, to steep ones.
 *
 * @param ratio tauMem / tauSyn; null: any
 */
export function grazingMembrane(ratio: number | null): fc.Arbitrary<Membrane> {
  return fc
    .record({
      membrane: arbitraryMembrane(),
      below: fc.oneof(fc.constant(null), arbitraryScale(1e-16, 1e-3)),
      lift: fc.oneof({ weight: 3, arbitrary: arbitraryScale(1e-17, 1e-3) }, arbitraryScale(1e-3, 10)),
    })
    .map(({ membrane: m, below, lift }) => {
      const { tauMem, exc, tauAdapt } = m.constants
      const tauSyn = ratio === null ? exc.tauSyn : tauMem / ratio
      const v = below === null ? m.v : (m.threshold + m.adaptation) * (1 - below)
      const one = { constants: deriveConstants(tauMem, tauSyn, tauSyn, tauAdapt), v, iInh: 0 }
      return tuned(Object.assign(copyOf(m), one), lift)
    })
    .filter((membrane) => membrane !== null)
}

/** The same with an inhibitory current beside it, which mostly goes first or lasts longer. */
export function grazingInhibitedMembrane(): fc.Arbitrary<Membrane> {
  return fc
    .record({
      membrane: arbitraryMembrane().filter(({ constants, iInh }) => constants.split && iInh !== 0),
      below: fc.oneof(fc.constant(null), arbitraryScale(1e-16, 1e-3)),
      lift: fc.oneof({ weight: 5, arbitrary: arbitraryScale(1e-17, 1e-4) }, arbitraryScale(1e-3, 10)),
    })
    .map(({ membrane, below, lift }) => {
      const v = below === null ? membrane.v : (membrane.threshold + membrane.adaptation) * (1 - below)
      return tuned(Object.assign(copyOf(membrane), { v }), lift)
    })
    .filter((membrane) => membrane !== null)
}

/** With the smallest current, and so much more of it, under which V reaches theta; null if it does under none, or any. */
function tuned(membrane: Membrane, lift: number): Membrane | null {
  const fires = (iExc: number) => firstCrossing(Object.assign(membrane, { iExc }), Number.POSITIVE_INFINITY) < Infinity
  let [low, high] = [0, LARGEST_CURRENT * membrane.threshold]
  if (fires(low) || !fires(high)) return null
  for (let middle = high / 2; middle > low && middle < high; middle = low + (high - low) / 2) {
    if (fires(middle)) high = middle
    else low = middle
  }
  return Object.assign(membrane, { iExc: high * (1 + lift) })
}

export function copyOf(membrane: Membrane): Membrane {
  const { v, iExc, iInh, adaptation, bias, threshold } = membrane
  return Object.assign(new Membrane(membrane.constants), { v, iExc, iInh, adaptation, bias, threshold })
}

/** The size of the numbers that add up to V - theta: what rounding is relative to. */
export function sizeOf({ v, iExc, iInh, adaptation, bias, threshold, constants }: Membrane): number {
  const gain = ({ tauSyn }: { tauSyn: number }) => Math.max(1, tauSyn / constants.tauMem)
  const driven = Math.abs(iExc) * gain(constants.exc) + Math.abs(iInh) * gain(constants.inh)
  return Math.abs(v) + driven + Math.abs(adaptation) + Math.abs(bias) + Math.abs(threshold)
}
