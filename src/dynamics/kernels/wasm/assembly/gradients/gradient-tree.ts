import { endOfInstants, firstInstant } from '../events/instants'
import { gradient } from '../events/own-events'
import { thread } from '../lanes/lanes'
import { TRIAL_CHUNK } from '../schema/constants'
import * as header from '../schema/header'
import { ARRIVAL, ARRIVALS, ARRIVALS_END, INSTANT } from '../schema/records'

/**
 * Adds up one gradient vector per chunk of trials in the tree of src/numerics/pairwise-sum.ts: the vector at level l
 * holds the sum of 2^l chunks wherever bit l of their number is set. Twin of src/numerics/tree-accumulator.ts.
 *
 * Rows of weights that nothing arrives at have a gradient of 0: where these rows are known they are skipped.
 */
let leaves: i32 = 0
/** Where the vectors of the tree at work lie. */
let tree: usize = 0

/** Resumes the tree of a lane group where the previous micro-batch has left it. */
export function beginTree(laneGroup: i32): void {
  leaves = header.trialsBefore() / TRIAL_CHUNK
  const isWhole = header.trialsBefore() == 0 && header.finishesTree()
  // This thread's room, or the lane group's own if its tree continues over micro-batches.
  tree = header.vectors() + (isWhole ? thread : <usize>laneGroup) * header.levels() * header.gradientBytes()
}

/** The vector of a chunk, of which some trials are in it: zeros for the next one. */
export function openLeaf(trials: i32): usize {
  const leaf = vectorAt(levelOfLeaf())
  if (trials == 0) clearVector(leaf)
  return leaf
}

/** Sets a gradient vector to zeros. */
export function clearVector(vector: usize): void {
  if (addsAll()) {
    memory.fill(vector, 0, header.gradientBytes())
    return
  }
  const zero = f64x2.splat(0)
  const end = header.touchedEnd()
  for (let next = header.touchedRows(); next < end; next += 4) {
    const row = vector + <usize>load<u32>(next)
    v128.store(row, zero)
    v128.store(row, zero, 16)
    v128.store(row, zero, 32)
    v128.store(row, zero, 48)
  }
  memory.fill(vector + behindRows(), 0, header.gradientBytes() - behindRows())
}

/** In place of `openLeaf`: the sum of some vectors that lie one behind the other, the first one first. */
export function sumLeaf(first: usize, count: i32): void {
  const leaf = vectorAt(levelOfLeaf())
  if (addsAll()) {
    sumPart(leaf, first, count, 0, header.gradientBytes())
    return
  }
  const end = header.touchedEnd()
  for (let next = header.touchedRows(); next < end; next += 4) {
    const row = <usize>load<u32>(next)
    sumPart(leaf, first, count, row, row + 64)
  }
  sumPart(leaf, first, count, behindRows(), header.gradientBytes())
}

function sumPart(leaf: usize, first: usize, count: i32, from: usize, to: usize): void {
  const bytes = header.gradientBytes()
  for (let at = from; at < to; at += 16) {
    let sum = f64x2.splat(0)
    let vector = first + at
    for (let k = 0; k < count; k++, vector += bytes) sum = f64x2.add(v128.load(vector), sum)
    v128.store(leaf + at, sum)
  }
}

/** Adds the vector that `openLeaf` or `sumLeaf` made to the tree. */
export function pushLeaf(): void {
  const level = levelOfLeaf()
  for (let l = 0; l < level; l++) addBefore(vectorAt(l), vectorAt(level))
  leaves++
}

/** The sum of all leaves; trials are at least one. */
export function finishTree(): usize {
  let sum: usize = 0
  for (let l = 0; leaves >> l != 0; l++) {
    if ((leaves & (1 << l)) == 0) continue
    if (sum == 0) sum = vectorAt(l)
    else {
      addBefore(vectorAt(l), sum)
    }
  }
  return sum
}

function levelOfLeaf(): i32 {
  return ctz(leaves + 1)
}

function vectorAt(level: i32): usize {
  return tree + <usize>level * header.gradientBytes()
}

/** Whether there is no row that could be left out. */
function addsAll(): bool {
  return header.touchedRows() == 0 || header.touchedEnd() - header.touchedRows() == 4 * <usize>header.rows()
}

/** Where the rows of weights end. */
function behindRows(): usize {
  return 64 * <usize>header.rows()
}

/** sums = earlier + sums */
function addBefore(earlier: usize, sums: usize): void {
  if (addsAll()) {
    addPart(earlier, sums, 0, header.gradientBytes())
    return
  }
  const end = header.touchedEnd()
  for (let next = header.touchedRows(); next < end; next += 4) {
    const row = <usize>load<u32>(next)
    addPart(earlier, sums, row, row + 64)
  }
  addPart(earlier, sums, behindRows(), header.gradientBytes())
}

function addPart(earlier: usize, sums: usize, from: usize, to: usize): void {
  for (let at = from; at < to; at += 16) v128.store(sums + at, f64x2.add(v128.load(earlier + at), v128.load(sums + at)))
}

/**
 * In windows every trial sums a gradient of its own: far more than the caches of a core hold, and a row is met but a few
 * times. Looked at one behind the other before they are needed, rows come from memory many at a time.
 */
export let seen: u64 = 0

/** Looks at a line of memory. */
export function touch(address: usize): void {
  seen |= load<u64>(address)
}

/** Looks at the rows of the gradient that the arrivals of a window add to. */
export function touchRows(trial: i32): void {
  const tail = endOfInstants(trial) - INSTANT
  const end = <usize>load<u32>(tail, ARRIVALS_END)
  let some: u64 = 0
  for (let arrival = <usize>load<u32>(firstInstant(trial), ARRIVALS); arrival < end; arrival += ARRIVAL)
    some |= load<u64>(gradient + <usize>load<u32>(arrival))
  seen |= some
}
