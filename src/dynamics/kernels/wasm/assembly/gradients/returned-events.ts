import { lanes } from '../lanes/lanes'
import * as header from '../schema/header'
import { EVENTS } from '../schema/lanes'

/**
 * The sum over the neurons of a block of 32 of the gradient events sent back to each spike, as in
 * src/numerics/block-sum.ts: the lane groups' lane sums from left to right, then the two lanes; where a spike comes to
 * copies of rows, one copy after the other.
 */
export function sumBlock(block: i32): void {
  const into = header.blockSums() + 8 * <usize>header.slots() * <usize>block
  for (let slot = header.firstSlot(); slot < header.endOfSlots(); slot++) {
    let sum = blockSum(block, slot * header.mostCopies())
    for (let copy = 1; copy < header.mostCopies(); copy++) sum += blockSum(block, slot * header.mostCopies() + copy)
    store<f64>(into + 8 * <usize>slot, sum)
  }
}

function blockSum(block: i32, number: i32): f64 {
  const first = 4 * block
  const end = min(first + 4, header.laneGroups())
  const stride: usize = 16 * numbers()
  let at: usize = header.eventSums() + stride * <usize>first + 16 * <usize>number
  let sum = f64x2.splat(0)
  for (let laneGroup = first; laneGroup < end; laneGroup++, at += stride) sum = f64x2.add(sum, v128.load(at))
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1)
}

/** Spikes of all batches, each at every copy of a row. */
function numbers(): usize {
  return <usize>header.slots() * <usize>header.mostCopies()
}

/** The two lane sums of a lane group's gradient events for a spike. */
export function sumOf(laneGroup: i32, number: u32): usize {
  return header.eventSums() + 16 * (numbers() * <usize>laneGroup + <usize>number)
}

/** The gradient events of a lane group's lanes for a spike, where windows add them one by one. */
function laneEventsOf(laneGroup: i32, number: u32): usize {
  return header.laneEvents() + 64 * (numbers() * <usize>laneGroup + <usize>number)
}

/** Sums the gradient events for a spike, which are in EVENTS. */
export function storeEvents(laneGroup: i32, number: u32): void {
  sumEvents(lanes + EVENTS, laneGroup, number)
}

/** The same where the window may have but some of them. */
export function takeEvents(laneGroup: i32, number: u32): void {
  if (header.laneEvents() == 0) {
    storeEvents(laneGroup, number)
    return
  }
  const into = laneEventsOf(laneGroup, number)
  for (let at: usize = 0; at < 64; at += 16)
    v128.store(into + at, f64x2.add(v128.load(into + at), v128.load(lanes + EVENTS + at)))
  sumEvents(into, laneGroup, number)
}

/** Adds the gradient event of one lane to those of the others. */
export function addEvent(laneGroup: i32, number: u32, n: i32, event: f64): void {
  if (event == 0) return
  const at = laneEventsOf(laneGroup, number)
  store<f64>(at + 8 * <usize>n, load<f64>(at + 8 * <usize>n) + event)
  sumEvents(at, laneGroup, number)
}

/** Sums gradient events for a spike over the lanes as in src/numerics/block-sum.ts. */
function sumEvents(at: usize, laneGroup: i32, number: u32): void {
  const sum = f64x2.add(f64x2.add(v128.load(at), v128.load(at, 16)), f64x2.add(v128.load(at, 32), v128.load(at, 48)))
  v128.store(sumOf(laneGroup, number), sum)
}

/** Forgets the gradient events that an earlier pass left for a lane group. */
export function clearEvents(laneGroup: i32): void {
  const length: usize = 16 * numbers()
  memory.fill(header.eventSums() + length * <usize>laneGroup, 0, length)
  if (header.laneEvents() != 0) memory.fill(laneEventsOf(laneGroup, 0), 0, 4 * length)
}
