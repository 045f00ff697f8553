/** Eight doubles. */
const STEP: usize = 64

/**
 * Adds the weight row of each spike's source to the sums, two doubles at a time. All arguments but `spikes` are
 * addresses or bytes; a row is a multiple of 64 bytes.
 */
export function addRows(weights: usize, units: usize, spikes: i32, rowBytes: usize, sums: usize): void {
  for (let k: i32 = 0; k < spikes; k++) {
    let from = weights + rowBytes * <usize>load<u32>(units + ((<usize>k) << 2))
    const end = sums + rowBytes
    for (let into = sums; into < end; into += STEP) {
      v128.store(into, f64x2.add(v128.load(into), v128.load(from)))
      v128.store(into, f64x2.add(v128.load(into, 16), v128.load(from, 16)), 16)
      v128.store(into, f64x2.add(v128.load(into, 32), v128.load(from, 32)), 32)
      v128.store(into, f64x2.add(v128.load(into, 48), v128.load(from, 48)), 48)
      from += STEP
    }
  }
}
