import { exp } from './exp'
import { delays, drives, growths, octets, rows, size, tauMem, tauSyn, weights } from './plan'

/**
 * Copies a dense projection's delays to [octet][row][lane], whatever its synapses share, and notes
 *
 *     w e^{d/tauSyn}, w e^{d/tauMem}      e^{d/tauSyn}, e^{d/tauMem}
 *
 * so that a synaptic event needs no exponential. The weights must be in place.
 *
 * @param kind 0: no delays, 1: one for all, 2: one per source unit, 3: one per synapse, [neuron][source unit]
 */
export function packDelays(from: usize, kind: i32, row: i32, units: i32): void {
  for (let octet = 0; octet < octets(); octet++) {
    const place = 8 * (octet * rows() + row)
    const count = min(8, size() - 8 * octet)
    for (let unit = 0; unit < units; unit++)
      for (let n = 0; n < count; n++) {
        const synapse = units * (8 * octet + n) + unit
        const index = kind == 3 ? synapse : kind == 2 ? unit : 0
        packDelay(<usize>(place + 8 * unit + n), kind == 0 ? 0 : load<f64>(from + 8 * <usize>index))
      }
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
