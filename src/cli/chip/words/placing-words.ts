import type { PlacingProgress } from '../../../hardware/chip-placement/place-on-chip.js'
import type { ReachProgress } from '../../../hardware/reach/reach-progress.js'
import type { ProgressWords } from '../../progress-words.js'
import { amountOf } from './figure-words.js'

/** How far the placing of a network is. */
export function placingWords(progress: PlacingProgress): string {
  switch (progress.stage) {
    case 'synapses':
      return `drawing synapses, ${amountOf(progress.done)} of ${amountOf(progress.of)}`
    case 'spikes':
      return `finding out where spikes go, ${partOf(progress.done, progress.of)}`
    case 'cores':
      return `filling cores, ${amountOf(progress.done)} of ${amountOf(progress.of)} blocks of a group`
    case 'packets':
      return `counting packets between cores, ${partOf(progress.done, progress.of)}`
    case 'search':
      return searchWords(progress.done, progress.of)
  }
}

/** Such as `looking for short ways, 37 % of run 3 of 8`. */
function searchWords(done: number, of: number): string {
  const run = Math.min(of, Math.floor(done) + 1)
  return `looking for short ways, ${partOf(done - run + 1, 1)} of run ${run} of ${of}`
}

function partOf(done: number, of: number): string {
  return `${Math.floor((100 * done) / of)} %`
}

/** Tells how far it is with what is done for a chip. */
export function tellOf(chip: string, what: string, tell: ProgressWords): (progress: ReachProgress) => void {
  return (progress) => tell(`${chip}: ${what}: ${placingWords(progress)}`)
}
