/**
 * How one spike of a unit follows another. Spikes have positions, which rise from `origin` and say their times; for most
 * processes they are the times.
 */
export interface SpikeProcess {
  /** Where a unit stands before its first spike. */
  readonly origin: number
  /**
   * The position of spike number `count` of a unit whose last one is at `last`.
   *
   * @param stream of the unit in its trial
   */
  next(unit: number, stream: number, count: number, last: number): number
  /** In ms; never falls with the position. Infinity where no such spike follows. */
  timeOf(unit: number, stream: number, position: number): number
}
