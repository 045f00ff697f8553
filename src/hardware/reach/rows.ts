import { indicesByKey } from '../../numerics/indices-by-key.js'

/** Units by neuron: those of neuron t are units[offsets[t]] … units[offsets[t + 1] - 1]. */
export interface Rows {
  readonly offsets: Uint32Array
  readonly units: Uint32Array
}

/** Sorts pairs of a neuron and a unit by neuron. */
export function rowsOf(neurons: number, targets: ArrayLike<number>, unitOf: (index: number) => number): Rows {
  const { starts, indices } = indicesByKey(targets, neurons)
  for (let k = 0; k < indices.length; k++) indices[k] = unitOf(indices[k] as number)
  return { offsets: starts, units: indices }
}

/** The units of one neuron. */
export function rowOf({ offsets, units }: Rows, neuron: number): Uint32Array {
  return units.subarray(offsets[neuron], offsets[neuron + 1])
}

/** Of each value below a bound, which of some lists hold it; ascending. */
export function transposed(lists: readonly Uint32Array[], bound: number): Rows {
  const offsets = new Uint32Array(bound + 1)
  for (const list of lists) for (const value of list) offsets[value + 1] = (offsets[value + 1] as number) + 1
  for (let value = 0; value < bound; value++)
    offsets[value + 1] = (offsets[value + 1] as number) + (offsets[value] as number)
  const next = offsets.slice(0, bound)
  const units = new Uint32Array(offsets[bound] as number)
  lists.forEach((list, index) => {
    for (const value of list) {
      const place = next[value] as number
      units[place] = index
      next[value] = place + 1
    }
  })
  return { offsets, units }
}
