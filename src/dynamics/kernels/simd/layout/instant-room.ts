import { hasTwoCurrents } from '../../../parameters/group-traits.js'
import type { HeaderField } from '../../wasm/header.js'
import { INHIBITION, INSTANT, TAU_FACTORS } from '../../wasm/schema/records.js'
import type { SimdEngine } from './simd-engine.js'

/** Fields of the header: room for so many instants, and for what belongs to each; 0 where nothing does. */
export function takeInstants(
  { memory, group }: SimdEngine,
  count: number,
  hasTaus: boolean,
): Readonly<Record<HeaderField & ('instants' | 'tauFactors' | 'inhibitions' | 'inhibitoryTauFactors'), number>> {
  const isSplit = hasTwoCurrents(group.values)
  return {
    instants: memory.take(INSTANT.size * count),
    tauFactors: hasTaus ? memory.take(TAU_FACTORS.size * count) : 0,
    inhibitions: isSplit ? memory.take(INHIBITION.size * count) : 0,
    inhibitoryTauFactors: isSplit && hasTaus ? memory.take(TAU_FACTORS.size * count) : 0,
  }
}
