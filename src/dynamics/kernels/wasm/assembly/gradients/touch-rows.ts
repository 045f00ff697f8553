import { endOfInstants, firstInstant } from '../events/instants'
import { gradient } from '../events/own-events'
import { ARRIVAL, ARRIVALS, ARRIVALS_END, INSTANT } from '../schema/records'

/**
 * In windows every trial sums a gradient of its own: far more than the caches of a core hold, and a row is met but a few
 * times. Looked at one behind the other before they are needed, rows come from memory many at a time.
 */
export let seen: u64 = 0

/** Looks at a line of memory. */
export function touch(address: usize): void {
  seen |= load<u64>(address)
}

/** Looks at the rows of the gradient that the arrivals of a window add to. */
export function touchRows(trial: i32): void {
  const tail = endOfInstants(trial) - INSTANT
  const end = <usize>load<u32>(tail, ARRIVALS_END)
  let some: u64 = 0
  for (let arrival = <usize>load<u32>(firstInstant(trial), ARRIVALS); arrival < end; arrival += ARRIVAL)
    some |= load<u64>(gradient + <usize>load<u32>(arrival))
  seen |= some
}
