import { align } from '../../wasm/kernel-memory.js'
import { OWN_EVENT } from '../../wasm/schema/adjoint-records.js'
import type { WindowEngine } from '../neurons/window-engine.js'
import type { AdjointHeaderFields } from './adjoint-header.js'
import type { GradientVector } from './gradient-vector.js'
import { type AdjointSizes, ParkedBin } from './parked-bin.js'
import type { TapedArrivals } from './run-tape.js'
import type { TrialBack } from './trial-back.js'
import type { UndoneRoom } from './undone-room.js'

export interface ParkedBinsOptions {
  readonly vector: GradientVector
  readonly room: UndoneRoom
  readonly sizes: AdjointSizes
  /** Of the run. */
  readonly trials: number
  /** What gradient events are summed up for. */
  readonly wanted: 'returned' | 'neurons'
}

/**
 * The bins that are undone in parts, of each trial one at most: until such a bin is whole, the sums of time constants go
 * where nobody looks; then it is undone once more for these alone.
 */
export class ParkedBins {
  private readonly engine: WindowEngine
  private readonly options: ParkedBinsOptions
  /** Where the bins are kept, and sums that nobody looks at. */
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

  /** Fields of the header while a trial is under way: where sums of time constants go if one of its bins is parked. */
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
