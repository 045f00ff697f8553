import {
  bin,
  binEnd,
  binStart,
  eventsAt,
  isSheared,
  isUnscaled,
  logAt,
  logHeads,
  poissonInputCount,
  poissonInputsAt,
} from '../schema/window-header'
import { ENTRY, ENTRY_BEFORE, ENTRY_X, EVENT, EVENT_PLACE, EVENT_X, POISSON_INPUT } from '../schema/window-records'
import { NO_ENTRY } from './candidates'
import { binOfInterval, binOfWord, poissonArrival, timeInBin, weightOf, wordCountOf, wordsOf } from './poisson-input'

/** Places of arrivals from Poisson inputs begin here: behind those of the log, whose last entry comes first. */
export const POISSON_PLACE: u32 = 0x80000000

let poissonInputEvents: u32 = 0

/**
 * Lists what arrives at a neuron in the bin, in the order of time; returns where the list ends.
 *
 * Arrivals at one instant come in the order of those of the bin, then those from Poisson inputs.
 */
export function listEvents(n: i32): usize {
  let end = eventsAt()
  let entry = load<u32>(logHeads() + 4 * <usize>n)
  while (entry != NO_ENTRY) {
    const from = logAt() + ENTRY * <usize>entry
    note(end, v128.load(from), load<f64>(from, ENTRY_X), POISSON_PLACE - 1 - entry)
    entry = load<u32>(from, ENTRY_BEFORE)
    end += EVENT
  }
  poissonInputEvents = POISSON_PLACE
  for (let number = 0; number < poissonInputCount(); number++)
    end = listPoissonArrivals(poissonInputsAt() + POISSON_INPUT * <usize>number, n, end)
  sortEvents(eventsAt(), end)
  return end
}

function listPoissonArrivals(poissonInput: usize, n: i32, end: usize): usize {
  const before = binEnd() - binStart()
  const inInterval = binOfInterval(poissonInput)
  const words = wordsOf(poissonInput, n)
  const stop = words + 4 * <usize>wordCountOf(poissonInput, n)
  const weight = weightOf(poissonInput, n)
  const signed = bySign(weight)
  for (let at = words; at < stop; at += 4) {
    const word = load<u32>(at)
    if (binOfWord(poissonInput, word) != inInterval) continue
    const x = timeInBin(poissonInput, word, bin())
    if (x >= before) continue
    note(end, isUnscaled() ? signed : poissonArrival(poissonInput, word, weight, isSheared()), x, poissonInputEvents++)
    end += EVENT
  }
  return end
}

/** A weight twice as what states that are not scaled are told: the excitatory part, and the inhibitory one. */
function bySign(weight: v128): v128 {
  const zero = f64x2.splat(0)
  return v128.shuffle<i64>(f64x2.max(weight, zero), f64x2.min(weight, zero), 0, 3)
}

function note(event: usize, added: v128, x: f64, place: u32): void {
  v128.store(event, added)
  store<f64>(event, x, EVENT_X)
  store<u32>(event, place, EVENT_PLACE)
}

/** By Shell's method: a few events are the rule, and mostly in order. No two of them are equal. */
function sortEvents(from: usize, to: usize): void {
  const count = <i32>((to - from) / EVENT)
  let gap: i32 = 1
  while (3 * gap + 1 < count / 8) gap = 3 * gap + 1
  for (; gap > 0; gap /= 3) {
    const step = <usize>gap * EVENT
    for (let event = from + step; event < to; event += EVENT) {
      const x = load<f64>(event, EVENT_X)
      const place = load<u32>(event, EVENT_PLACE)
      if (!precedes(x, place, event - step)) continue
      const added = v128.load(event)
      let at = event
      while (at >= from + step && precedes(x, place, at - step)) {
        note(at, v128.load(at - step), load<f64>(at - step, EVENT_X), load<u32>(at - step, EVENT_PLACE))
        at -= step
      }
      note(at, added, x, place)
    }
  }
}

function precedes(x: f64, place: u32, event: usize): bool {
  const other = load<f64>(event, EVENT_X)
  return x < other || (x == other && place < load<u32>(event, EVENT_PLACE))
}
