/** Rows [target][source]; null where there is no synapse. */
export type PairMatrix = readonly (readonly (number | null)[])[]

/** Numbers of all pairs as rows; the last one is shorter where they do not fill it. */
export function pairRows(values: ArrayLike<number>, sources: number, absent: readonly number[]): PairMatrix {
  const without = new Set(absent)
  return Array.from({ length: Math.ceil(values.length / sources) }, (_, target) => {
    const start = target * sources
    return Array.from({ length: Math.min(sources, values.length - start) }, (_, source) => {
      return without.has(start + source) ? null : (values[start + source] as number)
    })
  })
}
