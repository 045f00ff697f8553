import { arrayOf, f64, lanes, layout, pair, u32 } from './layout.js'

const spike = { emitted: f64, spikeUnit: u32, spikeSlot: u32 }

/**
 * A spike whose arrivals differ from neuron to neuron: time t; unit among those of all projections, and number among the
 * spikes of all batches; e^{(t - origin)/tauSyn}, e^{(t - origin)/tauMem}. In the memory that instants take otherwise.
 */
export const SPIKE = layout({ ...spike, spikeFactors: pair })
/** The same where chance shifts arrivals: by how much, and how much later than it was sent the spike is known, in ms. */
export const SHIFTED_SPIKE = layout({ ...spike, shift: f64, latency: f64 }, { prefix: 'shiftedSpike' })

/** Between two own events of a neuron, eight lanes each; see assembly/delayed/spike-intervals.ts. */
export const SPIKE_INTERVAL = layout({
  /** Arrivals before this time belong to it; time of the event; pU and pI right before it. */
  cut: lanes,
  end: lanes,
  spikeIntervalPU: lanes,
  spikeIntervalPI: lanes,
  alpha: lanes,
  beta: lanes,
  /** END where the scaled form holds; of empty inter-spike intervals NEVER, of those too far from the origin -Infinity. */
  scaledEnd: lanes,
  /** The earliest cut of all lanes; the latest cut of this inter-spike interval and those before it. */
  firstCut: f64,
  reach: f64,
})

/**
 * What an inter-spike interval knows of the gradient by time constants, see assembly/delayed/spike-interval-taus.ts: never
 * more than itself.
 */
export const SPIKE_INTERVAL_TAUS = layout({ spikeIntervalQI: lanes, spikeIntervalZ: lanes, byMem: lanes, bySyn: lanes })

/**
 * What an inter-spike interval knows of the inhibitory current, where there are two: pJ right before its event, and BETA of
 * that current; then of the gradient by time constants, as `SPIKE_INTERVAL_TAUS`. See
 * assembly/delayed/spike-intervals.ts: never more than the inter-spike interval itself.
 */
export const SPIKE_INTERVAL_INHIBITION = layout({
  spikeIntervalPJ: lanes,
  betaInh: lanes,
  spikeIntervalQJ: lanes,
  spikeIntervalZJ: lanes,
  byMemInh: lanes,
  bySynInh: lanes,
})

/** Bins of a block. */
export const BINS = 32

/** The arrivals in a bin at one lane: a pair of sums over all (of two currents: those that inhibit), and over those that excite. */
export const BIN_LANE = layout({ sum: pair, exciting: pair })
export const BIN = layout({ lanes: arrayOf(BIN_LANE, 8) }, { prefix: 'bin' })

/** The propagator over some bins: e^{-D/tauSyn}, e^{-D/tauMem}, kappa(D) and the largest kappa up to D. */
export const SPAN = layout({ decaySyn: f64, decayMem: f64, kappa: f64, bound: f64 }, { prefix: 'span' })

/** Of the inhibitory current, where there are two: e^{-D/tauSynInh}, kappa(D), and the share of it in U up to D. */
export const INHIBITED_SPAN = layout(
  { decay: f64, kappa: f64, share: f64 },
  { prefix: 'inhibitedSpan', multipleOf: 32 },
)

/** The bins of a block and one more, which takes what arrives at other times; the propagator over none to all of them. */
export const GRID = layout(
  { bins: arrayOf(BIN, BINS + 1), spans: arrayOf(SPAN, BINS + 1), inhibitedSpans: arrayOf(INHIBITED_SPAN, BINS + 1) },
  { prefix: 'grid', multipleOf: 256 },
)
