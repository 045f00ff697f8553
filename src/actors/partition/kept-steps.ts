import { InternalError } from '../../events/errors.js'
import type { KeptUpdates, ParameterUpdates } from './parameter-updates.js'

/** So many steps may be on their way before the first of them is known to be good. */
const MOST_KEPT = 2

/** What there was before the last steps, so that they can be taken back. */
export interface KeptSteps {
  /** The step of a run is about to be taken. */
  keep(run: number): void
  /** Goes back to before the first kept step of this run or a later one; false if there is none. */
  undo(from: number): boolean
}

interface KeptStep {
  readonly run: number
  readonly before: readonly KeptUpdates[]
}

/** @param updates of every slice of a partition */
export function createKeptSteps(updates: readonly ParameterUpdates[]): KeptSteps {
  let kept: readonly KeptStep[] = []
  /** What nobody goes back to any more: its arrays are used again. */
  let spare: readonly KeptUpdates[] | null = null

  return {
    keep(run) {
      if (kept.some((step) => step.run >= run)) throw new InternalError(`A step of run ${run} follows a later one.`)
      const room = kept.length < MOST_KEPT ? spare : (kept[0] as KeptStep).before
      if (room === spare) spare = null
      const before = updates.map((update, k) => update.keep(room?.[k]))
      kept = [...kept.slice(1 - MOST_KEPT), { run, before }]
    },
    undo(from) {
      const first = kept.find(({ run }) => run >= from)
      if (first === undefined) return false
      updates.forEach((update, k) => {
        update.putBack(first.before[k] as KeptUpdates)
      })
      kept = kept.filter(({ run }) => run < from)
      spare = first.before
      return true
    },
  }
}
