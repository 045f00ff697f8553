/** 1 / ln 2. */
export const INVERSE_LN2 = Math.LOG2E

/** ln 2 rounded to a multiple of 2^-42, so that its product with an integer of up to 11 bits is exact. */
export const LN2_HIGH = 0.6931471805598903

/** ln 2 - LN2_HIGH. */
export const LN2_LOW = 5.497923018708371e-14
