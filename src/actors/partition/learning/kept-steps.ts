import { InternalError } from '../../../events/errors.js'
import { MOST_UNDER_WAY } from '../../../learning/under-way.js'
import type { KeptUpdates, ParameterUpdates } from './parameter-updates.js'

/** Before all runs. */
const NO_RUN = 0

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
  /** In order. No state before that of the first one can be restored. */
  let kept: readonly KeptStep[] = []

  return {
    keep(run) {
      if (kept.some((step) => step.run >= run)) throw new InternalError(`A step of run ${run} follows a later one.`)
      const isFull = kept.length === MOST_UNDER_WAY
      // Its arrays are used again.
      const spare = isFull ? kept[0] : undefined
      const before = updates.map((update, k) => update.keep(spare?.before[k]))
      kept = [...kept.slice(isFull ? 1 : 0), { run, before }]
    },
    undo(from) {
      const undone = kept.filter(({ run }) => run >= from)
      const [first] = undone
      if (first === undefined) return false
      updates.forEach((update, k) => {
        update.putBack(first.before[k] as KeptUpdates)
      })
      kept = [...undone.map(({ before }) => ({ run: NO_RUN, before })), ...kept.filter(({ run }) => run < from)]
      return true
    },
  }
}
