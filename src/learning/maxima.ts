/** Maxima of an LI group's voltages; row-major [trial][unit]. Ties: the earliest time. */
export interface Maxima {
  readonly values: Float64Array
  readonly times: Float64Array
}
