import { noSpikes } from '../../../../events/no-spikes.js'
import type { SpikeTrains } from '../../../../events/spike-trains.js'
import type { Slice } from '../../../../network/slices/blocks.js'
import { hasTwoCurrents } from '../../../parameters/group-traits.js'
import { type HeaderField, writeHeader } from '../../wasm/header.js'
import { JOBS } from '../../wasm/schema/jobs.js'
import { INHIBITION, INSTANT, RANGE, RECORD, TAU_FACTORS } from '../../wasm/schema/records.js'
import type { SimdEngine } from '../layout/simd-engine.js'

/** Where the tape of each lane group begins and ends: an address. */
export function takeTapes({ memory, places }: SimdEngine): number {
  return memory.take(RANGE.size * places.laneGroups)
}

/** Where the records of each trial begin. */
export function takeTapeStarts({ memory, places }: SimdEngine, trials: number): number {
  return memory.take(4 * places.laneGroups * (trials + 1))
}

/**
 * Runs all lane groups; those whose tape gets full once more, with more room.
 *
 * @param room records that each lane group is given room for
 * @returns the room that was enough for all
 */
export function runForward(engine: SimdEngine, tapes: number, room: number): number {
  const { laneGroups } = engine.places
  let most = room
  layTapes(engine, tapes, { start: 0, end: laneGroups }, room)
  engine.work('forward', laneGroups)
  for (let laneGroup = 0; laneGroup < laneGroups; laneGroup++) {
    for (let given = room; engine.outcomes.endOf(laneGroup) === 'tape is full'; ) {
      given = Math.max(most, 2 * given)
      most = given
      layTapes(engine, tapes, { start: laneGroup, end: laneGroup + 1 }, given)
      engine.code.run(JOBS.indexOf('forward'), laneGroup)
      engine.beat()
    }
    engine.requireDone(laneGroup)
  }
  return most
}

/** Room for the records of some lane groups, one behind the other. */
function layTapes({ memory }: SimdEngine, tapes: number, { start, end }: Slice, room: number): void {
  const bytes = RECORD.size * room
  let from = memory.take(bytes * (end - start))
  const { u32 } = memory
  for (let laneGroup = start; laneGroup < end; laneGroup++, from += bytes) {
    const range = (tapes + RANGE.size * laneGroup) / 4
    u32[range + RANGE.at.start / 4] = from
    u32[range + RANGE.at.end / 4] = from + bytes
  }
}

/** The spikes on the tapes in event order. */
export function emitSpikes(engine: SimdEngine, trials: number): SpikeTrains {
  const { memory, code, places } = engine
  const records = engine.outcomes.countOf(places.laneGroups)
  if (records === 0) return noSpikes(trials)
  const spikeTimes = memory.take(8 * records)
  const spikeUnits = memory.take(4 * records)
  const spikeOffsets = memory.take(4 * (trials + 1))
  writeHeader(memory, { spikeTimes, spikeUnits, spikeOffsets })
  code.countSpikes()
  const offsets = memory.u32.slice(spikeOffsets / 4, spikeOffsets / 4 + trials + 1)
  writeHeader(memory, engine.takeEventRoom(mostInTrial([{ offsets }], trials)))
  engine.work('emit', trials)
  engine.traffic.emitted(records)
  return {
    offsets,
    times: memory.f64.slice(spikeTimes / 8, spikeTimes / 8 + records),
    units: memory.u32.slice(spikeUnits / 4, spikeUnits / 4 + records),
  }
}

/** The most events of one trial, those of all batches together. */
export function mostInTrial(batches: readonly { readonly offsets: Uint32Array }[], trials: number): number {
  let most = 0
  for (let trial = 0; trial < trials; trial++) {
    let count = 0
    for (const { offsets } of batches) count += (offsets[trial + 1] as number) - (offsets[trial] as number)
    most = Math.max(most, count)
  }
  return most
}

/** Fields of the header: room for `count` instants, and for what belongs to each; 0 where nothing does. */
export function takeInstants(
  { memory, group }: SimdEngine,
  count: number,
  hasTaus: boolean,
): Readonly<Record<HeaderField & ('instants' | 'tauFactors' | 'inhibitions' | 'inhibitoryTauFactors'), number>> {
  const isSplit = hasTwoCurrents(group.values)
  return {
    instants: memory.take(INSTANT.size * count),
    tauFactors: hasTaus ? memory.take(TAU_FACTORS.size * count) : 0,
    inhibitions: isSplit ? memory.take(INHIBITION.size * count) : 0,
    inhibitoryTauFactors: isSplit && hasTaus ? memory.take(TAU_FACTORS.size * count) : 0,
  }
}
