import type { PerLevel } from '../counts/chip-counts.js'
import type { EnergyComponent, EnergySum, PartEnergy } from './chip-report.js'
import type { EventCost } from './costs.js'
import { type Cost, sumOfEnergies } from './figure-sum.js'

/** The static cost of being switched on: of a component, or of an unknown time. */
export interface StaticCost extends Cost {
  readonly component: EnergyComponent | null
}

/** Sums of the same costs: all, by component, by level. */
export function partEnergy(events: readonly EventCost[], power: readonly StaticCost[]): PartEnergy {
  const at = (level: EventCost['level']) => sumOfEnergies(events.filter((cost) => cost.level === level))
  const byLevel: PerLevel<EnergySum> = {
    inCore: at('inCore'),
    inTile: at('inTile'),
    betweenTiles: at('betweenTiles'),
    betweenChips: at('betweenChips'),
  }
  const costs: readonly StaticCost[] = [...events, ...power].filter(
    ({ figure, count }) => count > 0 && (figure === null || 'value' in figure),
  )
  const components = [...new Set(costs.flatMap(({ component }) => (component === null ? [] : [component])))]
  return {
    dynamic: sumOfEnergies(events),
    static: sumOfEnergies(power),
    byComponent: Object.fromEntries(
      components.map((each) => [each, sumOfEnergies(costs.filter(({ component }) => component === each))]),
    ),
    byLevel,
  }
}
