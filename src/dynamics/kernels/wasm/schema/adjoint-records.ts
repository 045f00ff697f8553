import { bool, f64, i32, layout, pair, u32, usize } from './layout.js'

/** Adjoints of the parts that time constants have in the state: by tauMem and by tauSyn; and the time of the next own event. */
export const TAU_STATE = layout({ byTaus: pair, end: f64 }, { prefix: 'tauState' })

/** Adjoint pA, that of the part that tauAdapt has in it, and the time they belong to. */
export const ADAPTATION = layout({ adjoint: f64, byTau: f64, time: f64 }, { prefix: 'adaptation' })

/** What an own event is. */
export const OWN_SPIKE = 0
export const OWN_RELEASE = 1
export const OWN_PEAK = 2

/**
 * A spike, the end of a refractory period, or the maximum of a voltage that the loss looks at: when, current and adaptation
 * then, and dL/d(time) as it came back, or dL/dV at the maximum.
 */
export const OWN_EVENT = layout(
  { time: f64, current: f64, adaptation: f64, delta: f64, neuron: i32, kind: u32 },
  { prefix: 'own' },
)

/** An interval of a neuron between two own events, as seen from the start of a bin: arrivals before `cut` belong to it. */
export const SPIKE_INTERVAL = layout({ pair, byTaus: pair, end: f64, cut: f64 }, { prefix: 'spikeInterval' })

/** An arrival that is to be undone: its records from … to … - 1, and the number of its spike among those received. */
export const UNDONE = layout(
  { time: f64, projection: u32, row: u32, first: usize, end: usize, slot: u32 },
  { prefix: 'undone' },
)

/** Where in the gradient vector the sums of a projection lie, in bytes, and what of it is wanted. */
export const ROWS_BACK = layout(
  {
    /** One per record. */
    weightSums: usize,
    delaySums: usize,
    /** One per entry of `blockList`. */
    sharedSums: usize,
    /** Address of the u32 number of every row's first entry in the list of blocks that its records lie in, and one more. */
    blockRows: usize,
    blockList: usize,
    hasDelaysPerSynapse: bool,
    hasSharedDelays: bool,
    wantsEvents: bool,
  },
  { prefix: 'back' },
)

/** The same of a Poisson input: one sum per neuron. */
export const POISSON_BACK = layout(
  { weightSums: usize, sharedSums: usize, hasSharedDelays: bool },
  { prefix: 'poissonBack' },
)

/**
 * The adjoint of a neuron whose state is not scaled, dL/d(I, J, V), in the bin at work: at an instant up to which nothing
 * acts on it, and how long that is after the end of the bin, 0 or less.
 */
export const UNSCALED_ADJOINT = layout({ currents: pair, voltage: f64, after: f64 }, { prefix: 'adjoint' })

/** The same of what time constants have in the state, see src/dynamics/models/tau-adjoint.ts: q by tauMem, z by tauSyn, qU. */
export const UNSCALED_TAUS = layout({ byMem: pair, bySyn: pair, ofVoltage: f64 }, { prefix: 'adjointTaus' })

/** An inter-spike interval of such a neuron, at its end; arrivals before `cut` belong to it. */
export const UNSCALED_SPIKE_INTERVAL = layout(
  { currents: pair, voltage: f64, after: f64, byMem: pair, bySyn: pair, ofVoltage: f64, cut: f64 },
  { prefix: 'open' },
)
