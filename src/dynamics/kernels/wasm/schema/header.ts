import { GRID } from './delayed-records.js'
import { alignedTo, bool, f64, i32, layout, perLane, perThread, usize } from './layout.js'
import { PER_NEURON_WORK } from './records.js'

/** Where a kernel's header lies in its memory; everything else comes behind it, and nothing below is used by kernels. */
export const HEADER_AT = 65536

/**
 * The time constants that neurons have, in ms, and what follows from them: those that a whole group shares stand at the
 * start of its header. Where neurons have their own there is such a record per lane, too, and these fields of the header are
 * read from the one of the lane at work.
 */
const TAU_FIELDS = {
  tauMem: perLane(f64),
  tauSyn: perLane(f64),
  /** |1/tauMem - 1/tauSyn| in 1/ms. */
  rate: perLane(f64),
  /** tauSyn / |tauSyn - tauMem|; 0 when both are equal. */
  scale: perLane(f64),
  tauAdapt: perLane(f64),
  /** Where kappa is largest, and its value there. */
  peakTime: perLane(f64),
  peakKappa: perLane(f64),
  /** 1/tauSyn - 1/tauMem, negated: tauMem, tauSyn -> (tauSyn - tauMem) / (tauMem tauSyn). */
  rateGap: perLane(f64),
  /** Crossings later than this after a neuron's last event do not happen. */
  searchHorizon: perLane(f64),
  /** 1/tauMem and 1/tauSyn. */
  perTauMem: perLane(f64),
  perTauSyn: perLane(f64),
  /** tauMem / tauSyn where it is exactly 1, 2 or 4; else 0. */
  ratio: perLane(i32),
  /** tauMem >= tauSyn. */
  membraneIsSlower: perLane(bool),
  /** The same of the inhibitory current, where there are two: its tauSyn, |1/tauMem - 1/tauSyn| and so on. */
  ratioInh: perLane(i32),
  membraneIsSlowerInh: perLane(bool),
  tauSynInh: perLane(f64),
  perTauSynInh: perLane(f64),
  rateInh: perLane(f64),
  scaleInh: perLane(f64),
  /** 1/tauSynInh - 1/tauSyn. */
  inhibitionGap: perLane(f64),
}

export const LANE_TAUS = layout(TAU_FIELDS, { prefix: 'ofLane', multipleOf: 32 })

