import { lanes, layout } from './layout.js'

/**
 * Eight lanes of everything that the octet being worked on has: scratch memory of every instance. U = V - bias.
 *
 * Where all lanes meet the same arrivals U, I, what rules crossings out and the threshold are in registers.
 */
export const LANES = layout({
  // Forward: adaptation, and the time that belongs to.
  adaptation: lanes,
  adapted: lanes,
  u: lanes,
  i: lanes,
  test: lanes,
  threshold: lanes,
  /** Forward, delays per synapse: the time that U and I belong to. */
  since: lanes,

  // Peaks: the highest so far, and the state at the next instant.
  best: lanes,
  nextU: lanes,
  nextI: lanes,

  // Backward: adjoint of the adaptation, and its time.
  pA: lanes,
  pATime: lanes,
  /** Adjoint of U right after the lane's last own event, and the time of that. */
  eventPU: lanes,
  eventTime: lanes,
  /** Adjoint state where it is not in registers, and how far a lane has been carried back. */
  pU: lanes,
  pI: lanes,
  now: lanes,
  /** Gradient events of an arrival. */
  events: lanes,
  /** Up to eight peaks of a trial, the last one first, see assembly/injections.ts. */
  injections: lanes,
  /** i32 numbers of stretches, see assembly/delayed/stretches.ts. */
  opened: lanes,

  // Backward, the gradient by time constants, see assembly/taus.ts: factors of U, of I by tauMem and by tauSyn, and of A.
  qU: lanes,
  qI: lanes,
  z: lanes,
  qA: lanes,
  nextQU: lanes,
  nextQI: lanes,
  nextZ: lanes,
  /** Integrals over voltages. */
  score: lanes,
  /** Backward, delays per synapse: of which lanes an arrival is left to be undone alone. */
  masks: lanes,
})
