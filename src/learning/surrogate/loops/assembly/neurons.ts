import { collectBias, moved, movedBack } from './readout'
import {
  ADAPT_STEP,
  ADAPTATION,
  ADJOINT_ADAPTATION,
  ADJOINT_SPIKE,
  ADJOINT_VOLTAGE,
  CURRENT,
  DECAY,
  HELD,
  REFRACTORY,
  RELIEF,
  RESET,
  STEP_GRADIENT,
  THRESHOLD,
  THRESHOLD_GRADIENT,
  UNITS,
  VOLTAGE,
} from './schema/grid-rows'

/**
 * Takes a block of neurons to the next point of the grid. Leaves x = V - threshold in `tape` and the units that spike in
 * the block; returns how many.
 */
export function advanceNeurons(block: usize, bytes: usize, tape: usize): i32 {
  const zero = f32x4.splat(0)
  let count = 0
  for (let at: usize = 0; at < bytes; at += 16) {
    const n = block + at
    const current = v128.load(n + CURRENT * bytes)
    const voltage = moved(n, bytes, current)
    const x = f32x4.sub(voltage, v128.load(n + THRESHOLD * bytes))
    const fired = f32x4.ge(x, zero)
    v128.store(n + CURRENT * bytes, f32x4.mul(v128.load(n + DECAY * bytes), current))
    v128.store(n + VOLTAGE * bytes, v128.bitselect(v128.load(n + RESET * bytes), voltage, fired))
    v128.store(tape + at, x)
    count = listUnits(block + UNITS * bytes, count, <i32>(at >> 2), i32x4.bitmask(fired))
  }
  return count
}

/** The same with x = V - threshold - A, adaptation and refractory periods; x is -Infinity where a neuron is held. */
export function advanceAdaptiveNeurons(block: usize, bytes: usize, tape: usize): i32 {
  const zero = f32x4.splat(0)
  const none = i32x4.splat(0)
  let count = 0
  for (let at: usize = 0; at < bytes; at += 16) {
    const n = block + at
    const current = v128.load(n + CURRENT * bytes)
    const waits = v128.load(n + HELD * bytes)
    const isHeld = i32x4.gt_s(waits, none)
    const raised = f32x4.mul(v128.load(n + RELIEF * bytes), v128.load(n + ADAPTATION * bytes))
    const voltage = v128.bitselect(v128.load(n + VOLTAGE * bytes), moved(n, bytes, current), isHeld)
    const excess = f32x4.sub(f32x4.sub(voltage, v128.load(n + THRESHOLD * bytes)), raised)
    const x = v128.bitselect(f32x4.splat(-Infinity), excess, isHeld)
    const fired = f32x4.ge(x, zero)
    v128.store(n + CURRENT * bytes, f32x4.mul(v128.load(n + DECAY * bytes), current))
    v128.store(n + VOLTAGE * bytes, v128.bitselect(v128.load(n + RESET * bytes), voltage, fired))
    v128.store(n + ADAPTATION * bytes, f32x4.add(raised, v128.and(v128.load(n + ADAPT_STEP * bytes), fired)))
    const waitsOn = v128.and(i32x4.sub(waits, i32x4.splat(1)), isHeld)
    v128.store(n + HELD * bytes, v128.bitselect(v128.load(n + REFRACTORY * bytes), waitsOn, fired))
    v128.store(tape + at, x)
    count = listUnits(block + UNITS * bytes, count, <i32>(at >> 2), i32x4.bitmask(fired))
  }
  return count
}

/** Notes the units of one vector that spike, in their order. */
function listUnits(units: usize, count: i32, first: i32, mask: i32): i32 {
  while (mask != 0) {
    store<i32>(units + 4 * <usize>count, first + ctz(mask))
    count++
    mask &= mask - 1
  }
  return count
}

/** ds/dx = 1 / (1 + slope |x|)^2 times what is given. */
function throughSurrogate(given: v128, x: v128, slope: v128): v128 {
  const width = f32x4.add(f32x4.splat(1), f32x4.mul(slope, f32x4.abs(x)))
  return f32x4.div(given, f32x4.mul(width, width))
}

/**
 * Takes the adjoints of a block of neurons back to the point before. The row of dL/ds is used up: it is 0 afterwards.
 *
 * @param collects thresholds and bias: their gradients are wanted
 */
export function backwardNeurons(block: usize, bytes: usize, tape: usize, slope: f32, collects: bool): void {
  const zero = f32x4.splat(0)
  const steepness = f32x4.splat(slope)
  for (let at: usize = 0; at < bytes; at += 16) {
    const n = block + at
    const x = v128.load(tape + at)
    const g = throughSurrogate(v128.load(n + ADJOINT_SPIKE * bytes), x, steepness)
    const v = f32x4.add(g, v128.andnot(v128.load(n + ADJOINT_VOLTAGE * bytes), f32x4.ge(x, zero)))
    movedBack(n, bytes, v)
    v128.store(n + ADJOINT_SPIKE * bytes, zero)
    if (!collects) continue
    collectBias(n, bytes, v)
    v128.store(n + THRESHOLD_GRADIENT * bytes, f32x4.sub(v128.load(n + THRESHOLD_GRADIENT * bytes), g))
  }
}

/** The same with adaptation and refractory periods. */
export function backwardAdaptiveNeurons(block: usize, bytes: usize, tape: usize, slope: f32): void {
  const zero = f32x4.splat(0)
  const steepness = f32x4.splat(slope)
  const never = f32x4.splat(-Infinity)
  for (let at: usize = 0; at < bytes; at += 16) {
    const n = block + at
    const x = v128.load(tape + at)
    const isHeld = f32x4.eq(x, never)
    const fired = f32x4.ge(x, zero)
    const raised = v128.load(n + ADJOINT_ADAPTATION * bytes)
    const raising = f32x4.mul(v128.load(n + ADAPT_STEP * bytes), raised)
    const asked = f32x4.add(v128.load(n + ADJOINT_SPIKE * bytes), raising)
    const g = v128.andnot(throughSurrogate(asked, x, steepness), isHeld)
    const kept = v128.andnot(v128.load(n + ADJOINT_VOLTAGE * bytes), v128.or(fired, isHeld))
    const v = f32x4.add(g, kept)
    movedBack(n, bytes, v)
    collectBias(n, bytes, v)
    v128.store(n + ADJOINT_SPIKE * bytes, zero)
    v128.store(n + ADJOINT_ADAPTATION * bytes, f32x4.mul(v128.load(n + RELIEF * bytes), f32x4.sub(raised, g)))
    v128.store(n + THRESHOLD_GRADIENT * bytes, f32x4.sub(v128.load(n + THRESHOLD_GRADIENT * bytes), g))
    const steps = v128.load(n + STEP_GRADIENT * bytes)
    v128.store(n + STEP_GRADIENT * bytes, f32x4.add(steps, v128.and(raised, fired)))
  }
}
