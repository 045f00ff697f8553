import { alignedTo, arrayOf, f64, i32, lanes, layout, pair, u32, usize } from './layout.js'

/** Neurons that are worked on together: the lanes of a row. */
export const LANE_COUNT = 8

/** An i32 per lane. */
const counts = alignedTo(16, arrayOf({ size: 4, align: 4 }, LANE_COUNT))

/** From where to where something lies. */
export const RANGE = layout({ start: usize, end: usize }, { prefix: 'range' })

/** Kinds of delays of a projection. */
export const DELAY_SHAPES = ['none', 'scalar', 'perSource', 'perSynapse'] as const

/**
 * A projection into the group: where its weights and delays lie in the parameters (and their gradients in the gradient), in
 * bytes; the number of its first row; units of its source; which synapses share a delay; and, unless it has a row for
 * every unit, per lane group the `RANGE` of its `LISTED` synapses; 0: it has.
 */
export const PROJECTION = layout(
  { weightsAt: usize, delaysAt: usize, firstRow: i32, units: i32, delayKind: i32, listedAt: usize },
  { multipleOf: 32 },
)

/**
 * A listed synapse, see `SynapseRows`: byte offset of its lane in the rows of its lane group; its index among the weights
 * of its projection, and that of its delay among the delays.
 */
export const LISTED = layout({ listedPlace: u32, listedWeight: u32, listedDelay: u32 })

/** Where the rows of a unit begin in a lane group, and end: byte offsets. None where they are the same. */
export const UNIT_ROWS = layout({ unitFirstRow: u32, unitRowsEnd: u32 })

/**
 * A batch of spikes: its trains; numbers of its first unit and of its first spike among those of all batches; delays; or,
 * where spikes are not numbered one by one, the number of each. Where arrivals are shared a unit has one row, its own.
 */
export const INPUT = layout(
  { times: usize, units: usize, offsets: usize, unit: u32, slot: u32, kind: i32, delays: usize, slots: usize },
  { prefix: 'input', multipleOf: 32 },
)

/** An event to be put in order: its time, and two numbers that decide between equal times, the first one first. */
export const EVENT = layout({ at: f64, first: u32, second: u32 }, { prefix: 'event' })

/**
 * An instant at which something arrives at every neuron, and the propagator over the interval before it: its length D is
 * from start to time, bound is `largestKappa`, and `last` the latest time a spike of the interval may have: that of
 * the instant (a spike comes before an arrival at the same time), or the last double before the end of the window. Then
 * addresses of its first arrival and of their end. The last one of a window is its end, where nothing arrives.
 */
export const INSTANT = layout({
  time: f64,
  start: f64,
  /** e^{-D/tauMem}, e^{-D/tauSyn} and kappa(D). */
  decayMem: f64,
  decaySyn: f64,
  kappa: f64,
  bound: f64,
  arrivals: usize,
  arrivalsEnd: usize,
  last: f64,
})

/**
 * What belongs to an instant where there are two currents: e^{-D/tauSynInh} and kappa(D) of the inhibitory one, and the
 * share of it that takes from the excitatory one whenever it is looked at, see assembly/equations/propagator.ts.
 */
export const INHIBITION = layout({ decay: f64, kappa: f64, share: f64 }, { prefix: 'inhibition', multipleOf: 32 })

/** What stands before the instants of a window: the last one before it, or rest; which instant that was, or this one. */
export const REST = layout({ time: f64, instant: usize }, { prefix: 'rest' })

/** The last arrival of a trial before a window: its time, and its instant. */
export const LAST_ARRIVAL = layout({ time: f64, instant: usize }, { prefix: 'lastArrival' })

/**
 * Where the neurons of a lane group stand in a trial between two windows: functions of their own events and of what has
 * arrived, so that no cutting into windows can show. Lanes that have fired or were let go since the last arrival are open:
 * U and I of these are those right after their own last event, of the others, and of polynomial ones (see
 * assembly/lanes/polynomial.ts), those right after the last arrival.
 */
export const LANE_STATE = layout(
  {
    u: lanes,
    i: lanes,
    /** The inhibitory current, where there are two. */
    j: lanes,
    /** The time that U and I belong to. */
    since: lanes,
    /** Of polynomial lanes that are open, y of their latest spike; of others that are, -1. */
    fall: lanes,
    /** Right after the last spike, and when that was. */
    adaptation: lanes,
    adapted: lanes,
    /** End of the refractory period that a lane is in; 0: in none. */
    heldUntil: lanes,
    /** On the way to a maximum: U and I after the last arrival, and the highest so far. */
    climbU: lanes,
    climbI: lanes,
    climbJ: lanes,
    best: lanes,
    /** The time that these belong to, where neurons have arrivals of their own. */
    climbSince: lanes,
    /** Where neurons have arrivals of their own: where lanes have come to in the bin that begins at `walkedBin`. */
    walkU: lanes,
    walkI: lanes,
    walkJ: lanes,
    walkSince: lanes,
    walkAdaptation: lanes,
    walkAdapted: lanes,
    walkHeldUntil: lanes,
    walkedBin: f64,
    /** The lanes that have, as bits. */
    walked: i32,
    /** i32 numbers of spikes; the same of those lanes. */
    fired: counts,
    walkFired: counts,
    /** The lanes that are open, as bits. */
    open: i32,
  },
  { prefix: 'state', multipleOf: 64 },
)

