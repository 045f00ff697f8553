/**
 * Which start of which run an order belongs to. Every later one is larger, and workers that have seen it refuse those
 * before: of two coordinators that both believe to lead a run, at most one is obeyed.
 */
export interface OrderEpoch {
  /** Of the run's lease, or drawn at random for each run without a lease. */
  readonly run: string
  /** Of the lease: a coordinator that takes over a run has a larger one; 0 where there is no lease. */
  readonly epoch: number
  /** Starts by this coordinator, from 1. */
  readonly start: number
}

/** Whether a stamp of the same run is later than another. */
export function isLater(one: OrderEpoch, other: OrderEpoch): boolean {
  return one.epoch === other.epoch ? one.start > other.start : one.epoch > other.epoch
}

/** Whether two stamps are of the same start of the same run. */
export function isSameStart(one: OrderEpoch, other: OrderEpoch): boolean {
  return one.run === other.run && one.epoch === other.epoch && one.start === other.start
}

/** For people: such as run 5f2c, epoch 3, start 2. */
export function describeOrderEpoch({ run, epoch, start }: OrderEpoch): string {
  return `run ${run}, epoch ${epoch}, start ${start}`
}
