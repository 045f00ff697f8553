import { gradient, laneGroup } from '../events/own-events'
import { delays, memGrowths, rows, synGrowths } from '../schema/header'

/** Where the lane group's delays, the gradient of them, and e^{d/tauMem} and e^{d/tauSyn} lie. */
export let laneDelays: usize = 0
export let delayGradient: usize = 0
export let laneMemGrowths: usize = 0
export let laneSynGrowths: usize = 0

/** The lane group that is undone is at work. */
export function takeUpLaneRows(): void {
  const offset: usize = 64 * <usize>rows() * <usize>laneGroup
  laneDelays = delays() + offset
  laneMemGrowths = memGrowths() + offset
  laneSynGrowths = synGrowths() + offset
  delayGradient = gradient + 64 * (<usize>rows() + 3)
}
