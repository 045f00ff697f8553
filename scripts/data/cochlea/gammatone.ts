import { cosPi } from '../../../src/numerics/cos-pi.js'
import { exp } from '../../../src/numerics/exp.js'
import { equivalentBandwidth } from './erb-scale.js'

/** Of the bandwidth of one of four stages, in bandwidths of the whole. */
const STAGE_BANDWIDTH = 1.019

/**
 * Passes a sound through a gammatone of 4th order: four complex stages z_k = a z_k + (1 - |a|) z_{k-1} one after the other,
 * a = e^{-2 pi b / rate} e^{2 pi i f / rate}, b = 1.019 ERB(f); the output is 2 Re z_4, so that a tone at f comes out
 * about as it went in, later by the delay of the filter.
 *
 * Source: Hohmann, Frequency analysis and synthesis using a gammatone filterbank (2002).
 *
 * @param frequency f, in Hz
 * @param rate of samples, in Hz
 */
export function gammatone(sound: Float64Array, frequency: number, rate: number, out: Float64Array): void {
  const decay = exp((-2 * Math.PI * STAGE_BANDWIDTH * equivalentBandwidth(frequency)) / rate)
  const turn = (2 * frequency) / rate
  const [re, im] = [decay * cosPi(turn), decay * cosPi(turn - 0.5)]
  const gain = 1 - decay
  const norm = 2 * gain * gain * gain * gain
  let [re1, im1, re2, im2, re3, im3, re4, im4] = [0, 0, 0, 0, 0, 0, 0, 0]
  for (let k = 0; k < sound.length; k++) {
    let next = re * re1 - im * im1 + (sound[k] as number)
    im1 = re * im1 + im * re1
    re1 = next
    next = re * re2 - im * im2 + re1
    im2 = re * im2 + im * re2 + im1
    re2 = next
    next = re * re3 - im * im3 + re2
    im3 = re * im3 + im * re3 + im2
    re3 = next
    next = re * re4 - im * im4 + re3
    im4 = re * im4 + im * re4 + im3
    re4 = next
    out[k] = norm * re4
  }
}
