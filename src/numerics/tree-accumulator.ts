/** Adds up vectors one by one, in the tree of `pairwiseSum`. */
export interface TreeAccumulator {
  /** Number of leaves since the last `finish`. */
  readonly leaves: number
  /** Adds one leaf, a vector of the accumulator's length; it is copied. */
  push(values: Float64Array): void
  /** Writes the sums of all leaves, +0 if there are none, and resets the accumulator; returns the number of leaves. */
  finish(into: Float64Array): number
}

/**
 * Creates an accumulator of vectors whose element j becomes pairwiseSum(leaf 0 [j], leaf 1 [j], …), to the bit.
 *
 * It counts its leaves in binary: partial[l] holds the sum of 2^l leaves wherever bit l of the count is set, so n
 * leaves need at most log2(n) + 1 vectors, which later runs use again. A vector of another length is a RangeError.
 */
export function createTreeAccumulator(length: number): TreeAccumulator {
  const partials: Float64Array[] = []
  let count = 0

  const check = (vector: Float64Array) => {
    if (vector.length !== length) throw new RangeError(`a vector of ${vector.length} values, expected ${length}`)
  }

  return {
    get leaves() {
      return count
    },

    push(values) {
      check(values)
      const level = 31 - Math.clz32((count + 1) & -(count + 1))
      while (partials.length <= level) partials.push(new Float64Array(length))
      const target = partials[level] as Float64Array
      target.set(values)
      for (let l = 0; l < level; l++) addBefore(partials[l] as Float64Array, target)
      count += 1
    },

    finish(into) {
      check(into)
      if (count === 0) into.fill(0)
      let isFirst = true
      partials.forEach((partial, level) => {
        if ((count & (1 << level)) === 0) return
        if (isFirst) into.set(partial)
        else addBefore(partial, into)
        isFirst = false
      })
      for (let j = 0; j < length; j++) into[j] = (into[j] as number) + 0
      const leaves = count
      count = 0
      return leaves
    },
  }
}

/** sums = earlier + sums */
function addBefore(earlier: Float64Array, sums: Float64Array): void {
  for (let j = 0; j < sums.length; j++) sums[j] = (earlier[j] as number) + (sums[j] as number)
}
