import { amountOf, energyOf, withUnit } from '../../../dist/cli/chip/words/figure-words.js'
import { markdownTable } from '../../pages/markdown-table.js'
import type { ChipCosts, Refused } from './measure-costs.js'

const HEAD = [
  'chip',
  'cores',
  'chips',
  'packets in a core',
  'in a tile',
  'between tiles',
  'between chips',
  'energy',
  'in dense steps',
  'static',
  'time',
  'energy of a training step',
  'time of a training step',
]

/** What is behind them costs one inference, but for the columns of a training step, which is one of all trials. */
export function costsTable(found: readonly (ChipCosts | Refused)[], trials: number): string {
  return markdownTable(
    HEAD,
    found.flatMap((each) => ('reason' in each ? [] : [rowOf(each, trials)])),
  )
}

/** A line for each chip that cannot hold it. */
export function refusals(found: readonly (ChipCosts | Refused)[]): string {
  return found.flatMap((each) => ('reason' in each ? [`- ${each.profile}: ${each.reason}`] : [])).join('\n')
}

function rowOf({ profile, cores, chips, packets, energy, seconds }: ChipCosts, trials: number): readonly string[] {
  const { inference, dense, static: staticEnergy, trainingStep } = energy
  return [
    profile,
    amountOf(cores),
    amountOf(chips),
    ...[packets.inCore, packets.inTile, packets.betweenTiles, packets.betweenChips].map((count) => amountOf(count)),
    energyOf(inference),
    dense === null ? '-' : energyOf(dense),
    energyOf(staticEnergy),
    seconds === null ? 'unknown' : timeOf(seconds),
    energyOf(trainingStep),
    seconds === null ? 'unknown' : `at least ${timeOf(seconds * trials)}`,
  ]
}

function timeOf(seconds: number): string {
  return withUnit(1e9 * seconds, ['ns', 'µs', 'ms', 's'])
}
