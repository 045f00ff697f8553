/** Rounding allowance of the bounds, relative to their largest terms: for the arithmetic, and for each arrival in a sum. */
export const MARGIN: f64 = 1e-13
export const MARGIN_OF_ARRIVAL: f64 = 2.220446049250313e-16

/** Of an adjoint: what is smaller has no bearing on anything, and would take long to compute with. */
export const LEAST: f64 = 1e-290
