import { exp } from '../../../src/numerics/exp.js'
import { log } from '../../../src/numerics/log.js'

const EAR_Q = 9.26449
const LEAST_BANDWIDTH = 24.7

/**
 * The bandwidth of an auditory filter at a frequency, both in Hz: ERB(f) = 24.7 + f / 9.26449.
 *
 * Source: Glasberg & Moore, Derivation of auditory filter shapes from notched-noise data (1990).
 */
export function equivalentBandwidth(frequency: number): number {
  return LEAST_BANDWIDTH + frequency / EAR_Q
}

/** Frequencies in Hz from `low` to `high` that are so many equal parts of the ERB scale apart, ascending. */
export function erbSpaced(count: number, low: number, high: number): Float64Array {
  // The number of bandwidths below f is EAR_Q ln(1 + f / (EAR_Q * LEAST_BANDWIDTH)).
  const offset = EAR_Q * LEAST_BANDWIDTH
  const [from, to] = [log(low + offset), log(high + offset)]
  return Float64Array.from({ length: count }, (_, k) =>
    k === count - 1 ? high : k === 0 ? low : exp(from + ((to - from) * k) / (count - 1)) - offset,
  )
}
