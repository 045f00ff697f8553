import { bool, f64, i32, layout, pairOf, u32, usize, written } from './layout.js'

/** The header of a window kernel, beside `HEADER`. Pairs belong to the current and to the scaled voltage. */
export const WINDOW_HEADER = layout({
  /** Length of a bin of the grid of time in ms, a power of two, and its inverse. */
  bin: f64,
  perBin: f64,
  /** tauSyn / (tauMem - tauSyn), or 0 where these are nearly equal: see assembly/window/growth.ts. */
  share: f64,
  /** The largest kappa within a bin. */
  binKappa: f64,
  /** What a weight of 1 adds to the sums when it arrives in the middle of a bin. */
  scales: pairOf('scaleOfCurrent', 'scaleOfVoltage'),
  /** e^{-bin/tau}, rounded, and what rounding took. */
  keeps: pairOf('currentKeep', 'voltageKeep'),
  keepRests: pairOf('currentKeepRest', 'voltageKeepRest'),
  /** 1/tau. */
  perTaus: pairOf('perTauSyn', 'perTauMem'),
  /** e^{bin/(2 tau)} and its inverse. */
  halfGrowths: pairOf('currentHalfGrowth', 'voltageHalfGrowth'),
  halfDecays: pairOf('currentHalfDecay', 'voltageHalfDecay'),
  /** The current bin: where it starts, and where it ends in this run. */
  binStart: f64,
  binEnd: f64,
  /** What the current takes from the scaled voltage at the end of the bin. */
  endShare: f64,
  /** The form of the scaled state for nearly equal time constants: 1/tauSyn - 1/tauMem, and g(bin), 0 in the other form. */
  isSheared: bool,
  shearRate: f64,
  binShear: f64,

  /** Neurons; an even number of places is kept for them. */
  neurons: i32,
  firstNeuron: u32,
  /** Current and scaled voltage of every neuron at the start of the bin: pairs of doubles. */
  states: usize,
  /** Threshold less bias, Infinity while the voltage is held. */
  limits: usize,
  /** The same, whether held or not; vReset less bias; refractory period. */
  thresholdsOf: usize,
  resetsOf: usize,
  refractoriesOf: usize,
  /** End of the refractory period of neurons that are held. */
  heldUntil: usize,
  /** What every neuron's own spikes add to its threshold; what that has come to right after the last one, and when that was. */
  adaptStepsOf: usize,
  adaptations: usize,
  adapted: usize,
  /** The neurons that are held, and their number. */
  heldNeurons: usize,
  heldCount: written(i32),
  /** Spikes of every neuron in the trial so far, i32. */
  firedCounts: usize,
  /** Neurons that walk through every bin, and their number. */
  restless: usize,
  restlessCount: i32,
  /** Sums of arrivals: of a ring of bins, pairs of doubles per neuron. */
  sums: usize,
  /** Place of the current bin in the ring; `ringBins` is the length of the ring. */
  binPlace: i32,
  /** Arrivals of the bin: `ARRIVAL`. */
  arrivalsAt: usize,
  arrivalCount: i32,
  projectionsAt: usize,
  /** Poisson inputs and their number: `POISSON_INPUT`. */
  poissonInputsAt: usize,
  poissonInputCount: i32,
  /** Per neuron: a byte that is not 0 if it walks, and its place in the list of candidates, and the first entry of its log. */
  walkFlags: usize,
  candidates: usize,
  logHeads: usize,
  /** The log of arrivals at candidates, `ENTRY`, and how many entries it has room for. */
  logAt: usize,
  logRoom: u32,
  /** Room to put the arrivals at one neuron in order: `EVENT`. */
  eventsAt: usize,
  /**
   * Maxima of voltages so far, less the bias, f64, Infinity of neurons that have fired, and where they sit, `WINDOW_PEAK`; 0:
   * they are not wanted. Room for the lowest voltage that makes each neuron walk; and where the run ends.
   */
  runningMaxima: usize,
  peaks: usize,
  levels: usize,
  until: f64,
  /** Spikes that were not yet taken, `EMITTED`; their number, and for how many there is room. */
  emittedAt: usize,
  emittedCount: written(i32),
  emittedRoom: i32,
  /** Keys of the rounds of Philox, see assembly/window/poisson-input.ts. */
  roundKeys: usize,
  firesOnce: bool,
  /** Ends of refractory periods are emitted, too. */
  keepsTape: bool,
  mostSpikes: i32,
  /** The neuron a fault is about. */
  faulty: written(i32),
  /** Bins of the ring, a power of two. */
  ringBins: i32,

  /** States are currents and voltages as they are, see assembly/window/unscaled; what follows is for these alone. */
  isUnscaled: bool,
  /** Weights below 0 drive a current of another time constant. */
  hasTwoCurrents: bool,
  /** `COURSE` of every neuron, and how far those of two lie apart; 0: all share one. */
  coursesAt: usize,
  courseStep: usize,
  /** Room for the states at the end of a bin of neurons with own events in it: `MOVED`. */
  movedAt: usize,
})
