import { defineLoss } from '../../src/learning/define-loss.js'
import type { DefinedLoss } from '../../src/learning/loss.js'
import { crossEntropy, largest } from '../../src/learning/losses/cross-entropy.js'
import { exp } from '../../src/numerics/exp.js'
import { expm1 } from '../../src/numerics/expm1.js'

/** `vMax`, as a user would write it. */
export const ownVMax: DefinedLoss = defineLoss({
  name: 'ownVMax',
  observes: 'maxima',
  labels: 'unit',
  evaluate({ maxima, label, size }) {
    const gradients = new Float64Array(size)
    const loss = crossEntropy(maxima, label ?? 0, gradients)
    return { loss, prediction: largest(maxima), gradients }
  },
})

/** `firstSpike`, as a user would write it. */
export function ownFirstSpike({ tau0 = 0.5, alpha = 0.003, tau1 = 6.4 } = {}): DefinedLoss {
  return defineLoss({
    name: 'ownFirstSpike',
    observes: 'spikes',
    labels: 'unit',
    evaluate({ times, units, label, size }) {
      const prediction = units[0] ?? null
      const firsts = Array.from({ length: size }, (_, unit) => units.indexOf(unit))
      const labelSpike = firsts[label ?? 0]!
      if (labelSpike < 0) return { loss: null, prediction }
      const scores = Float64Array.from(firsts, (spike) => (spike < 0 ? -Infinity : -times[spike]! / tau0))
      const slopes = new Float64Array(size)
      const race = crossEntropy(scores, label ?? 0, slopes)
      const gradients = new Float64Array(times.length)
      for (const [unit, spike] of firsts.entries()) if (spike >= 0) gradients[spike] = -slopes[unit]! / tau0
      const time = times[labelSpike]!
      if (alpha !== 0) gradients[labelSpike]! += (alpha / tau1) * exp(time / tau1)
      return { loss: race + (alpha === 0 ? 0 : alpha * expm1(time / tau1)), prediction, gradients }
    },
  })
}

/** Spikes shall be apart: 1/2 sum over neighbours in time of (t_k+1 - t_k - gap)^2, whatever their units. New. */
export const apart: DefinedLoss = defineLoss({
  name: 'apart',
  observes: 'spikes',
  evaluate({ times }) {
    const gradients = new Float64Array(times.length)
    let loss = 0
    for (let k = 1; k < times.length; k++) {
      const off = (times[k]! - times[k - 1]! - 2) / 4
      loss += 2 * off * off
      gradients[k]! += off
      gradients[k - 1]! -= off
    }
    return { loss, gradients }
  },
})

/** Voltages shall have given maxima: 1/2 sum (max V_i - target_i)^2. New. */
export const levels: DefinedLoss = defineLoss({
  name: 'levels',
  observes: 'maxima',
  evaluate({ maxima, label }) {
    const off = maxima.map((value, unit) => value - (unit === label ? 1 : 0.25))
    return { loss: off.reduce((sum, each) => sum + each * each * 0.5, 0), gradients: off }
  },
})

/** The same of fading integrals, which are near 0. New. */
export const areas: DefinedLoss = defineLoss({
  name: 'areas',
  observes: 'integral',
  tau: 12,
  evaluate({ integrals, label }) {
    const off = integrals.map((value, unit) => value / 10 - (unit === label ? 1 : 0.25))
    return {
      loss: off.reduce((sum, each) => sum + each * each * 0.5, 0),
      prediction: largest(integrals),
      gradients: off.map((each) => each / 10),
    }
  },
})
