import type { SpikeTrains } from '../../../../events/spike-trains.js'
import type { NearMiss } from '../../../models/near-miss.js'
import { NearMissNotes } from '../../../models/near-miss-notes.js'
import { readField, writeFields } from '../../wasm/fields.js'
import { type HeaderFields, readHeader, writeHeader } from '../../wasm/header.js'
import { LANE_COUNT, MISS, MISS_WORK, RANGE, RECORD } from '../../wasm/schema/records.js'
import type { SimdEngine } from '../layout/simd-engine.js'

/** Of the word with lane and place: bits of the place; the place of near misses, see assembly/events/tape.ts. */
const PLACE_BITS = 29
const NO_PLACE = (1 << PLACE_BITS) - 1
const MISS_PLACE = NO_PLACE - 1

/** A near miss of a lane group, to be put among the records of its tape. */
interface FoundMiss {
  readonly note: number
  readonly lane: number
  readonly trial: number
  readonly interval: number
  readonly time: number
  readonly u: number
}

/** The near misses of a pass, and what they add on its way back. */
export class SimdNearMisses {
  private readonly engine: SimdEngine
  private readonly trials: number
  private readonly notes: NearMissNotes
  /** By lane group, in the order of trials. */
  private readonly found: readonly FoundMiss[][]

  /** Looks for them, once the spikes are known; the header is that of the pass. */
  constructor(engine: SimdEngine, nearMiss: NearMiss, trials: number) {
    const { memory, pool, places, group } = engine
    const { size } = group.values
    this.engine = engine
    this.trials = trials
    this.notes = new NearMissNotes(nearMiss, { trials, size })
    writeHeader(memory, {
      ...{ nearBelow: nearMiss.below, nearFall: nearMiss.fall, feelsDying: Number(nearMiss.dying === true) },
      ...{ missWork: memory.take(MISS_WORK.size * pool.size), misses: memory.take(RANGE.size * places.laneGroups) },
    })
    this.find()
    this.found = Array.from({ length: places.laneGroups }, (_, laneGroup) => this.read(laneGroup, size))
  }

  /** All lane groups; all once more where some have had no room. */
  private find(): void {
    const { engine } = this
    const { laneGroups } = engine.places
    for (;;) {
      const room = engine.missRoom
      this.layRooms(room)
      engine.work('miss', laneGroups)
      const most = this.counts().reduce((top, count) => Math.max(top, count), 0)
      if (most <= room) return
      engine.missRoom = most
    }
  }

  private layRooms(room: number): void {
    const { memory, places } = this.engine
    const first = memory.take(MISS.size * room * places.laneGroups)
    const misses = readHeader(memory, 'misses')
    for (let laneGroup = 0; laneGroup < places.laneGroups; laneGroup++) {
      const start = first + MISS.size * room * laneGroup
      writeFields(memory, RANGE, misses + RANGE.size * laneGroup, { start, end: start + MISS.size * room })
    }
  }

  private counts(): readonly number[] {
    const { outcomes, places } = this.engine
    return Array.from({ length: places.laneGroups }, (_, laneGroup) => outcomes.countIn(laneGroup))
  }

  private read(laneGroup: number, size: number): FoundMiss[] {
    const { memory, outcomes } = this.engine
    const { f64, i32 } = memory
    const first = readField(memory, RANGE, readHeader(memory, 'misses') + RANGE.size * laneGroup, 'start')
    const misses: FoundMiss[] = []
    for (let k = 0; k < outcomes.countIn(laneGroup); k++) {
      const at = first + MISS.size * k
      const double = (from: number) => f64[(at + from) / 8] as number
      const word = (from: number) => i32[(at + from) / 4] as number
      const [time, z, u] = [double(MISS.at.time), double(MISS.at.z), double(MISS.at.u)]
      const [lane, trial] = [word(MISS.at.lane), word(MISS.at.trial)]
      const [interval, spike] = [word(MISS.at.interval) >>> 0, word(MISS.at.spike) >>> 0]
      const record = trial * size + LANE_COUNT * laneGroup + lane
      if (spike === 0) misses.push({ note: this.notes.miss(record, time, z), lane, trial, interval, time, u })
      else this.notes.dying(record, readField(memory, RECORD, spike, 'laneAndPlace') & NO_PLACE, time, z)
    }
    return misses.sort((a, b) => a.trial - b.trial || a.interval - b.interval || a.lane - b.lane || a.time - b.time)
  }

