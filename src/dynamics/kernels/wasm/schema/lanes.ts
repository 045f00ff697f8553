import { alignedTo, arrayOf, bool, f64, i32, lanes, layout, usize } from './layout.js'
import { TAU_FACTORS } from './records.js'

/** How far a lane group has come in a trial on the way back; see assembly/shared/undoing.ts. */
export const UNDOING = layout(
  {
    /** The lanes that were met in the current interval, as bits. */
    met: i32,
    /** Anything acts on the trial yet. */
    isAlive: bool,
    /** The instant that ends the interval. */
    end: usize,
    /** Where there are two currents, addresses of its `INHIBITION` and its inhibitory `TAU_FACTORS`. */
    inhibition: usize,
    inhibitoryTauFactors: usize,
    /** Injections listed, and met. */
    listed: i32,
    taken: i32,
    tauFactors: alignedTo(16, arrayOf(TAU_FACTORS, 1)),
  },
  { prefix: 'undoing' },
)

/**
 * Eight lanes of everything that the lane group being worked on has: scratch memory of every instance. U = V - bias.
 *
 * Where all lanes meet the same arrivals U, I, what rules crossings out and the threshold are in registers.
 */
export const LANES = layout({
  // Forward: adaptation, and the time that belongs to.
  adaptation: lanes,
  adapted: lanes,
  /** Forward: end of the refractory period that a lane is in; 0: in none. */
  heldUntil: lanes,
  u: lanes,
  i: lanes,
  test: lanes,
  /** What U is held against where no lane is looked at alone, and by how much that is less; see assembly/shared/quiet.ts. */
  quiet: lanes,
  allowance: lanes,
  /** Forward: the time that U and I belong to; of polynomial lanes that are open, y of their latest spike. */
  since: lanes,

  // Peaks: the highest so far, and the state at the next instant.
  best: lanes,
  nextU: lanes,
  nextI: lanes,

  // Backward: adjoint of the adaptation, and its time.
  pA: lanes,
  pATime: lanes,
  /** Backward: dL/d(end of the refractory period) of the lane's next spike, once that end is undone. */
  atEnd: lanes,
  /** Adjoint of U right after the lane's last own event, and the time of that. */
  eventPU: lanes,
  eventTime: lanes,
  /** Adjoint state where it is not in registers, and how far a lane has been carried back. */
  pU: lanes,
  pI: lanes,
  now: lanes,
  /** Gradient events of an arrival. */
  events: lanes,
  /** Up to eight peaks of a trial, the last one first, see assembly/events/injections.ts. */
  injections: lanes,
  /** Delays per synapse: i32 numbers of inter-spike intervals yet to be opened, see assembly/delayed/spike-intervals.ts. */
  opened: lanes,

  // Backward, the gradient by time constants, see assembly/gradients/taus.ts: factors of U, of I by tauMem and by tauSyn, and of A.
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
  /** The inhibitory current, where there are two, and what belongs to it of all this. */
  j: lanes,
  nextJ: lanes,
  pJ: lanes,
  qJ: lanes,
  zJ: lanes,
  nextQJ: lanes,
  nextZJ: lanes,
  /** Backward, between two windows: what inter-spike intervals are scaled to; Infinity: they are not. */
  spikeIntervalOrigin: f64,
  /** Forward: the least of `quiet`; NaN where some lane is never ruled out. */
  leastQuiet: f64,
  progress: arrayOf(UNDOING, 1),
})
