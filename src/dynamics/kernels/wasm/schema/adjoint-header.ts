import { bool, f64, i32, layout, u32, usize, written } from './layout.js'

/** The header of the way back of a window kernel, beside `WINDOW_HEADER`; what belongs to a trial is that of the one at work. */
export const ADJOINT_HEADER = layout({
  /** Adjoint of every neuron, from the start of the bin: pairs of doubles, see assembly/window/adjoint-spike-intervals.ts. */
  pairs: usize,
  /** The same for the gradient by the time constants, `TAU_STATE`; 0 unless that is wanted. */
  tauStates: usize,
  /** dL/d(end of the refractory period) of the spike next in line. */
  restarts: usize,
  /** Adjoint of every neuron's adaptation: `ADAPTATION`. */
  adaptations: usize,
  /** What the rate band takes from r at every spike of a neuron; 0: nothing. */
  rateGradients: usize,
  /** dL/d(max V) per neuron, and where these maxima sit, `WINDOW_PEAK`; 0: the loss looks at none. */
  maximumGradients: usize,
  topPeaks: usize,
  /** The gradient vector of the trial, and in it, per neuron: */
  vector: usize,
  biasSums: usize,
  thresholdSums: usize,
  adaptStepSums: usize,
  tauMemSums: usize,
  tauSynSums: usize,
  /** The same as `tauSynSums` where there is one current. */
  tauSynInhSums: usize,
  tauAdaptSums: usize,
  /** Per neuron: its bias, threshold, adaptStep. */
  biases: usize,
  thresholds: usize,
  adaptSteps: usize,

  /** Own events of the bin, `OWN_EVENT`, in the order in which they were emitted. */
  ownFirst: usize,
  ownEnd: usize,
  /** Room for inter-spike intervals. */
  spikeIntervalsAt: usize,
  /** Per neuron the address of the one that comes first in the bin; 0: the neuron has no own event there. */
  firstSpikeIntervals: usize,

  /** Poisson inputs are undone from here on, ms since the start of the bin. */
  undoneFrom: f64,
  /** What arrives in the bin, `UNDONE`. */
  undoneAt: usize,
  undoneCount: i32,
  /** What the projections, and the Poisson inputs, sum up: `ROWS_BACK`, `POISSON_BACK`. */
  backsAt: usize,
  poissonBacksAt: usize,
  /** Sums of gradient events per block, of a row that is undone at once. */
  blockSums: usize,
  /** Per spike received: the address of such sums of a row that is not yet undone; 0: there are none. */
  openRows: usize,
  /** Addresses of such sums that are free, and how many. */
  freeRows: usize,
  freeCount: written(i32),
  /** Returned gradients: sums over the blocks of each node, node by node of one spike. */
  returnedSums: usize,
  nodeCount: i32,
  /** Per node: the number of the first block behind it; blocks count within the whole group, from this one on. */
  nodeEnds: usize,
  firstBlock: u32,
  /** Room for a sum along the tree: 64 entries of 16 bytes. */
  treeSums: usize,

  /** Crossings without a slope are left out. */
  ignoresUndefined: bool,
  /** The neuron whose crossing has none, -1 if there is none such; when, and the slope. */
  undefinedNeuron: written(i32),
  undefinedTime: written(f64),
  undefinedSlope: written(f64),
  /** Grazing crossings met. */
  grazings: written(i32),
})
