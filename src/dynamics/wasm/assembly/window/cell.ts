import {
  cellPlace,
  cellShear,
  isSheared,
  isUnscaled,
  keepRests,
  keeps,
  neurons,
  states,
  sums,
  tops,
} from '../schema/window-plan'
import { prepareArrivals, scatterArrivals } from './arrivals'
import { climb } from './climb'
import { mostDriven } from './drive'
import { enterUnscaledCell, leaveUnscaledCell, logUnscaledCell } from './unscaled/cell'
import { dropReleased, walk } from './walk'
import { chooseWalkers, dismissWalkers, logArrivals, walker } from './walkers'

let walking: i32 = 0

/** Adds what arrives in the cell under way, and chooses the neurons that have to walk through it. */
export function enterCell(): void {
  if (isUnscaled()) {
    enterUnscaledCell()
    return
  }
  const here = sumsOf(cellPlace())
  const mostArrivals = prepareArrivals() + mostDriven()
  scatterArrivals(here, 1)
  walking = chooseWalkers(here, mostArrivals)
  scatterArrivals(here, 0)
}

/** Notes the arrivals at those that walk; returns how many entries the log has to have. */
export function logCell(): u32 {
  if (isUnscaled()) return logUnscaledCell()
  return walking == 0 ? 0 : logArrivals()
}

/** Takes all neurons to the end of the cell. */
export function leaveCell(): void {
  if (isUnscaled()) {
    leaveUnscaledCell()
    return
  }
  const here = sumsOf(cellPlace())
  for (let k = 0; k < walking; k++) {
    const n = walker(k)
    const stop = walk(n, here + 16 * <usize>n)
    if (tops() != 0) climb(n, stop)
  }
  if (walking > 0) {
    dismissWalkers()
    dropReleased()
  }
  pass(here)
}

/** The sums of the cell at a place of the page. */
function sumsOf(place: i32): usize {
  return sums() + 16 * <usize>((neurons() + 1) & ~1) * <usize>place
}

/** Adds the sums to the states, brings these to the start of the next cell, and sets the sums to 0. */
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

/** Adds to the sums of the voltage what the current has come to in it by the end of the cell: see shear.ts. */
function shearStates(sum: usize): void {
  const shear = cellShear()
  const end = states() + 16 * <usize>neurons()
  for (let state = states(); state < end; state += 16) {
    const current = load<f64>(state) + load<f64>(sum)
    store<f64>(sum, load<f64>(sum, 8) + current * shear, 8)
    sum += 16
  }
}
