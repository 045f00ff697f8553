import { drainSpikes } from '../env'
import { adaptationAfter } from '../equations/propagator'
import {
  adaptations,
  adapted,
  adaptStepsOf,
  emittedAt,
  emittedCount,
  emittedRoom,
  firedCounts,
  firesOnce,
  firstNeuron,
  heldCount,
  heldNeurons,
  heldUntil,
  limits,
  mostSpikes,
  refractoriesOf,
  setEmittedCount,
  setFaulty,
  setHeldCount,
} from '../schema/window-header'
import {
  EMITTED,
  EMITTED_ADAPTATION,
  EMITTED_CURRENT,
  EMITTED_IS_RELEASE,
  EMITTED_TIME,
  EMITTED_UNIT,
} from '../schema/window-records'

/** What a neuron's own spikes have added to its threshold: 0 or more. */
export function adaptationOf(n: i32, time: f64): f64 {
  const at: usize = 8 * <usize>n
  return adaptationAfter(load<f64>(adaptations() + at), time - load<f64>(adapted() + at))
}

/** Counts a spike and raises the threshold; returns by how much it was raised before. */
export function raiseThreshold(n: i32, time: f64): f64 {
  const at: usize = 8 * <usize>n
  countSpike(n)
  const adaptation = adaptationOf(n, time)
  store<f64>(adaptations() + at, adaptation + load<f64>(adaptStepsOf() + at))
  store<f64>(adapted() + at, time)
  return adaptation
}

function countSpike(n: i32): void {
  const fired = firedCounts() + 4 * <usize>n
  const spikes = load<i32>(fired) + 1
  store<i32>(fired, spikes)
  if (spikes > mostSpikes()) setFaulty(n)
}

/** Until when a neuron is held that has just fired, -1 if it is not. One that fires too often ends the run, and is kept still. */
export function heldAfterSpike(n: i32, time: f64): f64 {
  const refractory = load<f64>(refractoriesOf() + 8 * <usize>n)
  if (firesOnce() || load<i32>(firedCounts() + 4 * <usize>n) > mostSpikes()) return Infinity
  return refractory > 0 ? time + refractory : -1
}

/** What has just happened, under the current that it left; the adaptation is that before it. */
export function emit(n: i32, time: f64, current: f64, adaptation: f64, isRelease: u32): void {
  if (emittedCount() == emittedRoom()) drainSpikes()
  const at = emittedAt() + EMITTED * <usize>emittedCount()
  store<f64>(at, time, EMITTED_TIME)
  store<f64>(at, current, EMITTED_CURRENT)
  store<f64>(at, adaptation, EMITTED_ADAPTATION)
  store<u32>(at, firstNeuron() + n, EMITTED_UNIT)
  store<u32>(at, isRelease, EMITTED_IS_RELEASE)
  setEmittedCount(emittedCount() + 1)
}

/** Notes whether a neuron is held at the end of the bin, until when, and the threshold that it has otherwise. */
export function keepHeld(n: i32, held: f64, limit: f64): void {
  const at: usize = 8 * <usize>n
  const wasHeld = load<f64>(limits() + at) == Infinity
  store<f64>(limits() + at, held >= 0 ? Infinity : limit)
  store<f64>(heldUntil() + at, held)
  if (held < 0 || wasHeld) return
  store<u32>(heldNeurons() + 4 * <usize>heldCount(), <u32>n)
  setHeldCount(heldCount() + 1)
}

/** Drops from the list of held neurons those that no longer are. */
export function dropReleased(): void {
  let kept = 0
  for (let k = 0; k < heldCount(); k++) {
    const n = load<u32>(heldNeurons() + 4 * <usize>k)
    if (!(load<f64>(heldUntil() + 8 * <usize>n) >= 0)) continue
    store<u32>(heldNeurons() + 4 * <usize>kept, n)
    kept++
  }
  setHeldCount(kept)
}
