import { InternalError } from '../../../../events/errors.js'
import type { ParameterLayout } from '../../../parameters/parameter-layout.js'
import type { TauValues } from '../../../parameters/tau-values.js'
import type { HeaderFields, KernelTaus } from '../../wasm/header.js'
import type { KernelMemory } from '../../wasm/kernel-memory.js'
import { LANE_TAUS } from '../../wasm/schema/header.js'
import { LANE_COUNT, TAUS_PER_NEURON } from '../../wasm/schema/records.js'

/**
 * Fields of the header: room for what follows from time constants that neurons have of their own, 0 where all share them; and
 * where the time constants themselves lie. See assembly/lanes/lane-taus.ts.
 *
 * @param parameters address
 */
export function takeTausPerNeuron(
  memory: KernelMemory,
  { taus }: Pick<ParameterLayout, 'taus'>,
  laneGroups: number,
  parameters: number,
): HeaderFields {
  const own = taus.filter(({ isCommon }) => !isCommon)
  const placeOf = (...fields: readonly string[]) => {
    const place = fields.map((name) => taus.find(({ field }) => field === name)).find((found) => found !== undefined)
    if (place === undefined) throw new InternalError(`There is no ${fields.join(' or ')} among the parameters.`)
    return { at: parameters + 8 * place.at, step: place.isCommon ? 0 : 8 }
  }
  const places = {
    tauMem: placeOf('tauMem'),
    tauSyn: placeOf('tauSyn', 'tauSynExc'),
    tauSynInh: placeOf('tauSynInh', 'tauSyn'),
    tauAdapt: placeOf('tauAdapt', 'tauMem'),
  }
  return {
    laneTaus: own.length === 0 ? 0 : memory.takeZeros(LANE_TAUS.size * LANE_COUNT * laneGroups),
    tausPerNeuron: own.some(({ field }) => field !== 'tauAdapt')
      ? memory.takeZeros(TAUS_PER_NEURON.size * laneGroups)
      : 0,
    ...{ tauMemAt: places.tauMem.at, tauMemStep: places.tauMem.step },
    ...{ tauSynAt: places.tauSyn.at, tauSynStep: places.tauSyn.step },
    ...{ tauSynInhAt: places.tauSynInh.at, tauSynInhStep: places.tauSynInh.step },
    ...{ tauAdaptAt: places.tauAdapt.at, tauAdaptStep: places.tauAdapt.step },
  }
}

/** The time constants of one neuron. */
export function tausOf({ tauMem, tauSynExc, tauSynInh, tauAdapt }: TauValues, n: number): KernelTaus {
  return {
    ...{ tauMem: tauMem[n] as number, tauAdapt: tauAdapt[n] as number },
    ...{ tauSyn: tauSynExc[n] as number, tauSynInh: tauSynInh[n] as number },
  }
}
