import type { SpikeTrains } from '../../events/spike-trains.js'
import type { Slice } from '../../network/slices/blocks.js'
import { mostInTrial } from './most-in-trial.js'
import type { OctetEngine } from './octet-engine.js'
import { writePlan } from './plan.js'
import { JOBS } from './schema/jobs.js'
import { RANGE, RECORD } from './schema/records.js'

/** Where the tape of each octet begins and ends: an address. */
export function takeTapes({ memory, places }: OctetEngine): number {
  return memory.take(RANGE.size * places.octets)
}

/** Where the records of each trial begin. */
export function takeTapeStarts({ memory, places }: OctetEngine, trials: number): number {
  return memory.take(4 * places.octets * (trials + 1))
}

/**
 * Runs all octets; those whose tape gets full once more, with more room.
 *
 * @param room records that each octet is given room for
 * @returns the room that was enough for all
 */
export function runForward(engine: OctetEngine, tapes: number, room: number): number {
  const { octets } = engine.places
  let most = room
  layTapes(engine, tapes, { start: 0, end: octets }, room)
  engine.work('forward', octets)
  for (let octet = 0; octet < octets; octet++) {
    for (let given = room; engine.outcomes.endOf(octet) === 'tape is full'; ) {
      given = Math.max(most, 2 * given)
      most = given
      layTapes(engine, tapes, { start: octet, end: octet + 1 }, given)
      engine.code.run(JOBS.indexOf('forward'), octet)
      engine.beat()
    }
    engine.requireDone(octet)
  }
  return most
}

/** Room for the records of some octets, one behind the other. */
function layTapes({ memory }: OctetEngine, tapes: number, { start, end }: Slice, room: number): void {
  const bytes = RECORD.size * room
  let from = memory.take(bytes * (end - start))
  const { u32 } = memory
  for (let octet = start; octet < end; octet++, from += bytes) {
    const range = (tapes + RANGE.size * octet) / 4
    u32[range + RANGE.at.start / 4] = from
    u32[range + RANGE.at.end / 4] = from + bytes
  }
}

/** The spikes on the tapes in event order. */
export function emitSpikes(engine: OctetEngine, trials: number): SpikeTrains {
  const { memory, code, places } = engine
  const records = engine.outcomes.countOf(places.octets)
  const spikeTimes = memory.take(8 * records)
  const spikeUnits = memory.take(4 * records)
  const spikeOffsets = memory.take(4 * (trials + 1))
  writePlan(memory, { spikeTimes, spikeUnits, spikeOffsets })
  code.countSpikes()
  const offsets = memory.u32.slice(spikeOffsets / 4, spikeOffsets / 4 + trials + 1)
  writePlan(memory, engine.takeEventRoom(mostInTrial([{ offsets }], trials)))
  engine.work('emit', trials)
  engine.traffic.emitted(records)
  return {
    offsets,
    times: memory.f64.slice(spikeTimes / 8, spikeTimes / 8 + records),
    units: memory.u32.slice(spikeUnits / 4, spikeUnits / 4 + records),
  }
}
