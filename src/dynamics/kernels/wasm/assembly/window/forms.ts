/** The forms that a window kernel keeps its neurons in: what its loops are generic in, as those over lanes are in `membrane.ts`. */

/** The current, and V - bias plus its share of the current, both scaled to the start of a bin. */
export class Scaled {}

/** The same on the way back, where the state may be sheared, see growth.ts, and losses may look at maxima. */
export class Sheared {}

/** Both currents, and V - bias, as they are: of neurons with two currents, or with time constants of their own. */
export class Unscaled {}

/** Known when a function is compiled: of an `if` the other branch is left out. */
export function isScaled<F>(): bool {
  return idof<F>() != idof<Unscaled>()
}

/** The same. */
export function mayBeSheared<F>(): bool {
  return idof<F>() == idof<Sheared>()
}
