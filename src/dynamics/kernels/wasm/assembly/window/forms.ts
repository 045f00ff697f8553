/** The forms that a window kernel keeps its neurons in: what its loops are generic in, as those over lanes are in `membrane.ts`. */

/** The current, and V - bias plus its share of the current, both scaled to the start of a bin; see shear.ts. */
export class Scaled {}

/** Both currents, and V - bias, as they are: of neurons with two currents, or with time constants of their own. */
export class Unscaled {}

/** Known when a function is compiled. */
export function isScaled<F>(): bool {
  return idof<F>() == idof<Scaled>()
}
