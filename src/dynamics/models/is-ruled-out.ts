import { staysBelowFor } from '../equations/crossing.js'
import type { FactorCache } from '../equations/factor-cache.js'
import type { Membrane } from '../equations/membrane.js'
import { decayAdaptation, KAPPA_EXC } from '../equations/propagator.js'
import { real } from './memory.js'

/** Whether a bound keeps a membrane from crossing its threshold over the next d ms. */
export function isRuledOut(m: Membrane, d: number, factors: FactorCache): boolean {
  const c = m.constants
  if (m.adaptation === 0) return d < c.peakTime && staysBelowFor(m, real(factors.get(c, d), KAPPA_EXC), 0)
  const kappa = d < c.peakTime ? real(factors.get(c, d), KAPPA_EXC) : c.peakKappa
  return staysBelowFor(m, kappa, m.adaptation * decayAdaptation(c, d))
}
