import { LANE_TAUS } from './header.js'
import { arrayOf, bool, f64, i32, layout, pair, pairOf, u32, u64, usize } from './layout.js'

/** In place of the sign of a weight: every synapse has its own. */
export const OWN_WEIGHTS = 2
/** Bytes of a record that is a target of 16 bits. */
export const SHORT_RECORD = 2

/** An arrival of one spike at the targets of a row: given its time and row, the kernel works out the rest. */
export const ARRIVAL = layout(
  {
    /** In ms (of the spike, where synapses have their own delays), and since the start of the bin. */
    time: f64,
    x: f64,
    projection: u32,
    row: u32,
    /** Addresses of the first record that arrives in the bin, 0 for that of the row, and of the end. */
    first: usize,
    end: usize,
    /** What it adds to the sums: at a weight of 1, where synapses have their own weights. */
    added: pair,
    /** The same to the sums of inhibition, where states are not scaled. */
    addedInh: pair,
  },
  { prefix: 'arrival' },
)

/** A projection: rows of records, one per source unit, see src/dynamics/kernels/window/rows/source-rows.ts. */
export const PROJECTION = layout(
  {
    /** Of all its synapses, where they share one. */
    common: f64,
    /** Address of u32 numbers of the first record of every row; of the records. */
    rows: usize,
    records: usize,
    /** Whether its weight is at least 0, or `OWN_WEIGHTS`. */
    excites: i32,
    /** Bytes of a record; places of weight and delay in it, 0 where they are shared. */
    stride: usize,
    weight: usize,
    delay: usize,
    /** Weights and delays are doubles, see `PLACED_RECORD`. */
    isDouble: bool,
  },
  { prefix: 'projection', multipleOf: 64 },
)

/** A synapse whose numbers may be learned; its place is that among the projection's synapses. Without a delay it ends there. */
export const PLACED_RECORD = layout({ target: u32, place: u32, weight: f64, delay: f64 }, { prefix: 'placed' })

/** An entry of the log: what the arrival adds, time since the start of the bin, number of the entry before it, `ARRIVAL`. */
export const ENTRY = layout({ added: pair, x: f64, before: u32, arrival: usize }, { prefix: 'entry' })

/** An arrival at one neuron: what it adds, time since the start of the bin, and its place among those of the same time. */
export const EVENT = layout({ added: pair, x: f64, place: u32 }, { prefix: 'event' })

/** A spike, or the end of a refractory period, that was not yet taken; current and adaptation just before it. */
export const EMITTED = layout(
  { time: f64, current: f64, adaptation: f64, unit: u32, isRelease: u32 },
  { prefix: 'emitted' },
)

/**
 * Where the maximum of a neuron's voltage lies: its time, and of a maximum on an arrival V' just before it and the
 * identity of the arrival. Arrivals at one instant are distinguished by projection, row, time of the spike (see
 * `ARRIVAL`), the number of earlier spikes that are alike in all that, and the address of the record.
 */
export const WINDOW_PEAK = layout(
  {
    time: f64,
    slope: f64,
    sent: f64,
    projection: u32,
    row: u32,
    copy: u32,
    record: usize,
    /** As in models/peak-tape.ts. */
    kind: i32,
    /** Whether the voltage rose where the last bin that was looked at ended. */
    rises: bool,
  },
  { prefix: 'windowPeak' },
)

/** Steps of a bin for which growth is in a table, and steps of the guide into the distribution of counts. */
export const FINE_STEPS = 64

/** A Poisson input, see assembly/window/poisson-input.ts. */
export const POISSON_INPUT = layout(
  {
    /** The width of a word's last bit over each time constant. */
    steps: pairOf('stepOverTauSyn', 'stepOverTauMem'),
    /** Half of a fine step, in words. */
    half: f64,
    /** Address of what an arrival in the middle of each fine step of a bin adds at a weight of 1: pairs of doubles. */
    table: usize,
    /** Addresses of the distribution of counts, and for each fine step from where on to look in it, bytes. */
    counts: usize,
    guide: usize,
    /** Address of every neuron's weight, f64. */
    weights: usize,
    /** Addresses of the neurons' hashes; of counts (i32) and words of every neuron in the current counting interval. */
    hashes: usize,
    drawn: usize,
    words: usize,
    /** Bytes of words there is room for, per neuron. */
    room: usize,
    /** A word's bits below its bin, and below its fine step. */
    binShift: i32,
    fineShift: i32,
    /** Bins of a counting interval, a power of two. */
    intervalBins: i32,
    /** Bits of a word that make a time exact. */
    mask: u32,
    /** First and last word within start and stop. */
    first: u32,
    last: u32,
    /** Of the counting interval's first block. */
    index: u64,
    /** In bins. */
    delay: i32,
  },
  { prefix: 'poissonInput' },
)

/** What states and adjoints over a whole bin are made of: of the membrane alone, and pairs of excitation and inhibition. */
const BIN_FIELDS = {
  /** e^{-bin/tau}, rounded, and what rounding took; kappa(bin). */
  binMem: f64,
  binMemRest: f64,
  binSyns: pairOf('binExc', 'binInh'),
  binSynRests: pairOf('binExcRest', 'binInhRest'),
  binKappas: pairOf('binKappaExc', 'binKappaInh'),
  /** e^{bin/tauMem} - 1. */
  binGrowth: f64,
  /** The derivatives of these by the time constants. */
  memByMem: f64,
  synsBySyn: pairOf('excBySyn', 'inhBySyn'),
  kappasByMem: pairOf('kappaExcByMem', 'kappaInhByMem'),
  kappasBySyn: pairOf('kappaExcBySyn', 'kappaInhBySyn'),
} as const

/** The free course of a neuron whose state is not scaled: its time constants, and what follows from them. */
export const COURSE = layout(
  {
    ...BIN_FIELDS,
    /** 1/tauMem, and 1/tauSyn of both currents. */
    perMem: f64,
    /** Steps are halved so often before a series is used: 0 where a bin is at most a quarter of every time constant. */
    halvings: i32,
    perSyns: pairOf('perExc', 'perInh'),
    /** 1/tauSyn - 1/tauMem. */
    gaps: pairOf('gapExc', 'gapInh'),
    tauAdapt: f64,
    taus: arrayOf(LANE_TAUS, 1),
  },
  { prefix: 'course', multipleOf: 64 },
)

/** A neuron whose state at the end of the bin is that of its own last event, and what came after: both currents, voltage. */
export const MOVED = layout({ currents: pair, voltage: f64, neuron: u32 }, { prefix: 'moved' })

/** The state of a neuron that is not scaled, at the start of a bin. */
export const UNSCALED_STATE = layout({ currents: pair, voltage: f64 }, { prefix: 'unscaled' })

/** What arrives at it in a bin, as at the end of that: current and voltage, of excitation and of inhibition. */
export const UNSCALED_SUMS = layout({ exc: pair, inh: pair }, { prefix: 'unscaledSum' })
