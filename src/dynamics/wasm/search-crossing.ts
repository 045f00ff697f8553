import { deriveConstants } from '../derive-constants.js'
import { Membrane } from '../membrane.js'
import { firstUpcrossing } from '../rolle.js'
import type { CrewKernel } from './crew.js'
import type { SearchCrossing } from './instantiate.js'

/** The complete search for a crossing, for the voltage above the bias. */
export function searchCrossingOf({ tauMem, tauSyn, tauAdapt }: CrewKernel['taus']): SearchCrossing {
  const membrane = new Membrane(deriveConstants(tauMem, tauSyn, tauSyn, tauAdapt))
  return (u, i, a, threshold) => {
    membrane.v = u
    membrane.iExc = i
    membrane.adaptation = a
    membrane.threshold = threshold
    return firstUpcrossing(membrane)
  }
}
