import { noteLongest, packDelays } from '../delayed/pack'
import { testOf } from '../equations/crossing'
import { tauRows } from '../gradients/taus'
import { listedIn, projection } from '../projections'
import * as header from '../schema/header'
import {
  DELAY_KIND,
  DELAYS_AT,
  FIRST_ROW,
  GRADIENT_BY_TAU_ADAPT,
  GRADIENT_BY_TAU_MEM,
  GRADIENT_BY_TAU_SYN,
  GRADIENT_BY_TAU_SYN_INH,
  LISTED,
  LISTED_PLACE,
  LISTED_WEIGHT,
  PER_SYNAPSE,
  RANGE,
  RANGE_END,
  RANGE_START,
  UNITS,
  WEIGHTS_AT,
} from '../schema/records'
import { deriveTaus } from './lane-taus'

/**
 * Copies the parameters of a lane group from their places to lanes: weights (and delays) from [neuron][unit], or the order of a
 * list, to [row][lane].
 * Where a pair has no synapse the weight is 0, and what has a delay of its own never arrives.
 */
export function pack(laneGroup: i32): void {
  settle(laneGroup)
  const first: usize = 64 * <usize>laneGroup * <usize>header.rows()
  for (let p = 0; p < header.projectionCount(); p++) {
    const from = header.parameters() + <usize>load<u32>(projection(p), WEIGHTS_AT)
    if (listedIn(laneGroup, p) == 0) packRows(laneGroup, p, from, header.weights() + first)
    else packListed(laneGroup, p, from, header.weights() + first)
  }
  maskAbsent(laneGroup, header.weights() + first, 0)
  if (header.delays() == 0) return
  for (let p = 0; p < header.projectionCount(); p++) packDelays(laneGroup, p)
  maskAbsent(laneGroup, header.delays() + first, Infinity)
  noteLongest(laneGroup)
}

/** What follows from the parameters of a lane group's neurons alone. */
export function settle(laneGroup: i32): void {
  deriveTaus(laneGroup)
  packNeurons(laneGroup)
}

function packRows(laneGroup: i32, p: i32, from: usize, into: usize): void {
  const units = load<i32>(projection(p), UNITS)
  const first = into + 64 * <usize>load<u32>(projection(p), FIRST_ROW)
  for (let n = 0; n < held(laneGroup); n++) {
    const source = from + 8 * <usize>units * <usize>(8 * laneGroup + n)
    const target = first + 8 * <usize>n
    for (let unit: usize = 0; unit < <usize>units; unit++) store<f64>(target + 64 * unit, load<f64>(source + 8 * unit))
  }
}

/** Elsewhere in the rows of the projection stands 0. */
function packListed(laneGroup: i32, p: i32, from: usize, into: usize): void {
  const range = listedIn(laneGroup, p)
  const end = <usize>load<u32>(range, RANGE_END)
  for (let synapse = <usize>load<u32>(range, RANGE_START); synapse < end; synapse += LISTED)
    store<f64>(
      into + <usize>load<u32>(synapse, LISTED_PLACE),
      load<f64>(from + 8 * <usize>load<u32>(synapse, LISTED_WEIGHT)),
    )
}

/** What neurons need at every turn; those that do not fire, and lanes beyond the last neuron, have no threshold. */
function packNeurons(laneGroup: i32): void {
  const first = 8 * laneGroup
  for (let n = first; n < first + 8; n++) {
    const isHeld = n < header.size()
    const isFiring = isHeld && header.fires()
    const own = header.neuronParameters() + 8 * <usize>n
    const column: usize = 8 * <usize>header.size()
    const bias: f64 = isHeld ? load<f64>(own) : 0
    const threshold: f64 = isFiring ? load<f64>(own + column) - bias : Infinity
    const at: usize = 8 * <usize>n
    store<f64>(header.biases() + at, bias)
    store<f64>(header.starts() + at, -bias)
    store<f64>(header.thresholds() + at, threshold)
    store<f64>(header.tests() + at, testOf(threshold))
    store<f64>(header.resets() + at, isFiring ? load<f64>(header.vResets() + at) - bias : 0)
    store<f64>(header.adaptSteps() + at, isFiring ? load<f64>(own + 2 * column) : 0)
  }
}

/** Copies a lane group's gradient, rows of lanes, to its places in the gradient vector, or to where rows are learned. */
export function unpack(laneGroup: i32, from: usize): void {
  if (header.gradientRows() == 0) unpackSynapses(laneGroup, from)
  else keepRows(laneGroup, from)
  unpackNeurons(laneGroup, from)
}

function unpackSynapses(laneGroup: i32, from: usize): void {
  const delayRows = from + 64 * <usize>(header.rows() + 3)
  // The delay of what never arrives has a gradient of 0 anyway.
  maskAbsent(laneGroup, from, 0)
  for (let p = 0; p < header.projectionCount(); p++) {
    unpackProjection(laneGroup, p, from, header.gradient() + <usize>load<u32>(projection(p), WEIGHTS_AT))
    if (load<i32>(projection(p), DELAY_KIND) == PER_SYNAPSE)
      unpackProjection(laneGroup, p, delayRows, header.gradient() + <usize>load<u32>(projection(p), DELAYS_AT))
  }
}

