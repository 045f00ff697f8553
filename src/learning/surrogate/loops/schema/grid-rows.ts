/** The rows of a group's block on a grid of time, by their number: one number of 32 bits per neuron each. */
export const GRID_ROWS = [
  'voltage',
  'current',
  'adjointVoltage',
  'adjointCurrent',
  'drive',
  'membrane',
  'kappa',
  'decay',
  'gain',
  'biasGradient',
  'currentRate',
  'membraneRate',
  'threshold',
  'reset',
  'adjointSpike',
  'thresholdGradient',
  'adaptation',
  'relief',
  'adaptStep',
  'adjointAdaptation',
  'stepGradient',
  /** What a rate band adds to dL/ds at every point. */
  'push',
  // Integers.
  'held',
  'refractory',
  /** The units that spike in a step. */
  'units',
] as const

export type GridRow = (typeof GRID_ROWS)[number]

/** Rows of a leaky integrator's block are the first of all. */
export const READOUT_ROWS: number = GRID_ROWS.indexOf('threshold')
