import { ARRIVAL } from '../wasm/schema/window-records.js'
import type { ArrivalCell } from './arrival-cells.js'

/** What arrives in a cell of a trial: each spike with its number among those received, and the records that it comes to. */
export interface TapedArrivals extends ArrivalCell {
  readonly number: number
  /** Addresses of the records from … to. */
  readonly ends: Uint32Array
}

/** A spike or the end of a refractory period as it was emitted. */
export interface OwnEvent {
  readonly time: number
  readonly current: number
  readonly adaptation: number
  /** In the whole group. */
  readonly unit: number
  readonly isRelease: number
}

/** What a trial leaves for the way back. */
export interface TrialTape {
  /** Own events that are not undone: the first ones of the lists. */
  count: number
  /** Spikes and ends of refractory periods as they were emitted: cell by cell, and in each neuron by neuron. */
  readonly times: number[]
  /** Just before the jump. */
  readonly currents: number[]
  readonly adaptations: number[]
  /** Of the neurons held. */
  readonly neurons: number[]
  /** 1 for the end of a refractory period, 0 for a spike. */
  readonly releases: number[]
  /** In the order of cells. */
  readonly arrivals: TapedArrivals[]
}

/** One `advance`: when it started, in ms, the first cell it ran, what every trial had emitted before, and where its spikes went in the batch. */
export interface TapedStep {
  readonly start: number
  readonly firstCell: number
  readonly emitted: readonly number[]
  /** Per trial, in the order in which they were emitted. */
  places: readonly Uint32Array[]
}

/** What the way back has to know of a run: own events and arrivals. No voltage is kept. */
export class RunTape {
  readonly trials: readonly TrialTape[]
  /** Those that are not undone. */
  readonly steps: TapedStep[] = []
  private trial: TrialTape
  private readonly firstUnit: number

  /** @param firstUnit the first neuron held */
  constructor(trials: number, firstUnit: number) {
    this.trials = Array.from({ length: trials }, emptyTape)
    this.trial = this.trials[0] ?? emptyTape()
    this.firstUnit = firstUnit
  }

  beginStep(firstCell: number, start: number): void {
    this.steps.push({ start, firstCell, emitted: this.trials.map(({ count }) => count), places: [] })
  }

  /** @param places see `TapedStep` */
  endStep(places: readonly Uint32Array[]): void {
    const step = this.steps.at(-1)
    if (step !== undefined) step.places = places
  }

  enterTrial(number: number): void {
    this.trial = this.trials[number] as TrialTape
  }

  noteEvent({ time, current, adaptation, unit, isRelease }: OwnEvent): void {
    const { times, currents, adaptations, neurons, releases } = this.trial
    times.push(time)
    currents.push(current)
    adaptations.push(adaptation)
    neurons.push(unit - this.firstUnit)
    releases.push(isRelease)
    this.trial.count++
  }

  /** @param at where the arrivals of the cell lie, once the kernel has prepared them */
  noteArrivals({ u32 }: { readonly u32: Uint32Array }, at: number, number: number, cell: ArrivalCell): void {
    const { count, sent, times, projections, units, slots } = cell
    const [firsts, ends] = [new Uint32Array(count), new Uint32Array(count)]
    for (let k = 0; k < count; k++) {
      const arrival = at + ARRIVAL.size * k
      firsts[k] = u32[(arrival + ARRIVAL.at.first) / 4] as number
      ends[k] = u32[(arrival + ARRIVAL.at.end) / 4] as number
    }
    const [ownProjections, ownUnits, ownSlots] = [projections, units, slots].map((all) => all.slice(0, count)) as [
      Uint32Array,
      Uint32Array,
      Uint32Array,
    ]
    this.trial.arrivals.push({
      ...{ number, count, sent: sent.slice(0, count), times: times.slice(0, count), firsts, ends },
      ...{ projections: ownProjections, units: ownUnits, slots: ownSlots },
    })
  }
}

function emptyTape(): TrialTape {
  return { count: 0, times: [], currents: [], adaptations: [], neurons: [], releases: [], arrivals: [] }
}
