import { exp } from './exp'
import { delays, drives, growths, parameters, rows, size, tauMem, tauSyn, weights } from './plan'
import { DELAY_KIND, DELAYS_AT, FIRST_ROW, NO_DELAY, PER_SOURCE, PER_SYNAPSE, projection, UNITS } from './projections'

/**
 * Copies the delays of an octet's synapses to [row][lane], whatever they share, and notes
 *
 *     w e^{d/tauSyn}, w e^{d/tauMem}      e^{d/tauSyn}, e^{d/tauMem}
 *
 * so that a synaptic event needs no exponential. The weights must be in place.
 */
export function packDelays(octet: i32, p: i32): void {
  const kind = load<i32>(projection(p), DELAY_KIND)
  const units = load<i32>(projection(p), UNITS)
  const from = parameters() + <usize>load<u32>(projection(p), DELAYS_AT)
  const place = 8 * (octet * rows() + load<i32>(projection(p), FIRST_ROW))
  const count = min(8, size() - 8 * octet)
  for (let unit = 0; unit < units; unit++)
    for (let n = 0; n < count; n++) {
      const synapse = units * (8 * octet + n) + unit
      const index = kind == PER_SYNAPSE ? synapse : kind == PER_SOURCE ? unit : 0
      packDelay(<usize>(place + 8 * unit + n), kind == NO_DELAY ? 0 : load<f64>(from + 8 * <usize>index))
    }
}

function packDelay(place: usize, delay: f64): void {
  const syn = exp(delay / tauSyn())
  const mem = exp(delay / tauMem())
  const weight = load<f64>(weights() + 8 * place)
  store<f64>(delays() + 8 * place, delay)
  store<f64>(growths() + 16 * place, syn)
  store<f64>(growths() + 16 * place, mem, 8)
  store<f64>(drives() + 16 * place, weight * syn)
  store<f64>(drives() + 16 * place, weight * mem, 8)
}
