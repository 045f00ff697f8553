import {
  binPlace,
  binShear,
  isSheared,
  isUnscaled,
  keepRests,
  keeps,
  neurons,
  states,
  sums,
  tops,
} from '../schema/window-header'
import { prepareArrivals, scatterArrivals } from './arrivals'
import { candidate, chooseCandidates, dismissCandidates, logArrivals } from './candidates'
import { climb } from './climb'
import { mostPoissonArrivals } from './poisson-input'
import { enterUnscaledBin, leaveUnscaledBin, logUnscaledBin } from './unscaled/bin'
import { dropReleased, walk } from './walk'

let walking: i32 = 0

/** Adds what arrives in the bin under way, and chooses the neurons that have to walk through it. */
export function enterBin(): void {
  if (isUnscaled()) {
    enterUnscaledBin()
    return
  }
  const here = sumsOf(binPlace())
  const mostArrivals = prepareArrivals() + mostPoissonArrivals()
  scatterArrivals(here, 1)
  walking = chooseCandidates(here, mostArrivals)
  scatterArrivals(here, 0)
}

/** Notes the arrivals at those that walk; returns how many entries the log has to have. */
export function logBin(): u32 {
  if (isUnscaled()) return logUnscaledBin()
  return walking == 0 ? 0 : logArrivals()
}

/** Takes all neurons to the end of the bin. */
export function leaveBin(): void {
  if (isUnscaled()) {
    leaveUnscaledBin()
    return
  }
  const here = sumsOf(binPlace())
  for (let k = 0; k < walking; k++) {
    const n = candidate(k)
    const stop = walk(n, here + 16 * <usize>n)
    if (tops() != 0) climb(n, stop)
  }
  if (walking > 0) {
    dismissCandidates()
    dropReleased()
  }
  pass(here)
}

/** The sums of the bin at a place of the page. */
function sumsOf(place: i32): usize {
  return sums() + 16 * <usize>((neurons() + 1) & ~1) * <usize>place
}

/** Adds the sums to the states, brings these to the start of the next bin, and sets the sums to 0. */
function pass(sum: usize): void {
  if (isSheared()) shearStates(sum)
  const keep = keeps()
  const rest = keepRests()
  let state = states()
  const end = state + 16 * <usize>neurons()
  for (; state < end; state += 16) {
    const now = f64x2.add(v128.load(state), v128.load(sum))
    v128.store(state, f64x2.add(f64x2.mul(now, keep), f64x2.mul(now, rest)))
    v128.store(sum, f64x2.splat(0))
    sum += 16
  }
}

/** Adds to the sums of the voltage what the current has come to in it by the end of the bin: see shear.ts. */
function shearStates(sum: usize): void {
  const shear = binShear()
  const end = states() + 16 * <usize>neurons()
  for (let state = states(); state < end; state += 16) {
    const current = load<f64>(state) + load<f64>(sum)
    store<f64>(sum, load<f64>(sum, 8) + current * shear, 8)
    sum += 16
  }
}
