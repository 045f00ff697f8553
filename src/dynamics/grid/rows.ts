/**
 * The rows of a group's block: one number of 32 bits per lane each. Twin of ../wasm/assembly/grid/rows.ts, in the same
 * order.
 */
export const GRID_ROWS = Object.freeze([
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
  'threshold',
  'reset',
  'adjointSpike',
  'thresholdGradient',
  'adaptation',
  'relief',
  'adaptStep',
  'adjointAdaptation',
  'stepGradient',
  'held',
  'refractory',
  'units',
] as const)

export type GridRow = (typeof GRID_ROWS)[number]

/** Rows of a leaky integrator's block are the first of all. */
export const READOUT_ROWS: number = GRID_ROWS.indexOf('threshold')
