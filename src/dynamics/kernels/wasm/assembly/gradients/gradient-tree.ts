import { thread } from '../lanes/thread'
import { delays, finishesTree, firstLeaf, gradientBytes, levels, vectors } from '../schema/header'
import { GRADIENTS } from '../schema/records'
import { countRead, countWritten } from '../traffic'

/**
 * Adds up one gradient vector per chunk of trials in the tree of src/numerics/pairwise-sum.ts: the vector at level l
 * holds the sum of 2^l chunks wherever bit l of their number is set. Twin of src/numerics/tree-accumulator.ts.
 */
let leaves: i32 = 0
/** Where the vectors of the tree at work lie. */
let tree: usize = 0

/** Goes on with the tree of a lane group where the micro-batch before has left it. */
export function beginTree(laneGroup: i32): void {
  leaves = firstLeaf()
  const isWhole = firstLeaf() == 0 && finishesTree()
  // This thread's room, or the lane group's own if its tree goes on over micro-batches.
  tree = vectors() + (isWhole ? thread : <usize>laneGroup) * levels() * gradientBytes()
}

/** A vector of zeros for the next chunk. */
export function openLeaf(): usize {
  const leaf = vectorAt(levelOfLeaf())
  memory.fill(leaf, 0, gradientBytes())
  countClearedGradient()
  return leaf
}

/** Where neurons have arrivals of their own, whole gradients are counted synapse by synapse: see own-feed-traffic.ts. */
export function countClearedGradient(): void {
  if (delays() == 0) countWritten(GRADIENTS, gradientBytes())
}

/** In place of `openLeaf`: the sum of some vectors that lie one behind the other, the first one first. */
export function sumLeaf(first: usize, count: i32): void {
  const leaf = vectorAt(levelOfLeaf())
  const bytes = gradientBytes()
  if (delays() == 0) {
    countRead(GRADIENTS, <usize>count * bytes)
    countWritten(GRADIENTS, bytes)
  }
  for (let at: usize = 0; at < bytes; at += 16) {
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
  return tree + <usize>level * gradientBytes()
}

/** sums = earlier + sums */
function addBefore(earlier: usize, sums: usize): void {
  const end = sums + gradientBytes()
  if (delays() == 0) {
    countRead(GRADIENTS, 2 * gradientBytes())
    countWritten(GRADIENTS, gradientBytes())
  }
  for (let at = sums; at < end; at += 16, earlier += 16) v128.store(at, f64x2.add(v128.load(earlier), v128.load(at)))
}
