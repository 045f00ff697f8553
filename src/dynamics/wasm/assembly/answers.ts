import { lanes } from './lanes'
import { EVENTS } from './schema/lanes'
import {
  blockSums,
  delays,
  endOfSlots,
  eventSums,
  firstSlot,
  laneEvents,
  mostCopies,
  octets,
  slots,
} from './schema/plan'
import { SPIKES, STATE } from './schema/records'
import { countRead, countWritten } from './traffic'

/**
 * The sum over the neurons of a block of 32 of the gradient events sent back to each spike, as in
 * src/numerics/block-sum.ts: the octets' lane sums from left to right, then the two lanes; where a spike comes to copies of
 * rows, one copy after the other.
 */
export function sumBlock(block: i32): void {
  const into = blockSums() + 8 * <usize>slots() * <usize>block
  for (let slot = firstSlot(); slot < endOfSlots(); slot++) {
    let sum = blockSum(block, slot * mostCopies())
    for (let copy = 1; copy < mostCopies(); copy++) sum += blockSum(block, slot * mostCopies() + copy)
    store<f64>(into + 8 * <usize>slot, sum)
  }
}

function blockSum(block: i32, number: i32): f64 {
  const first = 4 * block
  const end = min(first + 4, octets())
  const stride: usize = 16 * numbers()
  let at: usize = eventSums() + stride * <usize>first + 16 * <usize>number
  let sum = f64x2.splat(0)
  for (let octet = first; octet < end; octet++, at += stride) sum = f64x2.add(sum, v128.load(at))
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1)
}

/** Spikes of all batches, each at every copy of a row. */
function numbers(): usize {
  return <usize>slots() * <usize>mostCopies()
}

/** The two lane sums of an octet's gradient events for a spike. */
export function sumOf(octet: i32, number: u32): usize {
  return eventSums() + 16 * (numbers() * <usize>octet + <usize>number)
}

/** The gradient events of an octet's lanes for a spike, where windows add them one by one. */
function laneEventsOf(octet: i32, number: u32): usize {
  return laneEvents() + 64 * (numbers() * <usize>octet + <usize>number)
}

/** Sums the gradient events for a spike, which are in EVENTS. */
export function storeEvents(octet: i32, number: u32): void {
  sumEvents(lanes + EVENTS, octet, number)
}

/** The same where the window may have but some of them. */
export function takeEvents(octet: i32, number: u32): void {
  if (laneEvents() == 0) {
    storeEvents(octet, number)
    return
  }
  const into = laneEventsOf(octet, number)
  for (let at: usize = 0; at < 64; at += 16)
    v128.store(into + at, f64x2.add(v128.load(into + at), v128.load(lanes + EVENTS + at)))
  sumEvents(into, octet, number)
}

/** Adds the gradient event of one lane to those of the others. */
export function addEvent(octet: i32, number: u32, n: i32, event: f64): void {
  if (event == 0) return
  const at = laneEventsOf(octet, number)
  store<f64>(at + 8 * <usize>n, load<f64>(at + 8 * <usize>n) + event)
  sumEvents(at, octet, number)
}

/** Sums gradient events for a spike over the lanes as in src/numerics/block-sum.ts. */
function sumEvents(at: usize, octet: i32, number: u32): void {
  const sum = f64x2.add(f64x2.add(v128.load(at), v128.load(at, 16)), f64x2.add(v128.load(at, 32), v128.load(at, 48)))
  v128.store(sumOf(octet, number), sum)
  if (delays() != 0) return
  countRead(STATE, 64)
  countRead(SPIKES, 4)
  countWritten(SPIKES, 16)
}

/** Forgets the gradient events that an earlier pass left for an octet. */
export function clearEvents(octet: i32): void {
  const length: usize = 16 * numbers()
  memory.fill(eventSums() + length * <usize>octet, 0, length)
  if (laneEvents() != 0) memory.fill(laneEventsOf(octet, 0), 0, 4 * length)
}
