import { octets, rows, size } from './plan'

/**
 * Copies a dense projection's numbers from their place in the parameters, [neuron][source unit], to [octet][row][lane].
 *
 * @param into rows of all projections; default use: the weights
 * @param row number of the projection's first row
 */
export function pack(from: usize, into: usize, row: i32, units: i32): void {
  for (let octet = 0; octet < octets(); octet++) {
    const target = into + 64 * (<usize>octet * <usize>rows() + <usize>row)
    const count = min(8, size() - 8 * octet)
    for (let n = 0; n < count; n++) {
      const source = from + 8 * <usize>units * (8 * <usize>octet + <usize>n)
      for (let unit = 0; unit < units; unit++)
        store<f64>(target + 64 * <usize>unit + 8 * <usize>n, load<f64>(source + 8 * <usize>unit))
    }
  }
}

/** Copies the rows of one octet's gradient, [row][lane], to a projection's place in a gradient vector. */
export function unpack(octet: i32, from: usize, into: usize, row: i32, units: i32): void {
  const source = from + 64 * <usize>row
  const count = min(8, size() - 8 * octet)
  for (let n = 0; n < count; n++) {
    const target = into + 8 * <usize>units * (8 * <usize>octet + <usize>n)
    for (let unit = 0; unit < units; unit++)
      store<f64>(target + 8 * <usize>unit, load<f64>(source + 64 * <usize>unit + 8 * <usize>n))
  }
}
