import { deriveConstants } from '../derive-constants.js'
import { Membrane } from '../membrane.js'
import { firstUpcrossing } from '../rolle.js'
import type { SearchCrossing } from './instantiate.js'
import { type KernelTaus, sameTaus, tausAt } from './plan.js'
import type { WebAssemblyMemory } from './web-assembly.js'

/** The complete search for a crossing, for the voltage above the bias; the time constants stand in the kernel's memory. */
export function searchCrossingOf(memory: WebAssemblyMemory): SearchCrossing {
  let last: { readonly taus: KernelTaus; readonly membrane: Membrane } | null = null
  const membraneAt = (address: number): Membrane => {
    const taus = tausAt(memory.buffer, address)
    if (last === null || !sameTaus(last.taus, taus)) last = { taus, membrane: membraneOf(taus) }
    return last.membrane
  }
  return (u, i, a, threshold, taus) => {
    const membrane = membraneAt(taus)
    membrane.v = u
    membrane.iExc = i
    membrane.adaptation = a
    membrane.threshold = threshold
    return firstUpcrossing(membrane)
  }
}

function membraneOf({ tauMem, tauSyn, tauAdapt }: KernelTaus): Membrane {
  return new Membrane(deriveConstants(tauMem, tauSyn, tauSyn, tauAdapt))
}
