import fc from 'fast-check'
import type { LifGroup, LiGroup, Quantity } from '../network/description/network.js'
import { type LiParameters, li } from '../network/models/li.js'
import { type LifParameters, lif } from '../network/models/lif.js'
import { integerFrom } from '../network/reading/read-number.js'
import { between } from './between.js'

type TimeConstants = { readonly tauMem: number } & (
  | { readonly tauSyn: number; readonly tauSynExc?: never; readonly tauSynInh?: never }
  | { readonly tauSyn?: never; readonly tauSynExc: number; readonly tauSynInh: number }
)

/** A time constant beside another, in ms: unrelated, equal, or equal but for 1e-3 … 1e-12 of it or its last bit. */
function tauBeside(tau: number): fc.Arbitrary<number> {
  const distance = fc.integer({ min: -12, max: -3 }).map((exponent) => tau * (1 + Number(`1e${exponent}`)))
  return fc.oneof(
    { weight: 5, arbitrary: between(2, 15) },
    { weight: 2, arbitrary: fc.constant(tau) },
    { weight: 2, arbitrary: distance },
    { weight: 1, arbitrary: fc.constant(tau * (1 - 2 ** -52)) },
  )
}

/** Membrane and synapses, in ms; both signs of synapse share their constant, or don't. */
const timeConstants: fc.Arbitrary<TimeConstants> = between(5, 25).chain((tauMem) =>
  fc.oneof(
    { weight: 2, arbitrary: tauBeside(tauMem).map((tauSyn) => ({ tauMem, tauSyn })) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(tauBeside(tauMem), tauBeside(tauMem))
        .map(([tauSynExc, tauSynInh]) => ({ tauMem, tauSynExc, tauSynInh })),
    },
  ),
)

/** One number for the group, or one for each neuron; now and then `off`, the value that takes a mechanism out. */
function quantity(size: number, [min, max]: readonly [number, number], off?: number): fc.Arbitrary<Quantity> {
  const on = fc.oneof(between(min, max), fc.array(between(min, max), { minLength: size, maxLength: size }))
  return off === undefined ? on : fc.oneof(fc.constant(off), on)
}

/** A group of `size` LIF neurons with any of: bias below threshold, adaptation, refractory period, reset offset. */
export function arbitraryLif(size: number): fc.Arbitrary<LifGroup> {
  integerFrom(1)(size, 'size')
  return fc
    .record({
      taus: timeConstants,
      threshold: quantity(size, [0.7, 1.5]),
      vReset: quantity(size, [-0.3, 0.3], 0),
      bias: quantity(size, [-0.2, 0.5], 0),
      refractory: quantity(size, [0.2, 4], 0),
      tauAdapt: quantity(size, [10, 60]),
      adaptStep: quantity(size, [0.05, 0.5], 0),
    })
    .map(({ taus, ...rest }) => lif(size, { ...rest, ...taus } satisfies LifParameters))
}

/** A readout of `size` leaky integrators. */
export function arbitraryLi(size: number): fc.Arbitrary<LiGroup> {
  integerFrom(1)(size, 'size')
  return fc
    .record({ taus: timeConstants, bias: quantity(size, [-0.1, 0.1], 0) })
    .map(({ taus, ...rest }) => li(size, { ...rest, ...taus } satisfies LiParameters))
}
