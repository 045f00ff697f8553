/** The most events of one trial, those of all batches together. */
export function mostInTrial(batches: readonly { readonly offsets: Uint32Array }[], trials: number): number {
  let most = 0
  for (let trial = 0; trial < trials; trial++) {
    let count = 0
    for (const { offsets } of batches) count += (offsets[trial + 1] as number) - (offsets[trial] as number)
    most = Math.max(most, count)
  }
  return most
}