  /** The pseudo-spikes of all trials of the pass. */
  pseudoSpikes(): SpikeTrains {
    return this.notes.pseudoSpikes(this.trials, this.engine.group.values.start)
  }

  /**
   * Fields of the header for the way back: tapes with the near misses among the spikes, and what spikes that might not have been
   * take from r.
   *
   * @param spikes of the pass
   * @param effects what returned for its pseudo-spikes
   */
  takeBackward(spikes: number, effects: Float64Array): HeaderFields {
    this.notes.returned(effects)
    const pushes = Float64Array.from({ length: spikes }, (_, place) => this.notes.pushOfSpike(place))
    return { tapeStarts: this.mergeTapes(), spikePushes: this.engine.memory.copy(pushes) }
  }

  private mergeTapes(): number {
    const { memory, places } = this.engine
    const { trials } = this
    const old = readHeader(memory, 'tapeStarts') / 4
    const starts = new Uint32Array(places.laneGroups * (trials + 1))
    const felt = this.found.map((misses) => misses.filter(({ note }) => this.notes.pushOf(note) !== 0))
    const startOf = (laneGroup: number, trial: number) => memory.u32[old + laneGroup * (trials + 1) + trial] as number
    const records = felt.reduce((sum, misses, laneGroup) => {
      return sum + misses.length + (startOf(laneGroup, trials) - startOf(laneGroup, 0)) / RECORD.size
    }, 0)
    let to = memory.take(RECORD.size * records)
    felt.forEach((misses, laneGroup) => {
      let next = 0
      for (let trial = 0; trial < trials; trial++) {
        let end = next
        while (misses[end]?.trial === trial) end++
        starts[laneGroup * (trials + 1) + trial] = to
        to = this.mergeTape(startOf(laneGroup, trial), startOf(laneGroup, trial + 1), misses.slice(next, end), to)
        next = end
      }
      starts[laneGroup * (trials + 1) + trials] = to
    })
    return memory.copy(starts)
  }

  /** The records of a lane group in a trial, with its near misses; returns where they end. */
  private mergeTape(first: number, stop: number, misses: readonly FoundMiss[], into: number): number {
    const { f64 } = this.engine.memory
    let record = first
    let to = into
    const copyUntil = (miss: FoundMiss | null) => {
      for (; record < stop && (miss === null || !this.isBefore(miss, record)); record += RECORD.size) {
        f64.copyWithin(to / 8, record / 8, (record + RECORD.size) / 8)
        to += RECORD.size
      }
    }
    for (const miss of misses) {
      copyUntil(miss)
      this.writeMiss(to, miss)
      to += RECORD.size
    }
    copyUntil(null)
    return to
  }

  /** Tapes are in the order of intervals, then lanes, then times. */
  private isBefore({ interval, lane, time }: FoundMiss, record: number): boolean {
    const { memory } = this.engine
    const ofRecord = (name: 'interval' | 'laneAndPlace' | 'spikeTime') => readField(memory, RECORD, record, name)
    if (interval !== ofRecord('interval')) return interval < ofRecord('interval')
    const other = ofRecord('laneAndPlace') >>> PLACE_BITS
    return lane === other ? time < ofRecord('spikeTime') : lane < other
  }

  private writeMiss(to: number, { note, lane, interval, time, u }: FoundMiss): void {
    writeFields(this.engine.memory, RECORD, to, {
      ...{ spikeTime: time, current: this.notes.pushOf(note), spikeAdaptation: u, interval },
      laneAndPlace: (lane << PLACE_BITS) | MISS_PLACE,
    })
  }
}
