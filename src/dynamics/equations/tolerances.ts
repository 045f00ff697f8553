/** Numbers of the mathematics that the kernels in TypeScript and in AssemblyScript share. */

/** Below this exponent differences are taken through expm1, above they lose less than two bits. */
export const SMALL = 0.5

/** Terms of the series of `risingIntegral`: the next one is below half an ulp of the sum. */
export const TERMS = 18

/** Rounding allowance of what rules out, relative to the largest terms in it; generous, since nothing else depends on it. */
export const MARGIN = 1e-12

/**
 * The complete search stops looking beyond this many of the slowest time constants: e^{-60} is below rounding. Nearly
 * equal constants put zeros there that would hide the ones before them: at such a distance every exponential is 0.
 */
export const HORIZON = 60

/** Share of a separator that it may be off by where time constants are far apart, by more than `BRIEF`. */
export const SEPARATOR_OFF = 2 ** -20

/** The tail beyond the last separator is looked into at this share of the slowest time constant first. */
export const FIRST_STEP = 16

/** A membrane that is slower than a current by more than this takes its slope in another form, see `Membrane.restSlope`. */
export const BRIEF = 1024

/** A crossing is called grazing when its slope is below this share of theta / tauMem. */
export const GRAZING = 1e-3
