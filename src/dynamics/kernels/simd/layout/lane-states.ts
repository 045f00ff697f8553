import { entryOf } from '../../../../events/by-name.js'
import { isSpiking } from '../../../../network/models/models.js'
import type { StateColumns } from '../../../models/neurons.js'
import { hasTwoCurrents } from '../../../parameters/group-traits.js'
import { foreignState } from '../../kernel-state.js'
import { type HeaderFields, readHeader, writeHeader } from '../../wasm/header.js'
import { LANE_COUNT, LANE_STATE, LAST_ARRIVAL } from '../../wasm/schema/records.js'
import type { SimdEngine } from './simd-engine.js'

const COURSE = {
  aboveBias: 'u',
  current: 'i',
  since: 'since',
  adaptation: 'adaptation',
  adapted: 'adapted',
  heldUntil: 'heldUntil',
} as const

/** Of neurons that may be polynomial lanes. */
const FALLING = { ...COURSE, fall: 'fall' } as const

/** Of neurons with two synaptic currents; see `LaneStates`. */
const INHIBITED = { ...COURSE, inhibitoryCurrent: 'j' } as const

type StateRow = keyof typeof LANE_STATE.at

const CLIMB = { aboveBias: 'climbU', current: 'climbI', since: 'since' } as const
const OWN_CLIMB = { ...CLIMB, since: 'climbSince' } as const

/** The rows of doubles of neurons that fire, and of readouts: the latter stand where they climb to their maximum from. */
const ROWS = {
  shared: { lif: FALLING, li: CLIMB },
  inhibited: { lif: INHIBITED, li: { ...CLIMB, inhibitoryCurrent: 'climbJ' } },
  own: { lif: COURSE, li: OWN_CLIMB },
  'own inhibited': { lif: INHIBITED, li: { ...OWN_CLIMB, inhibitoryCurrent: 'climbJ' } },
} as const satisfies Record<string, Record<string, Readonly<Record<string, StateRow>>>>

/** The columns of neurons that fire: how often they have, and where each has arrivals of its own, two times. */
const FIRED = 'fired'
const COMPLETE = 'complete'
const SHOWN = 'shown'

/**
 * Where the neurons of a SIMD kernel stand between two windows, in its memory: before a window and after it, so that a
 * window can be run once more with more room. By name, of every neuron
 *
 *     aboveBias, current, since   V - bias and I right after the last arrival, or its own last event if later, and when
 *     inhibitoryCurrent           where there are two: J; `current` is the excitatory one
 *     fall                        since then, 1 - e^{-(t - since)/tauMem} of its last own event at t where that is not in the
 *                                 state, as assembly/shared/own-crossings.ts continues from there; -1: it is
 *     adaptation, adapted, fired  A right after its last spike, and when; spikes so far
 *     heldUntil                   end of its refractory period; 0: it is in none
 *
 * Where neurons have arrivals of their own, and are run bin by bin, that is so after what comes before `complete`, in ms;
 * own events up to `shown` are known.
 */
export class LaneStates {
  private readonly engine: SimdEngine
  private readonly trials: number
  private readonly buffers: readonly [number, number]
  private readonly lastArrivals: number
  /** Windows that are through, modulo 2. */
  private turns = 0
  private isAtRest = true
  private complete = 0
  private shown = -1

  constructor(engine: SimdEngine, trials: number) {
    const { memory, places } = engine
    const bytes = LANE_STATE.size * places.laneGroups * trials
    this.engine = engine
    this.trials = trials
    this.buffers = [memory.takeZeros(bytes), memory.takeZeros(bytes)]
    this.lastArrivals = memory.takeZeros(LAST_ARRIVAL.size * trials)
  }

  /** Of the header, for the window that follows. */
  fields(): HeaderFields {
    const [before, after] = this.turns === 0 ? this.buffers : this.buffers.toReversed()
    return {
      statesBefore: this.isAtRest ? 0 : (before as number),
      statesAfter: after as number,
      lastArrivals: this.lastArrivals,
      isFirstWindow: Number(this.isAtRest),
      ...{ complete: this.complete, shown: this.shown },
    }
  }

  /** The time from which on arrivals are not in the state yet, ms, where neurons have arrivals of their own. */
  get from(): number {
    return this.complete
  }

  /**
   * The window is through.
   *
   * @param lastSpike the latest time that a spike of it may have
   */
  turn(lastSpike: number): void {
    this.isAtRest = false
    this.turns = 1 - this.turns
    this.shown = lastSpike
    if (this.isOwn) this.complete = this.engine.code.completeBy(lastSpike)
  }

  save(): StateColumns {
    const columns = Object.entries(this.rows).map(([name, row]): [string, Float64Array] => [name, this.column(row)])
    if (this.fires) columns.push([FIRED, this.read((state, lane) => this.firedAt(state, lane))])
    if (this.hasBins) columns.push([COMPLETE, this.read(() => this.complete)], [SHOWN, this.read(() => this.shown)])
    return Object.fromEntries(columns)
  }

  private column(row: StateRow): Float64Array {
    const { memory } = this.engine
    return this.read((state, lane, trial) => {
      // Before its first spike a neuron has no adaptation, whatever stands there.
      if (row.startsWith('adapt') && this.firedAt(state, lane) === 0) return 0
      if (row === 'fall' && !this.isOpen(state, lane)) return -1
      const isTrials = row === 'since' && !this.fires
      return memory.f64[isTrials ? this.lastArrivalOf(trial) : (state + LANE_STATE.at[row]) / 8 + lane] as number
    })
  }

