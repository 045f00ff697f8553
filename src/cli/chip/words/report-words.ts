import type { ChipPhase, ChipReport, EnergyComponent } from '../../../hardware/report/chip-report.js'
import type { Level } from '../../../hardware/routing/layout.js'

/** How far packets travel, nearest first. */
export const LEVELS: Readonly<Record<Level, string>> = {
  inCore: 'in a core',
  inTile: 'in a tile',
  betweenTiles: 'between tiles',
  betweenChips: 'between chips',
}

/** The phases of a training step, in the order they are shown in. */
export const PHASES: readonly ChipPhase[] = ['forward', 'backward', 'loss', 'update']

/** What takes energy in any phase, in the order it comes up. */
export function componentsOf({ byPhase }: ChipReport['energy']): readonly EnergyComponent[] {
  return [...new Set(PHASES.flatMap((phase) => Object.keys(byPhase[phase].byComponent) as EnergyComponent[]))]
}
