import type { OctetEngine } from './octet-engine.js'
import { hasTwoCurrents } from './octet-layout.js'
import type { PlanField } from './plan.js'
import { INHIBITION, INSTANT, TAU_FACTORS } from './schema/records.js'

/** Fields of the plan: room for so many instants, and for what belongs to each; 0 where nothing does. */
export function takeInstants(
  { memory, group }: OctetEngine,
  count: number,
  hasTaus: boolean,
): Readonly<Record<PlanField & ('instants' | 'tauFactors' | 'inhibitions' | 'inhibitoryTauFactors'), number>> {
  const isSplit = hasTwoCurrents(group.values)
  return {
    instants: memory.take(INSTANT.size * count),
    tauFactors: hasTaus ? memory.take(TAU_FACTORS.size * count) : 0,
    inhibitions: isSplit ? memory.take(INHIBITION.size * count) : 0,
    inhibitoryTauFactors: isSplit && hasTaus ? memory.take(TAU_FACTORS.size * count) : 0,
  }
}
