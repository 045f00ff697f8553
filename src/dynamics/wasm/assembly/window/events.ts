import {
  cell,
  cellEnd,
  cellStart,
  driveCount,
  drivesAt,
  eventsAt,
  logAt,
  logHeads,
  walkStart,
} from '../schema/window-plan'
import { DRIVE, ENTRY, ENTRY_NEXT, ENTRY_X, EVENT, EVENT_X } from '../schema/window-records'
import { cellOfFrame, cellOfWord, driven, timeInCell, wordCountOf, wordsOf } from './drive'
import { NO_ENTRY } from './walkers'

/** Lists what arrives at a neuron in the cell, in the order of time; returns where the list ends. */
export function listEvents(n: i32): usize {
  let end = eventsAt()
  let entry = load<u32>(logHeads() + 4 * <usize>n)
  while (entry != NO_ENTRY) {
    const from = logAt() + ENTRY * <usize>entry
    v128.store(end, v128.load(from))
    store<f64>(end, load<f64>(from, ENTRY_X), EVENT_X)
    entry = load<u32>(from, ENTRY_NEXT)
    end += EVENT
  }
  for (let number = 0; number < driveCount(); number++) end = listDriven(drivesAt() + DRIVE * <usize>number, n, end)
  sortEvents(eventsAt(), end)
  return end
}

function listDriven(drive: usize, n: i32, end: usize): usize {
  const from = walkStart()
  const before = cellEnd() - cellStart()
  const inFrame = cellOfFrame(drive)
  const words = wordsOf(drive, n)
  const stop = words + 4 * <usize>wordCountOf(drive, n)
  for (let at = words; at < stop; at += 4) {
    const word = load<u32>(at)
    if (cellOfWord(drive, word) != inFrame) continue
    const x = timeInCell(drive, word, cell())
    if (x < from || x >= before) continue
    v128.store(end, driven(drive, word))
    store<f64>(end, x, EVENT_X)
    end += EVENT
  }
  return end
}

/** By Shell's method: a few events are the rule, and mostly in order. Equal times may change places, which nothing shows. */
function sortEvents(from: usize, to: usize): void {
  const count = <i32>((to - from) / EVENT)
  let gap: i32 = 1
  while (3 * gap + 1 < count / 8) gap = 3 * gap + 1
  for (; gap > 0; gap /= 3) {
    const step = <usize>gap * EVENT
    for (let event = from + step; event < to; event += EVENT) {
      const x = load<f64>(event, EVENT_X)
      if (!(x < load<f64>(event - step, EVENT_X))) continue
      const added = v128.load(event)
      let place = event
      while (place >= from + step && x < load<f64>(place - step, EVENT_X)) {
        v128.store(place, v128.load(place - step))
        store<f64>(place, load<f64>(place - step, EVENT_X), EVENT_X)
        place -= step
      }
      v128.store(place, added)
      store<f64>(place, x, EVENT_X)
    }
  }
}
