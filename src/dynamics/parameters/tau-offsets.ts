import type { ParameterLayout } from './parameter-layout.js'

/**
 * Offsets of one slot's gradients by the time constants, one place per neuron each. Neurons with one synaptic current have
 * one place for both signs.
 */
export interface TauOffsets {
  readonly tauMem: number
  readonly tauSynExc: number
  readonly tauSynInh: number
  readonly tauAdapt: number
}

/** @param base where the slot's gradient vector begins */
export function tauOffsets({ taus }: ParameterLayout, base: number): TauOffsets {
  const placeOf = (...fields: readonly string[]) => {
    const place = taus.find(({ field }) => fields.includes(field))
    return place === undefined ? -1 : base + place.perNeuron
  }
  const tauSynExc = placeOf('tauSyn', 'tauSynExc')
  const tauSynInh = placeOf('tauSynInh')
  return {
    tauMem: placeOf('tauMem'),
    tauSynExc,
    tauSynInh: tauSynInh < 0 ? tauSynExc : tauSynInh,
    tauAdapt: placeOf('tauAdapt'),
  }
}