/** Keeps the weights' gradient g of a lane group, and notes per projection and lane the sum of g^2, unit by unit. */
function keepRows(laneGroup: i32, from: usize): void {
  const end = header.touchedEnd()
  let next = header.touchedRows()
  // Row by row of those that were touched.
  let into = header.gradientRows() + 16 * (end - next) * <usize>laneGroup
  for (let p = 0; p < header.projectionCount(); p++) {
    const behindRows: usize = 64 * <usize>(load<i32>(projection(p), FIRST_ROW) + load<i32>(projection(p), UNITS))
    let a = f64x2.splat(0)
    let b = a
    let c = a
    let d = a
    for (; next < end; next += 4) {
      const row = <usize>load<u32>(next)
      if (row >= behindRows) break
      const g = v128.load(from + row)
      const h = v128.load(from + row, 16)
      const j = v128.load(from + row, 32)
      const k = v128.load(from + row, 48)
      v128.store(into, g)
      v128.store(into, h, 16)
      v128.store(into, j, 32)
      v128.store(into, k, 48)
      into += 64
      a = f64x2.add(a, f64x2.mul(g, g))
      b = f64x2.add(b, f64x2.mul(h, h))
      c = f64x2.add(c, f64x2.mul(j, j))
      d = f64x2.add(d, f64x2.mul(k, k))
    }
    const sums = header.squaresOfRows() + 64 * <usize>(p * header.laneGroups() + laneGroup)
    v128.store(sums, a)
    v128.store(sums, b, 16)
    v128.store(sums, c, 32)
    v128.store(sums, d, 48)
  }
}

function unpackNeurons(laneGroup: i32, from: usize): void {
  for (let part: usize = 0; part < 3; part++) {
    const into = header.neuronGradient() + 8 * (part * <usize>header.size() + 8 * <usize>laneGroup)
    memory.copy(into, from + 64 * (<usize>header.rows() + part), 8 * <usize>held(laneGroup))
  }
  if (!header.wantsTaus()) return
  let place = unpackTaus(laneGroup, from, GRADIENT_BY_TAU_MEM, 0)
  place = unpackTaus(laneGroup, from, GRADIENT_BY_TAU_SYN, place)
  if (header.hasInhibition()) place = unpackTaus(laneGroup, from, GRADIENT_BY_TAU_SYN_INH, place)
  if (header.fires()) unpackTaus(laneGroup, from, GRADIENT_BY_TAU_ADAPT, place)
}

/** One of the time constants, the `place`-th of the group's; returns the place of the next. */
function unpackTaus(laneGroup: i32, from: usize, row: usize, place: usize): usize {
  const into = header.tauGradient() + 8 * (place * <usize>header.size() + 8 * <usize>laneGroup)
  memory.copy(into, tauRows(from) + row, 8 * <usize>held(laneGroup))
  return place + 1
}

function unpackProjection(laneGroup: i32, p: i32, from: usize, into: usize): void {
  if (listedIn(laneGroup, p) == 0) unpackRows(laneGroup, p, from, into)
  else unpackListed(laneGroup, p, from, into)
}

/** Weights, and delays of their own, have the same indices. */
function unpackListed(laneGroup: i32, p: i32, from: usize, into: usize): void {
  const range = listedIn(laneGroup, p)
  const end = <usize>load<u32>(range, RANGE_END)
  for (let synapse = <usize>load<u32>(range, RANGE_START); synapse < end; synapse += LISTED)
    store<f64>(
      into + 8 * <usize>load<u32>(synapse, LISTED_WEIGHT),
      load<f64>(from + <usize>load<u32>(synapse, LISTED_PLACE)),
    )
}

function unpackRows(laneGroup: i32, p: i32, from: usize, into: usize): void {
  const units = load<i32>(projection(p), UNITS)
  const source = from + 64 * <usize>load<u32>(projection(p), FIRST_ROW)
  for (let n = 0; n < held(laneGroup); n++) {
    const target = into + 8 * <usize>units * <usize>(8 * laneGroup + n)
    for (let unit: usize = 0; unit < <usize>units; unit++)
      store<f64>(target + 8 * unit, load<f64>(source + 64 * unit + 8 * <usize>n))
  }
}

/** Neurons of a lane group. */
function held(laneGroup: i32): i32 {
  return min(8, header.size() - 8 * laneGroup)
}

/** Writes a value at the pairs of a lane group that have no synapse, in rows of lanes: what stands in the parameters never counts. */
function maskAbsent(laneGroup: i32, rows: usize, value: f64): void {
  if (header.absent() == 0) return
  const range = header.absent() + RANGE * <usize>laneGroup
  const end = <usize>load<u32>(range, RANGE_END)
  for (let pair = <usize>load<u32>(range, RANGE_START); pair < end; pair += 4)
    store<f64>(rows + <usize>load<u32>(pair), value)
}
