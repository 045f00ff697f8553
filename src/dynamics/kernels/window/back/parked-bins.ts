import { align, type KernelMemory } from '../../wasm/kernel-memory.js'
import { OWN_EVENT } from '../../wasm/schema/adjoint-records.js'
import type { WindowEngine } from '../neurons/window-engine.js'
import type { AdjointHeaderFields, AdjointSizes } from '../window-header.js'
import type { GradientVector } from './gradient-vector.js'
import type { TapedArrivals, TrialTape } from './run-tape.js'
import type { UndoneWorkspace } from './undone-workspace.js'

/** A trial on its way back. */
export interface TrialBack {
  readonly regions: AdjointHeaderFields
  readonly tape: TrialTape
  /** The adjoints are those of the start of this bin; nothing is known of later ones. */
  bin: number
  isBegun: boolean
  /** Per Poisson input, the first bin of the counting interval that was drawn again last. */
  readonly intervals: number[]
  /** Some own event is undone: arrivals count from then on. */
  isTouched: boolean
  /** No adjoint is other than 0. */
  isZero: boolean
  /** Everything from here on is undone, ms; maybe inside of that bin. */
  before: number
  isInside: boolean
  /** A bin that is not yet undone as a whole. */
  parked: ParkedBin | null
}

/** The first of the own events from one on that is in a bin, the last one in which any is. */
export function firstInBin({ times, count }: TrialTape, from: number, number: number, bin: number): number {
  let first = count
  while (first > from && Math.floor((times[first - 1] as number) / bin) === number) first--
  return first
}

interface ParkedWorkspace {
  readonly regions: AdjointHeaderFields
  readonly size: number
  readonly room: number
  readonly sizes: AdjointSizes
}

/**
 * A bin that is undone in parts, since windows end inside of it, kept as it was before: the gradient by the time constants
 * is summed up once all of it is undone, so that its order does not tell where it was cut.
 */
class ParkedBin {
  readonly bin: number
  readonly arrivals: TapedArrivals | undefined
  /** Copies of a trial's regions. */
  readonly regions: AdjointHeaderFields
  /** Own events as they were undone, `OWN_EVENT`, as doubles. */
  private readonly events: Float64Array[] = []

  /** @param room where copies may lie */
  constructor(
    memory: KernelMemory,
    bin: number,
    arrivals: TapedArrivals | undefined,
    { regions, size, room, sizes }: ParkedWorkspace,
  ) {
    let at = room
    const copies: Partial<Record<keyof AdjointSizes, number>> = {}
    for (const [name, bytes] of Object.entries(sizes) as [keyof AdjointSizes, number][]) {
      const from = (regions[name] as number) / 8
      memory.f64.copyWithin(at / 8, from, from + (bytes * size) / 8)
      copies[name] = at
      at += bytes * size
    }
    this.bin = bin
    this.arrivals = arrivals
    this.regions = { ...regions, ...copies }
  }

  /** Bytes of copies. */
  static roomFor(size: number, sizes: AdjointSizes): number {
    return Object.values(sizes).reduce((sum, bytes) => sum + bytes * size, 0) + 64
  }

  /** Notes own events that are undone, at addresses from … to. */
  note({ f64 }: KernelMemory, from: number, to: number): void {
    const width = OWN_EVENT.size / 8
    for (let at = from / 8; at < to / 8; at += width) this.events.push(f64.slice(at, at + width))
  }

  get eventCount(): number {
    return this.events.length
  }

  /** Writes all own events of the bin, those of a neuron one after the other. */
  writeEvents({ f64 }: KernelMemory, at: number): void {
    const width = OWN_EVENT.size / 8
    const timeOf = (event: Float64Array) => event[OWN_EVENT.at.time / 8] as number
    const neuronOf = (event: Float64Array) => new Int32Array(event.buffer)[OWN_EVENT.at.neuron / 4] as number
    const inOrder = this.events.map((event) => ({ event, neuron: neuronOf(event), time: timeOf(event) }))
    inOrder.sort((a, b) => a.neuron - b.neuron || a.time - b.time)
    inOrder.forEach(({ event }, k) => {
      f64.set(event, at / 8 + width * k)
    })
  }
}

export interface ParkedBinsOptions {
  readonly vector: GradientVector
  readonly room: UndoneWorkspace
  readonly sizes: AdjointSizes
  /** Of the run. */
  readonly trials: number
  /** What gradient events are summed up for. */
  readonly wanted: 'returned' | 'neurons'
}

/**
 * The bins that are undone in parts, at most one per trial: until such a bin is whole, its sums of time constants are
 * written to a place that is never read; then it is undone once more for these sums alone.
 */
export class ParkedBins {
  private readonly engine: WindowEngine
  private readonly options: ParkedBinsOptions
  /** Where the bins are kept, and sums that are never read. */
  private spare: { readonly state: number; readonly vector: number } | null = null

  constructor(engine: WindowEngine, options: ParkedBinsOptions) {
    this.engine = engine
    this.options = options
  }

  /**
   * Keeps a bin as it is before any of it is undone.
   *
   * @param ofTrial number of the trial
   * @param arriving all that arrives in the bin
   */
  park(trial: TrialBack, ofTrial: number, number: number, arriving: TapedArrivals | undefined): void {
    const { memory, values, adjointHeader } = this.engine
    const { vector, sizes, trials } = this.options
    const bytes = ParkedBin.roomFor(values.size, sizes)
    this.spare ??= { state: memory.take(trials * bytes), vector: memory.takeZeros(8 * vector.length) }
    const room = align(this.spare.state + ofTrial * bytes)
    trial.parked = new ParkedBin(memory, number, arriving, { regions: trial.regions, size: values.size, room, sizes })
    adjointHeader.write(this.fieldsOf(trial))
  }

  /** Fields of the header while a trial is running: where sums of time constants go if one of its bins is parked. */
  fieldsOf({ parked }: TrialBack): AdjointHeaderFields {
    if (parked === null) return {}
    const { tauMemSums, tauSynSums, tauSynInhSums } = this.options.vector.fieldsAt(this.spare?.vector ?? 0)
    return { tauMemSums, tauSynSums, tauSynInhSums }
  }

  /** All of the bin of a trial is undone, if one is parked: once more, for the gradient by the time constants alone. */
  sum(trial: TrialBack): void {
    const { parked, regions } = trial
    if (parked === null || this.spare === null) return
    const { code, memory, adjointHeader, bin } = this.engine
    const { vector, room, wanted } = this.options
    const grazings = adjointHeader.read('grazings')
    const { tauMemSums = 0, tauSynSums = 0, tauSynInhSums = 0 } = regions
    const sums = { tauMemSums, tauSynSums, tauSynInhSums }
    const ownFirst = room.makeRoom(parked.eventCount)
    parked.writeEvents(memory, ownFirst)
    vector.begin('nothing')
    room.takeArrivals(parked.arrivals)
    room.enterBin(parked.bin, { from: parked.bin * bin, before: Number.POSITIVE_INFINITY })
    adjointHeader.write({ ...parked.regions, ...vector.fieldsAt(this.spare.vector), ...sums })
    adjointHeader.write({ ownFirst, ownEnd: ownFirst + OWN_EVENT.size * parked.eventCount })
    code.undoBin()
    vector.begin(wanted)
    adjointHeader.write({ ...regions, grazings })
    trial.parked = null
  }
}
