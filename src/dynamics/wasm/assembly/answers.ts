import { lanes } from './lanes'
import { EVENTS } from './schema/lanes'
import { blockSums, endOfSlots, eventSums, firstSlot, laneEvents, octets, slots } from './schema/plan'
import { SPIKES, STATE } from './schema/records'
import { countRead, countWritten } from './traffic'

/**
 * The sum over the neurons of a block of 32 of the gradient events sent back to each spike, as in
 * src/numerics/block-sum.ts: the octets' lane sums from left to right, then the two lanes.
 */
export function sumBlock(block: i32): void {
  const into = blockSums() + 8 * <usize>slots() * <usize>block
  const first = 4 * block
  const end = min(first + 4, octets())
  const stride: usize = 16 * <usize>slots()
  for (let slot = firstSlot(); slot < endOfSlots(); slot++) {
    let at: usize = eventSums() + stride * <usize>first + 16 * <usize>slot
    let sum = f64x2.splat(0)
    for (let octet = first; octet < end; octet++, at += stride) sum = f64x2.add(sum, v128.load(at))
    store<f64>(into + 8 * <usize>slot, f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1))
  }
}

/** The two lane sums of an octet's gradient events for a spike. */
export function sumOf(octet: i32, slot: u32): usize {
  return eventSums() + 16 * (<usize>slots() * <usize>octet + <usize>slot)
}

/** The gradient events of an octet's lanes for a spike, where windows add them one by one. */
export function laneEventsOf(octet: i32, slot: u32): usize {
  return laneEvents() + 64 * (<usize>slots() * <usize>octet + <usize>slot)
}

/** Sums the gradient events for a spike, which are in EVENTS. */
export function storeEvents(octet: i32, slot: u32): void {
  sumEvents(lanes + EVENTS, octet, slot)
}

/** Sums gradient events for a spike over the lanes as in src/numerics/block-sum.ts. */
export function sumEvents(at: usize, octet: i32, slot: u32): void {
  const sum = f64x2.add(f64x2.add(v128.load(at), v128.load(at, 16)), f64x2.add(v128.load(at, 32), v128.load(at, 48)))
  v128.store(sumOf(octet, slot), sum)
  countRead(STATE, 64)
  countRead(SPIKES, 4)
  countWritten(SPIKES, 16)
}

/** Forgets the gradient events that an earlier pass left for an octet. */
export function clearEvents(octet: i32): void {
  const length: usize = 16 * <usize>slots()
  memory.fill(eventSums() + length * <usize>octet, 0, length)
  if (laneEvents() != 0) memory.fill(laneEventsOf(octet, 0), 0, 4 * length)
  countWritten(SPIKES, length)
}
