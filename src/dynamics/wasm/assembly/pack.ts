import { maskAbsent } from './absent'
import { testOf } from './crossing'
import { noteLongest, packDelays } from './delayed/pack'
import { deriveTaus } from './derive-taus'
import { projection } from './projections'
import {
  adaptSteps,
  biases,
  delays,
  fires,
  gradient,
  neuronGradient,
  neuronParameters,
  parameters,
  projectionCount,
  resets,
  rows,
  size,
  starts,
  tauGradient,
  tests,
  thresholds,
  vResets,
  wantsTaus,
  weights,
} from './schema/plan'
import { DELAY_KIND, DELAYS_AT, FIRST_ROW, GRADIENTS, PER_SYNAPSE, UNITS, WEIGHTS_AT } from './schema/records'
import { tauRows } from './taus'
import { countBoth } from './traffic'

/**
 * Copies the parameters of an octet from their places to lanes: weights (and delays) from [neuron][unit] to [row][lane].
 * Where a pair has no synapse the weight is 0, and what has a delay of its own never arrives.
 */
export function pack(octet: i32): void {
  deriveTaus(octet)
  packNeurons(octet)
  const first: usize = 64 * <usize>octet * <usize>rows()
  for (let p = 0; p < projectionCount(); p++) {
    const units = load<i32>(projection(p), UNITS)
    const row = first + 64 * <usize>load<u32>(projection(p), FIRST_ROW)
    const from = parameters() + <usize>load<u32>(projection(p), WEIGHTS_AT)
    for (let n = 0; n < held(octet); n++) {
      const source = from + 8 * <usize>units * <usize>(8 * octet + n)
      const target = weights() + row + 8 * <usize>n
      for (let unit: usize = 0; unit < <usize>units; unit++)
        store<f64>(target + 64 * unit, load<f64>(source + 8 * unit))
    }
  }
  maskAbsent(octet, weights() + first, 0)
  if (delays() == 0) return
  for (let p = 0; p < projectionCount(); p++) packDelays(octet, p)
  maskAbsent(octet, delays() + first, Infinity)
  noteLongest(octet)
}

/** What neurons need at every turn; those that do not fire, and lanes beyond the last neuron, have no threshold. */
function packNeurons(octet: i32): void {
  const first = 8 * octet
  for (let n = first; n < first + 8; n++) {
    const isHeld = n < size()
    const isFiring = isHeld && fires()
    const own = neuronParameters() + 8 * <usize>n
    const column: usize = 8 * <usize>size()
    const bias: f64 = isHeld ? load<f64>(own) : 0
    const threshold: f64 = isFiring ? load<f64>(own + column) - bias : Infinity
    const at: usize = 8 * <usize>n
    store<f64>(biases() + at, bias)
    store<f64>(starts() + at, -bias)
    store<f64>(thresholds() + at, threshold)
    store<f64>(tests() + at, testOf(threshold))
    store<f64>(resets() + at, isFiring ? load<f64>(vResets() + at) - bias : 0)
    store<f64>(adaptSteps() + at, isFiring ? load<f64>(own + 2 * column) : 0)
  }
}

/** Copies an octet's gradient, rows of lanes, to its places in the gradient vector. */
export function unpack(octet: i32, from: usize): void {
  countBoth(GRADIENTS, 8 * <usize>held(octet) * <usize>(rows() + 3))
  const delayRows = from + 64 * <usize>(rows() + 3)
  // The delay of what never arrives has a gradient of 0 anyway.
  maskAbsent(octet, from, 0)
  for (let p = 0; p < projectionCount(); p++) {
    unpackRows(octet, p, from, gradient() + <usize>load<u32>(projection(p), WEIGHTS_AT))
    if (load<i32>(projection(p), DELAY_KIND) == PER_SYNAPSE)
      unpackRows(octet, p, delayRows, gradient() + <usize>load<u32>(projection(p), DELAYS_AT))
  }
  for (let part: usize = 0; part < 3; part++) {
    const into = neuronGradient() + 8 * (part * <usize>size() + 8 * <usize>octet)
    memory.copy(into, from + 64 * (<usize>rows() + part), 8 * <usize>held(octet))
  }
  if (!wantsTaus()) return
  for (let part: usize = 0; part < (fires() ? 3 : 2); part++) {
    const into = tauGradient() + 8 * (part * <usize>size() + 8 * <usize>octet)
    memory.copy(into, tauRows(from) + 64 * part, 8 * <usize>held(octet))
  }
}

function unpackRows(octet: i32, p: i32, from: usize, into: usize): void {
  const units = load<i32>(projection(p), UNITS)
  const source = from + 64 * <usize>load<u32>(projection(p), FIRST_ROW)
  for (let n = 0; n < held(octet); n++) {
    const target = into + 8 * <usize>units * <usize>(8 * octet + n)
    for (let unit: usize = 0; unit < <usize>units; unit++)
      store<f64>(target + 8 * unit, load<f64>(source + 64 * unit + 8 * <usize>n))
  }
}

/** Neurons of an octet. */
function held(octet: i32): i32 {
  return min(8, size() - 8 * octet)
}