/** An arrival: byte offset of its row of weights in a lane group, and number of its spike among those of all batches. */
export const ARRIVAL = layout({ row: u32, slot: u32 })

/** The derivatives of the propagator over the interval before an instant, see assembly/equations/propagator.ts. */
export const TAU_FACTORS = layout({ decayMemByMem: f64, kappaByMem: f64, decaySynBySyn: f64, kappaBySyn: f64 })

/** What registers need of the time constants of a lane group whose neurons have their own; see `LANE_TAUS`. */
export const TAUS_PER_NEURON = layout(
  {
    perTauMem: lanes,
    perTauSyn: lanes,
    /** The smaller one of these two. */
    perSlower: lanes,
    rate: lanes,
    scale: lanes,
    /** 1/tauMem where both time constants are equal, else 0. */
    equal: lanes,
    peakTime: lanes,
    peakKappa: lanes,
    /** All bits where the membrane is the slower one. */
    isMembrane: lanes,
    /** Over fewer ms than this no exponent of any lane has to be reduced. */
    near: f64,
  },
  { prefix: 'own', multipleOf: 64 },
)

/** What a thread is working on where neurons have a tauMem or tauSyn of their own: lanes. */
export const PER_NEURON_WORK = layout(
  {
    /** The propagator over an interval, and its derivatives, see `TAU_FACTORS`. */
    decayMem: lanes,
    decaySyn: lanes,
    kappa: lanes,
    decayMemByMem: lanes,
    kappaByMem: lanes,
    decaySynBySyn: lanes,
    kappaBySyn: lanes,
  },
  { prefix: 'work' },
)

/** What an instant's arrivals do to an integral: G and G' at its time. */
export const RESPONSE = layout({ effect: f64, shift: f64 }, { prefix: 'response' })

/**
 * What a spike leaves behind for the backward pass: time, I and A just before the jump, or of a polynomial lane, which has no
 * adaptation, y in place of A; the address of the instant that
 * begins its interval, and lane and place in the emitted batch in one word (lane · 2^29 + place). No voltage. The end of a
 * refractory period leaves one, too, with a place that no spike has, and without A.
 */
export const RECORD = layout({ spikeTime: f64, current: f64, spikeAdaptation: f64, interval: usize, laneAndPlace: u32 })

/** How a pass over a lane group may end. */
export const ENDS = [
  'done',
  'tape is full',
  'runaway',
  'slope is undefined',
  'gradient overflows',
  'too many spikes',
] as const

/**
 * How one has ended: which of `ENDS`; whom a fault is about: lane, time in ms, the slope there, how many
 * spikes there may be, or in which trial there are too many; a count of the pass.
 */
export const NOTE = layout({ end: i32, lane: i32, time: f64, detail: f64, count: i32 }, { prefix: 'note' })

const peak = { value: f64, time: f64, slope: f64, kind: i32, arrival: usize }

/**
 * The maximum of a lane's voltage over a trial: value of U = V - bias, time, V' just before it, where it sits, and the
 * instant at which its interval begins (of a peak on an arrival: that arrival, its instant). Ties go to the earliest.
 */
export const PEAK = layout({ ...peak, instant: usize }, { prefix: 'peak' })
/** The same where delays are per synapse; of a peak between two events: arrivals up to `since` come before it. */
export const DELAYED_PEAK = layout({ ...peak, since: f64 }, { prefix: 'delayedPeak' })

/** Rows of a lane group's gradient behind those of weights; by the time constants behind all others. */
export const NEURON_ROWS = layout({ bias: lanes, threshold: lanes, adaptStep: lanes }, { prefix: 'gradientBy' })
export const TAU_ROWS = layout(
  { tauMem: lanes, tauSyn: lanes, tauAdapt: lanes, tauSynInh: lanes },
  { prefix: 'gradientBy' },
)

/** What a pass over a lane group reads and writes, in bytes: pairs of (read, written) by category of memory-traffic.ts. */
export const TRAFFIC = layout({ weights: pair, gradients: pair, state: pair, tape: pair, spikes: pair })
