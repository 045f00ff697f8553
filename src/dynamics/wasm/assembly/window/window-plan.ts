/**
 * The plan of a window kernel, beside the plan in ../plan.ts; written field by field in the order of ../../window/window-plan.ts.
 *
 * Pairs of doubles belong to the current and to the scaled voltage.
 */
let plan: usize = 0
const INTEGERS: usize = 160

export function attachWindow(address: usize): void {
  plan = address
}

/** Length of a cell of the grid of time in ms, a power of two, and its inverse. */
export function cell(): f64 {
  return load<f64>(plan, 0)
}
export function perCell(): f64 {
  return load<f64>(plan, 8)
}
/** tauSyn / (tauMem - tauSyn). */
export function share(): f64 {
  return load<f64>(plan, 16)
}
/** The largest kappa within a cell. */
export function cellKappa(): f64 {
  return load<f64>(plan, 24)
}
/** Of one unit of the sums of arrivals. */
export function units(): v128 {
  return v128.load(plan, 32)
}
/** e^{-cell/tau}, rounded, and what rounding took. */
export function keeps(): v128 {
  return v128.load(plan, 48)
}
export function keepRests(): v128 {
  return v128.load(plan, 64)
}
/** 1/tau. */
export function perTaus(): v128 {
  return v128.load(plan, 80)
}
/** e^{cell/(2 tau)} and its inverse. */
export function halfGrowths(): v128 {
  return v128.load(plan, 96)
}
export function halfDecays(): v128 {
  return v128.load(plan, 112)
}
/** The cell under way: where it starts, and where it ends in this run. */
export function cellStart(): f64 {
  return load<f64>(plan, 128)
}
export function cellEnd(): f64 {
  return load<f64>(plan, 136)
}
/** From where neurons walk through this cell: later than its start only in the first one of a run that goes on. */
export function walkStart(): f64 {
  return load<f64>(plan, 144)
}
/** e^{cell/tauMem - cell/tauSyn}. */
export function currentOverVoltage(): f64 {
  return load<f64>(plan, 152)
}

/** Neurons; an even number of places is kept for them. */
export function neurons(): i32 {
  return load<i32>(plan, INTEGERS)
}
export function firstNeuron(): u32 {
  return load<u32>(plan, INTEGERS + 4)
}
/** Current and scaled voltage of every neuron at the start of the cell: pairs of doubles. */
export function states(): usize {
  return load<u32>(plan, INTEGERS + 8)
}
/** Threshold less bias, Infinity while the voltage is held. */
export function limits(): usize {
  return load<u32>(plan, INTEGERS + 12)
}
/** The same, whether held or not; vReset less bias; refractory period. */
export function thresholdsOf(): usize {
  return load<u32>(plan, INTEGERS + 16)
}
export function resetsOf(): usize {
  return load<u32>(plan, INTEGERS + 20)
}
export function refractoriesOf(): usize {
  return load<u32>(plan, INTEGERS + 24)
}
/** End of the refractory period of neurons that are held. */
export function heldUntil(): usize {
  return load<u32>(plan, INTEGERS + 28)
}
/** The neurons that are held, and their number. */
export function heldNeurons(): usize {
  return load<u32>(plan, INTEGERS + 32)
}
export function heldCount(): i32 {
  return load<i32>(plan, INTEGERS + 36)
}
export function setHeldCount(count: i32): void {
  store<i32>(plan, count, INTEGERS + 36)
}
/** Spikes of every neuron in the trial so far, i32. */
export function firedCounts(): usize {
  return load<u32>(plan, INTEGERS + 40)
}
/** Sums of arrivals: of a ring of cells, pairs of i64 per neuron. */
export function sums(): usize {
  return load<u32>(plan, INTEGERS + 44)
}
/** Place of the cell under way in the ring, and cells of the ring, a power of two. */
export function cellPlace(): i32 {
  return load<i32>(plan, INTEGERS + 48)
}
export function ringCells(): i32 {
  return load<i32>(plan, INTEGERS + 132)
}
/** Arrivals of the cell, see `arrivals.ts`. */
export function arrivalsAt(): usize {
  return load<u32>(plan, INTEGERS + 52)
}
export function arrivalCount(): i32 {
  return load<i32>(plan, INTEGERS + 56)
}
export function projectionsAt(): usize {
  return load<u32>(plan, INTEGERS + 60)
}
/** Drives and their number, see `drive.ts`. */
export function drivesAt(): usize {
  return load<u32>(plan, INTEGERS + 64)
}
export function driveCount(): i32 {
  return load<i32>(plan, INTEGERS + 68)
}
/** Per neuron: a byte that is not 0 if it walks, and its place in the list of walkers, and the first entry of its log. */
export function walkFlags(): usize {
  return load<u32>(plan, INTEGERS + 72)
}
export function walkers(): usize {
  return load<u32>(plan, INTEGERS + 76)
}
export function logHeads(): usize {
  return load<u32>(plan, INTEGERS + 80)
}
/** The log of arrivals at walkers, and how many entries it has room for. */
export function logAt(): usize {
  return load<u32>(plan, INTEGERS + 84)
}
export function logRoom(): u32 {
  return load<u32>(plan, INTEGERS + 88)
}
/** Room to put the arrivals at one neuron in order. */
export function eventsAt(): usize {
  return load<u32>(plan, INTEGERS + 92)
}
/** Spikes that were not yet taken: 16 bytes each; their number, and for how many there is room. */
export function emittedAt(): usize {
  return load<u32>(plan, INTEGERS + 96)
}
export function emittedCount(): i32 {
  return load<i32>(plan, INTEGERS + 100)
}
export function setEmittedCount(count: i32): void {
  store<i32>(plan, count, INTEGERS + 100)
}
export function emittedRoom(): i32 {
  return load<i32>(plan, INTEGERS + 104)
}
/** Keys of the rounds of Philox, see `philox.ts`. */
export function roundKeys(): usize {
  return load<u32>(plan, INTEGERS + 108)
}
export function firesOnce(): bool {
  return load<i32>(plan, INTEGERS + 112) != 0
}
export function mostSpikes(): i32 {
  return load<i32>(plan, INTEGERS + 116)
}
/** The neuron a fault is about. */
export function setFaulty(neuron: i32): void {
  store<i32>(plan, neuron, INTEGERS + 120)
}
/** All neurons walk, so that the time of each one's last event is known. */
export function allWalk(): bool {
  return load<i32>(plan, INTEGERS + 124) != 0
}
/** Time since the start of the cell of every neuron's last own event, where it is known. */
export function lastEvents(): usize {
  return load<u32>(plan, INTEGERS + 128)
}

/** Asks the surroundings to take the spikes, when there is no room for one more. */
export { drainSpikes } from '../env'
