import { copyStep, copyTrials } from '../../learning/copy-orders.js'
import type { Session, SessionState } from '../../learning/session.js'
import type { GivenStep } from './step-calls.js'

/** Largest number of steps that are repeated: then the state is saved again. */
const MOST_STEPS = 32

/**
 * What leads from a fresh session back to where the last one stood: a state, and the training steps since. Runs are
 * deterministic, so that the same steps lead to the same bits.
 */
export interface Rollback {
  /** Steps since the state that is kept. */
  readonly steps: number
  /** It is time to save the state again. */
  readonly isDue: boolean
  /** A step is done. */
  note(taken: GivenStep): void
  /** The session has this state now. */
  keep(state: SessionState): void
  /** Leads a session that has just been opened to where the last one stood. */
  lead(session: Session): Promise<void>
}

/** Of a session that has not learned anything. */
export function createRollback(): Rollback {
  let state: SessionState | null = null
  let taken: GivenStep[] = []
  return {
    get steps() {
      return taken.length
    },
    get isDue() {
      return taken.length >= MOST_STEPS
    },
    note({ trials, step }) {
      // Copied: the caller may change its arrays afterwards.
      taken.push({ trials: copyTrials(trials), step: copyStep(step) })
    },
    keep(now) {
      state = now
      taken = []
    },
    async lead(session) {
      if (state !== null) await session.restore(state)
      for (const { trials, step } of taken) await session.train(trials, step)
    },
  }
}
