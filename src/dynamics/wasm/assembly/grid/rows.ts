// The rows of a group's block: one number of 32 bits per neuron each, `bytes` long. Twin of src/dynamics/grid/rows.ts.
export const VOLTAGE: usize = 0
export const CURRENT: usize = 1
export const ADJOINT_VOLTAGE: usize = 2
export const ADJOINT_CURRENT: usize = 3
export const DRIVE: usize = 4
export const MEMBRANE: usize = 5
export const KAPPA: usize = 6
export const DECAY: usize = 7
export const GAIN: usize = 8
export const BIAS_GRADIENT: usize = 9
export const THRESHOLD: usize = 10
export const RESET: usize = 11
export const ADJOINT_SPIKE: usize = 12
export const THRESHOLD_GRADIENT: usize = 13
export const ADAPTATION: usize = 14
export const RELIEF: usize = 15
export const ADAPT_STEP: usize = 16
export const ADJOINT_ADAPTATION: usize = 17
export const STEP_GRADIENT: usize = 18
/** Integers. */
export const HELD: usize = 19
export const REFRACTORY: usize = 20
/** The units that spike in a step. */
export const UNITS: usize = 21
