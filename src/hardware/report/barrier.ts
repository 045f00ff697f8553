import type { ChipProfile, ChipTime } from '../profile/chip-profile.js'
import type { Figure } from '../profile/figure.js'
import type { CorePlace } from '../routing/layout.js'
import type { FigureSum } from './chip-report.js'
import { sumOfCosts } from './figure-sum.js'

/** How much of a machine is in use. */
export interface UsedParts {
  readonly chips: number
  /** Over all chips. */
  readonly tiles: number
}

/** The tiles that hold anything. */
export function tilesUsed({ chip }: ChipProfile, cores: readonly CorePlace[]): number {
  return new Set(cores.map((place) => `${place.chip} ${Math.floor(place.core / chip.coresPerTile)}`)).size
}

/**
 * Time to close a step: on one chip by its tiles, where a profile gives it by tiles; else linear between the two points
 * around the number of chips, unknown beyond them.
 */
export function barrierOf({ barrier, tileBarrier }: ChipTime, { chips, tiles }: UsedParts): FigureSum {
  const ofTiles = tileBarrier.findLast((point) => point.tiles <= tiles) ?? tileBarrier[0]
  const cost = (figure: Figure, count: number, field = 'time.barrier') => ({ field, figure, count })
  if (chips === 1 && ofTiles !== undefined) return sumOfCosts([cost(ofTiles.time, 1, 'time.tileBarrier')])
  const after = barrier.findIndex((point) => point.chips >= chips)
  const [low, high] = [barrier[after - 1], barrier[after]]
  if (high === undefined || (low === undefined && high.chips > chips)) return sumOfCosts([cost(null, 1)])
  if (low === undefined || high.chips === chips) return sumOfCosts([cost(high.time, 1)])
  const share = (chips - low.chips) / (high.chips - low.chips)
  return sumOfCosts([cost(low.time, 1 - share), cost(high.time, share)])
}
