/** 1 / ln 2. Twin of src/numerics/ln2.ts. */
export const INVERSE_LN2: f64 = Math.LOG2E

/** ln 2 rounded to a multiple of 2^-42, so that its product with an integer of up to 11 bits is exact. */
export const LN2_HIGH: f64 = 0.6931471805598903

/** ln 2 - LN2_HIGH. */
export const LN2_LOW: f64 = 5.497923018708371e-14
