/** A half-open interval of time [start, end) in ms; `end` may be Infinity. */
export interface Window {
  readonly start: number
  readonly end: number
}