/** The header of a kernel: the numbers and addresses that everything in its memory is worked on from. */
export const HEADER = layout({
  ...TAU_FIELDS,
  /** End of the trials in ms, maybe Infinity. */
  until: f64,
  /** 1/tau of the weight e^{-t/tau} with which readouts are integrated. */
  fading: f64,
  /** End of the window at work: nothing that arrives there or later is known. */
  horizon: f64,
  /** The latest time that a spike of the window may have. */
  lastSpike: f64,
  /** In ms: a neuron may have `runaway` spikes again in each such interval; Infinity: it may not. */
  runawayInterval: f64,
  /** Most spikes of a neuron in a cell of 1 ms, see src/dynamics/models/spike-limit.ts. */
  mostInCell: f64,
  /**
   * Where neurons have arrivals of their own: what comes before it has arrived, or in lanes that are run bin by bin what comes
   * before that; own events up to the last are on earlier tapes.
   */
  reached: f64,
  complete: f64,
  shown: f64,
  /** Of kept bins: the least delay; up to where spikes are dealt out, and all known; bins from `clearFrom` to `complete` are over. */
  leastDelay: f64,
  dealtBefore: f64,
  settled: f64,
  clearFrom: f64,
  /** Of kept spikes: what arrives before has arrived; the longest of all delays, and of the least delays of units, in ms. */
  openSince: f64,
  longestDelay: f64,
  longestLeastDelay: f64,

  /** Neurons. */
  size: alignedTo(64, i32),
  /** Lane groups of neurons. */
  laneGroups: i32,
  /** Rows of weights, as many as some lane group has; source units of all projections. */
  rows: i32,
  units: i32,
  /** [laneGroup][unit] of `UNIT_ROWS`; 0: unit k has row k alone. */
  unitRows: usize,
  /** Rows of one unit at most. */
  mostCopies: i32,
  trials: i32,
  /** Weights below 0 drive a current of their own; see assembly/equations/propagator.ts. */
  hasInhibition: bool,
  /** Neurons stay silent after their first spike. */
  stopsAfterFirst: bool,
  /** More spikes of a neuron in a trial than this end the run. */
  runaway: i32,
  /** Spike batches: `INPUT`. */
  inputCount: i32,
  inputs: usize,
  /** Bytes that each thread has to put events in order in: two fifths for events, as many spare, the rest for counts. */
  eventRoom: usize,
  /** Room for the events of a trial, and for as many again. */
  events: perThread('eventRoom'),
  instants: usize,
  /**
   * Number of spikes of every trial that are kept from window to window, see assembly/delayed/spikes.ts; 0: none are.
   */
  spikeRoom: i32,
  /** Those of each trial: `RANGE`. */
  instantRanges: usize,
  arrivals: usize,
  /** [laneGroup][row][lane]. */
  weights: usize,
  /** One value per lane: threshold - bias, what rules crossings out (see `testOf`), -bias, vReset - bias, adaptStep, bias. */
  thresholds: usize,
  tests: usize,
  starts: usize,
  resets: usize,
  adaptSteps: usize,
  biases: usize,
  /** The largest |w| of each lane; see assembly/shared/quiet.ts. */
  heaviest: usize,
  /** [projection][laneGroup][lane] of the same, of each projection. */
  heaviestOfProjections: usize,
  /** One value per neuron. */
  vResets: usize,
  /** One value per lane; 0: no neuron has a refractory period. */
  refractories: usize,
  /** Room for the tape of each lane group: `RANGE`. */
  tapes: usize,
  /** [laneGroup][trials + 1]: u32 addresses of the first record of each trial, and the end. */
  tapeStarts: usize,
  /** [trial][laneGroup][lane]: i32 numbers of spikes. */
  spikeCounts: usize,
  /** [trial][laneGroup][lane] of `PEAK`; 0 when maxima are not wanted. */
  peaks: usize,
  /** Spikes of the whole step in event order: f64 times, u32 units, and u32 offsets per trial. */
  spikeTimes: usize,
  spikeUnits: usize,
  spikeOffsets: usize,
  /** Number of the first neuron in its whole group. */
  firstUnit: i32,
  /** What came back per spike, in the order of `spikeTimes`. */
  deltas: usize,
  /** dL/d(max V) per [trial][neuron]; 0: none. */
  peakGradients: usize,
  /** A spike without a slope is an error. */
  refusesUndefinedSlope: bool,
  /** dL/dbias is asked for, and dL/dadaptStep. */
  wantsBias: bool,
  wantsAdaptStep: bool,
  /** [laneGroup][slot][copy] of two lane sums; 0 when no gradient events are wanted. */
  eventSums: usize,
  /** [block][slot] of gradient events summed over the neurons of a block. */
  blockSums: usize,
  /** Spikes of all batches. */
  slots: i32,
  /** Bytes of the gradient of one lane group: a row of weights is 64 of them, then `NEURON_ROWS`, delays, and `TAU_ROWS` last. */
  gradientBytes: usize,
  /** Room for `levels` gradients of a lane group, per thread, or per lane group if a tree spans micro-batches. */
  vectors: usize,
  levels: usize,
  /** [laneGroup][touched row][lane] of the gradient by weights that are learned in rows; 0: it goes to the places of the parameters. */
  gradientRows: usize,
  /** [projection][laneGroup][lane] of the sums of their squares. */
  squaresOfRows: usize,
  /** u32 offsets, ascending, of the rows of weights that anything arrives at, and the end; 0: they are not kept. */
  touchedRows: usize,
  touchedEnd: usize,
  /** What is worked on in rows: `ROWS_AT_WORK`. */
  rowsAtWork: usize,
  /** Neurons that fire. */
  fires: bool,
  /** [laneGroup][row][lane] of delays where some projection has its own per synapse; else 0. */
  delays: usize,
  /** Of each spike in a window where neurons have arrivals of their own: its number among those of all windows. */
  spikeSlots: usize,
  /** By how much its arrivals are late by chance, and how much later than sent it is known, f64; 0: neither. */
  spikeShifts: usize,
  spikeLatencies: usize,
  /** [laneGroup][slot][copy][lane] of gradient events where windows add some lanes each, as chance shifts arrivals; else 0. */
  laneEvents: usize,
  /** [laneGroup][trial][row] of pairs of rows: what arrivals add to the gradient by tauMem and their tauSyn; 0: one window. */
  arrivalTaus: usize,
  /** [laneGroup][row][lane] of the pair w e^{d/tauSyn}, w e^{d/tauMem}; of two currents, tauSyn is the one of the weight's sign. */
  increments: usize,
  /** [laneGroup][row][lane] of e^{d/tauSyn}; `memGrowths` has e^{d/tauMem}. */
  synGrowths: usize,
  /** Room for the intervals between own events of a lane group in one trial: `SPIKE_INTERVAL`. */
  spikeIntervals: perThread('spikeIntervalRoom'),
  /** [laneGroup][trial] of `RANGE`: the same of all windows of a run, kept until all are undone. */
  keptSpikeIntervals: usize,
  /** [unit] of f64: the least delay that a spike of the unit may have, in ms. */
  leastDelays: usize,
  /** The spikes whose earliest arrival may come in the window; 0: not wanted. Per trial: `RANGE`, its start given. */
  firstComing: usize,
  firstComingRanges: usize,
  firstComingInhibitions: usize,
  /** Bytes of inter-spike intervals that each thread has. */
  spikeIntervalRoom: usize,
  /** Projections: `PROJECTION`. */
  projectionCount: i32,
  projections: usize,
  /** The parameters, and the gradient in the same places. */
  parameters: usize,
  gradient: usize,
  /** Parameters of the neurons, and their gradients: bias, threshold and adaptStep, `size` each. */
  neuronParameters: usize,
  neuronGradient: usize,
  /** How the last pass over each lane group ended: `NOTE`. */
  outcomes: usize,
  memGrowths: usize,
  /** [laneGroup][lane] of the longest delay. */
  longestDelays: usize,
  /** Room for the bins of a block: `GRID`. */
  bins: perThread(GRID.size),
  /** [laneGroup][trial]: bins that are kept between windows, see assembly/delayed/kept-bins.ts; 0: none are. */
  keptBins: usize,
  /** Those of each, a power of two; the number of the window at work, and whether they are enough for it. */
  keptBinCount: i32,
  keptWindow: i32,
  keptFits: bool,
  /** The numbers of a step of the optimiser: `ADAM_STEP`. */
  adamFields: usize,
  /** The gradient by the time constants is asked for. */
  wantsTaus: bool,
  /** The gradient by tauMem, tauSyn (or tauSynExc and tauSynInh) and tauAdapt, `size` each. */
  tauGradient: usize,
  /** One entry per instant: `TAU_FACTORS`. */
  tauFactors: usize,
  /** Of two currents, per instant `INHIBITION` and inhibitory `TAU_FACTORS`; of own arrivals, per spike e^{(t - origin)/tauSynInh}. */
  inhibitions: usize,
  inhibitoryTauFactors: usize,
  /** Room for what inter-spike intervals know of time constants, as much as for inter-spike intervals: `SPIKE_INTERVAL_TAUS`. */
  tauSpikeIntervals: perThread('spikeIntervalRoom'),
  /** As much for what they know of the inhibitory current, where there are two: `SPIKE_INTERVAL_INHIBITION`. */
  inhibitedSpikeIntervals: perThread('spikeIntervalRoom'),
  /** [trial][laneGroup][lane] of integrals over voltages; 0 when they are not wanted. */
  integrals: usize,
  /** One entry per instant: `RESPONSE`; to inhibitory arrivals, where there are two currents. */
  responses: usize,
  inhibitoryResponses: usize,
  /** [trial][laneGroup][lane]: what the rate band takes from r at every spike; 0: there is none. */
  rateGradients: usize,
  /** Per lane group: `TRAFFIC`. */
  traffic: usize,
  /** Trials in the micro-batches that were undone before. */
  trialsBefore: i32,
  /** The last micro-batch of the mini-batch. */
  finishesTree: bool,
  /** [trial][laneGroup] of `LANE_STATE`: where neurons stood before the window, and stand after it; 0: at rest, not kept. */
  statesBefore: usize,
  statesAfter: usize,
  /** Per trial `LAST_ARRIVAL` before the window; 0: there is but one window. */
  lastArrivals: usize,
  /** [laneGroup][trial] of `LANES`: how far the way back has come between two windows; 0: there is but one window. */
  adjoints: usize,
  /** [laneGroup][trial]: gradient vectors, one per trial, where there are several windows. */
  trialVectors: usize,
  /** The window is the first one of the run, or the last one. */
  isFirstWindow: bool,
  isLastWindow: bool,
  /** The spikes whose gradient events are summed over blocks. */
  firstSlot: i32,
  endOfSlots: i32,
  /** Per lane group: `RANGE` of its pairs without a synapse, as u32 byte offsets in its rows of weights; 0: every pair has one. */
  absent: usize,
  /** [laneGroup][lane] of `LANE_TAUS`; 0: the group shares all time constants. */
  laneTaus: usize,
  /** Per lane group `TAUS_PER_NEURON` where neurons have a tauMem or tauSyn of their own; else 0. */
  tausPerNeuron: usize,
  /** Of the time constants in the parameters: the first one, and how far apart those of two neurons lie; 0: all share it. */
  tauMemAt: usize,
  tauMemStep: usize,
  tauSynAt: usize,
  tauSynStep: usize,
  tauSynInhAt: usize,
  tauSynInhStep: usize,
  tauAdaptAt: usize,
  tauAdaptStep: usize,
  /** Where each thread works on these. */
  perNeuronWork: perThread(PER_NEURON_WORK.size),
})

/** The first byte behind the header. */
export const HEADER_END: number = HEADER_AT + HEADER.size
