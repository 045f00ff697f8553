import type { SpikeTrains } from '../../events/spike-trains.js'
import { writeFields } from './fields.js'
import { mostInTrial } from './most-in-trial.js'
import type { OctetEngine } from './octet-engine.js'
import type { PlanFields } from './plan.js'
import { JOBS } from './schema/jobs.js'
import { RANGE, RECORD } from './schema/records.js'

/** Fields of the plan: where octets note what they fire in so many trials. */
export function takeTapes({ memory, places }: OctetEngine, trials: number) {
  return {
    tapeStarts: memory.take(4 * places.octets * (trials + 1)),
    /** Where the tape of each octet begins and ends. */
    tapes: memory.take(RANGE.size * places.octets),
  }
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
  for (let octet = 0; octet < octets; octet++) takeTape(engine, tapes, octet, room)
  engine.work('forward', octets)
  for (let octet = 0; octet < octets; octet++) {
    for (let given = room; engine.outcomes.endOf(octet) === 'tape is full'; ) {
      given = Math.max(most, 2 * given)
      most = given
      takeTape(engine, tapes, octet, given)
      engine.code.run(JOBS.indexOf('forward'), octet)
      engine.beat()
    }
    engine.requireDone(octet)
  }
  return most
}

function takeTape({ memory }: OctetEngine, tapes: number, octet: number, room: number): void {
  const from = memory.take(RECORD.size * room)
  writeFields(memory, RANGE, tapes + RANGE.size * octet, { start: from, end: from + RECORD.size * room })
}

/**
 * The spikes on the tapes in event order.
 *
 * @param write writes fields of the plan
 */
export function emitSpikes(engine: OctetEngine, trials: number, write: (fields: PlanFields) => void): SpikeTrains {
  const { memory, code, places } = engine
  const records = engine.outcomes.countOf(places.octets)
  const spikeTimes = memory.take(8 * records)
  const spikeUnits = memory.take(4 * records)
  const spikeOffsets = memory.take(4 * (trials + 1))
  write({ spikeTimes, spikeUnits, spikeOffsets })
  code.countSpikes()
  const offsets = memory.u32.slice(spikeOffsets / 4, spikeOffsets / 4 + trials + 1)
  write(engine.takeEventRoom(mostInTrial([{ offsets }], trials)))
  engine.work('emit', trials)
  engine.traffic.emitted(records)
  return {
    offsets,
    times: memory.f64.slice(spikeTimes / 8, spikeTimes / 8 + records),
    units: memory.u32.slice(spikeUnits / 4, spikeUnits / 4 + records),
  }
}
