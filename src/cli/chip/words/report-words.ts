import type { ChipPhase, ChipReport, EnergyComponent } from '../../../hardware/report/chip-report.js'
import type { Level } from '../../../hardware/routing/layout.js'

/** How far packets travel, nearest first. */
export const LEVELS: Readonly<Record<Level, string>> = {
  inCore: 'in a core',
  inTile: 'in a tile',
  betweenTiles: 'between tiles',
  betweenChips: 'between chips',
}

/** What takes energy, in words. */
export const COMPONENTS: Readonly<Record<EnergyComponent, string>> = {
  synapse: 'synapses',
  synapseBackward: 'synapses, backward',
  weightUpdate: 'weight updates',
  idle: 'neurons in every step',
  neuronUpdate: 'neurons updated',
  spikeOut: 'neurons that spike',
  packetOut: 'packets leaving a core',
  spikeInTile: 'packets within a tile',
  hopX: 'links east and west',
  hopY: 'links north and south',
  hopDiagonal: 'diagonal links',
  chipCrossing: 'links between chips',
  routerBit: 'routers',
  staticPerChip: 'chips switched on',
  staticPerActiveCore: 'cores switched on',
  staticPerBoard: 'boards switched on',
}

/** The phases of a training step, in the order they are shown in. */
export const PHASES: readonly ChipPhase[] = ['forward', 'backward', 'loss', 'update']

/** What takes energy in any phase, in the order it comes up. */
export function componentsOf({ byPhase }: ChipReport['energy']): readonly EnergyComponent[] {
  return [...new Set(PHASES.flatMap((phase) => Object.keys(byPhase[phase].byComponent) as EnergyComponent[]))]
}
