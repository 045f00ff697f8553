import type { KernelMemory } from '../../wasm/kernel-memory.js'
import { OWN_PEAK } from '../../wasm/schema/adjoint-records.js'
import { ARRIVAL } from '../../wasm/schema/window-records.js'
import type { ArrivalBin } from '../arrivals/arrival-bins.js'
import { recordFrom, type SourceRows } from '../rows/source-rows.js'
import type { Top } from './running-maxima.js'

/** What arrives in a bin of a trial: each spike with its number among those received, and the records that it comes to. */
export interface TapedArrivals extends ArrivalBin {
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
  /** Own events as they were emitted: bin by bin, and in each neuron by neuron. */
  readonly times: number[]
  /** Just before the jump; of a maximum of the voltage dL/dV there. */
  readonly currents: number[]
  readonly adaptations: number[]
  /** Of the neurons held. */
  readonly neurons: number[]
  /** `OWN_SPIKE`, `OWN_RELEASE` or `OWN_PEAK`. */
  readonly kinds: number[]
  /** In the order of bins. */
  readonly arrivals: TapedArrivals[]
}

/**
 * One `advance`: when it started, in ms, the first bin it ran, what every trial had emitted before, and where its spikes
 * went in the batch.
 */
export interface TapedStep {
  readonly start: number
  readonly firstBin: number
  readonly emitted: number[]
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

  beginStep(firstBin: number, start: number): void {
    this.steps.push({ start, firstBin, emitted: this.trials.map(({ count }) => count), places: [] })
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
    const { times, currents, adaptations, neurons, kinds } = this.trial
    times.push(time)
    currents.push(current)
    adaptations.push(adaptation)
    neurons.push(unit - this.firstUnit)
    kinds.push(isRelease)
    this.trial.count++
  }

  /**
   * Puts the maxima of voltages that a loss depends on among the own events of a trial, behind those of their bins. A
   * neuron with such a maximum does not fire.
   *
   * @param bin its length in ms
   */
  insertMaxima(number: number, runningMaxima: readonly Top[], bin: number): void {
    if (runningMaxima.length === 0) return
    const tape = this.trials[number] as TrialTape
    const { steps } = this
    const firsts = steps.map(({ emitted }) => emitted[number] as number)
    const binOf = (time: number) => Math.floor(time / bin)
    const own = tape.times.map((time, k) => {
      const event = [time, tape.currents[k], tape.adaptations[k], tape.neurons[k], tape.kinds[k]] as OwnNumbers
      return { event, step: firsts.findLastIndex((first) => first <= k), bin: binOf(time) }
    })
    const more = runningMaxima.map(({ time, neuron, gradient }) => {
      const event: OwnNumbers = [time, gradient, 0, neuron, OWN_PEAK]
      return { event, step: steps.findLastIndex(({ start }) => start <= time), bin: binOf(time) }
    })
    const inOrder = [...own, ...more].sort((a, b) => a.step - b.step || a.bin - b.bin)
    steps.forEach(({ emitted }, step) => {
      const next = inOrder.findIndex((entry) => entry.step >= step)
      emitted[number] = next < 0 ? inOrder.length : next
    })
    tape.count = inOrder.length
    inOrder.forEach(({ event }, k) => {
      ;[tape.times[k], tape.currents[k], tape.adaptations[k], tape.neurons[k], tape.kinds[k]] = event
    })
  }

  /** @param at where the arrivals of the bin lie, once the kernel has prepared them */
  noteArrivals({ u32 }: { readonly u32: Uint32Array }, at: number, number: number, bin: ArrivalBin): void {
    const { count, sent, times, projections, units, slots } = bin
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

/** Time, current, adaptation, neuron and kind of an own event. */
type OwnNumbers = [number, number, number, number, number]

function emptyTape(): TrialTape {
  return { count: 0, times: [], currents: [], adaptations: [], neurons: [], kinds: [], arrivals: [] }
}

/** Parts of the arrivals of a bin, before an instant in it and from there on. */
interface SplitArrivals {
  readonly before: TapedArrivals
  readonly after: TapedArrivals
}

/** @param rowsOf the rows of a projection */
export function splitArrivals(
  memory: KernelMemory,
  arriving: TapedArrivals,
  instant: number,
  rowsOf: (projection: number) => SourceRows,
): SplitArrivals {
  const { count, times, projections, units, firsts, ends } = arriving
  const middles = Uint32Array.from({ length: count }, (_, k) => {
    const rows = rowsOf(projections[k] as number)
    const [first, end, time] = [firsts[k] as number, ends[k] as number, times[k] as number]
    if (rows.delayAt === 0) return time >= instant ? first : end
    return Math.min(Math.max(recordFrom(memory, rows, units[k] as number, { time, start: instant }), first), end)
  })
  return {
    before: partOf(arriving, (k) => [firsts[k] as number, middles[k] as number]),
    after: partOf(arriving, (k) => [middles[k] as number, ends[k] as number]),
  }
}

/** What is left where every arrival comes to the records from … to. */
function partOf(whole: TapedArrivals, rangeOf: (k: number) => readonly [from: number, to: number]): TapedArrivals {
  const kept = Uint32Array.from({ length: whole.count }, (_, k) => k).filter((k) => rangeOf(k)[0] < rangeOf(k)[1])
  const pick = (numbers: Uint32Array) => kept.map((k) => numbers[k] as number)
  return {
    ...{ number: whole.number, count: kept.length, projections: pick(whole.projections), units: pick(whole.units) },
    sent: Float64Array.from(kept, (k) => whole.sent[k] as number),
    times: Float64Array.from(kept, (k) => whole.times[k] as number),
    firsts: kept.map((k) => rangeOf(k)[0]),
    ends: kept.map((k) => rangeOf(k)[1]),
    slots: pick(whole.slots),
  }
}