  /** Raises `InputError` STATE_FOREIGN if another kernel has saved the state. */
  restore(columns: StateColumns): void {
    const { memory, group } = this.engine
    const names = [
      ...Object.keys(this.rows),
      ...(this.fires ? [FIRED] : []),
      ...(this.hasBins ? [COMPLETE, SHOWN] : []),
    ]
    const columnOf = (name: string): Float64Array => {
      const column = entryOf(columns, name)
      if (column?.length === this.trials * this.size) return column
      throw foreignState(group.values.name, Object.keys(columns), names)
    }
    this.isAtRest = false
    this.rest()
    for (const [name, row] of Object.entries(this.rows)) {
      const column = columnOf(name)
      this.eachNeuron((state, lane, place) => {
        memory.f64[(state + LANE_STATE.at[row]) / 8 + lane] = column[place] as number
      })
    }
    if (this.fires) {
      const fired = columnOf(FIRED)
      this.eachNeuron((state, lane, place) => {
        memory.i32[(state + LANE_STATE.at.fired) / 4 + lane] = fired[place] as number
      })
    }
    if (this.hasBins) {
      this.complete = columnOf(COMPLETE)[0] as number
      this.shown = columnOf(SHOWN)[0] as number
    }
    if (!this.isOwn) this.open(columnOf('since'), entryOf(columns, 'fall'))
  }

  /** Opens the lanes that have fired since the last arrival of their trial. */
  private open(since: Float64Array, fall: Float64Array | undefined): void {
    const { memory } = this.engine
    for (let trial = 0; trial < this.trials; trial++)
      memory.f64[this.lastArrivalOf(trial)] = since
        .subarray(trial * this.size, (trial + 1) * this.size)
        .reduce((least, time) => Math.min(least, time))
    if (!this.fires) return
    this.eachNeuron((state, lane, place, trial) => {
      const hasFallen = fall !== undefined && (fall[place] as number) >= 0
      if (since[place] === memory.f64[this.lastArrivalOf(trial)] && !hasFallen) return
      const open = (state + LANE_STATE.at.open) / 4
      memory.i32[open] = (memory.i32[open] as number) | (1 << lane)
    })
  }

  /** All lanes at rest, also those that no neuron has. */
  private rest(): void {
    const { memory, places } = this.engine
    const starts = readHeader(memory, 'starts')
    for (let trial = 0; trial < this.trials; trial++)
      for (let laneGroup = 0; laneGroup < places.laneGroups; laneGroup++) {
        const state = this.stateOf(laneGroup, trial)
        memory.f64.fill(0, state / 8, (state + LANE_STATE.size) / 8)
        const from = (starts + 8 * LANE_COUNT * laneGroup) / 8
        for (const row of ['u', 'climbU', 'best'] as const)
          memory.f64.copyWithin((state + LANE_STATE.at[row]) / 8, from, from + LANE_COUNT)
      }
  }

  /** When a neuron fires next, or is let go, if nothing arrives. */
  nextCrossing(): number {
    // The first window is yet to come, and has to know it.
    if (this.isAtRest) this.rest()
    writeHeader(this.engine.memory, { ...this.fields(), statesBefore: this.buffers[this.turns] as number })
    return this.engine.code.nextCrossing()
  }

  /** [trial][neuron held]. */
  private read(numberOf: (state: number, lane: number, trial: number) => number): Float64Array {
    const column = new Float64Array(this.trials * this.size)
    this.eachNeuron((state, lane, place, trial) => {
      column[place] = numberOf(state, lane, trial)
    })
    return column
  }

  private eachNeuron(visit: (state: number, lane: number, place: number, trial: number) => void): void {
    for (let trial = 0; trial < this.trials; trial++)
      for (let n = 0; n < this.size; n++)
        visit(this.stateOf(Math.floor(n / LANE_COUNT), trial), n % LANE_COUNT, trial * this.size + n, trial)
  }

  /** Address of the state that the next window begins with. */
  private stateOf(laneGroup: number, trial: number): number {
    return (this.buffers[this.turns] as number) + LANE_STATE.size * (trial * this.engine.places.laneGroups + laneGroup)
  }

  /** Place among doubles. */
  private lastArrivalOf(trial: number): number {
    return (this.lastArrivals + LAST_ARRIVAL.size * trial) / 8
  }

  private firedAt(state: number, lane: number): number {
    return this.engine.memory.i32[(state + LANE_STATE.at.fired) / 4 + lane] as number
  }

  private isOpen(state: number, lane: number): boolean {
    return ((this.engine.memory.i32[(state + LANE_STATE.at.open) / 4] as number) & (1 << lane)) !== 0
  }

  private get size(): number {
    return this.engine.group.values.size
  }

  private get fires(): boolean {
    return isSpiking(this.engine.group.values)
  }

  private get isOwn(): boolean {
    return this.engine.places.hasPerNeuronArrivals
  }

  /** Neurons may be run bin by bin. */
  private get hasBins(): boolean {
    return this.isOwn && this.fires
  }

  private get rows(): Readonly<Record<string, StateRow>> {
    const { values } = this.engine.group
    const [one, two] = this.isOwn ? (['own', 'own inhibited'] as const) : (['shared', 'inhibited'] as const)
    return ROWS[hasTwoCurrents(values) ? two : one][values.kind]
  }
}
