import type { Window } from '../../../../events/window.js'
import { isSpiking } from '../../../../network/models/models.js'
import type { DelayRange } from '../../../parameters/synapses.js'
import type { KernelInput } from '../../../timeline/kernel-input.js'
import type { HeaderFields } from '../../wasm/header.js'
import { BIN, BINS } from '../../wasm/schema/delayed-records.js'
import type { SimdEngine } from '../layout/simd-engine.js'

/** Bytes; a run that needs more deals all spikes in flight out again in every window, with the same result. */
const MOST_BYTES = 2 ** 28

/** Bins that windows may begin and end inside of, and one for what is rounded. */
const SPARE = 4

/** More than times may be rounded by, relative to them. */
const ROUNDING = 1e-12

export interface KeptBinsOptions {
  /** Of the delays of each input, in ms. */
  readonly ranges: readonly DelayRange[]
  readonly trials: number
  readonly start: number
  /** Chance moves spikes: the window of a batch does not say where they are. */
  readonly isNoisy: boolean
}

/**
 * Where neurons have arrivals of their own: the bins that stay from window to window, with what is on its way; see
 * assembly/delayed/kept-bins.ts.
 */
export class KeptBins {
  private readonly inputs: readonly KernelInput[]
  private readonly options: KeptBinsOptions
  /** Per input, in ms: all earlier spikes are known. */
  private readonly known: number[]
  private readonly width: number
  private readonly longest: number
  private readonly shortest: number
  /** Bins of a ring; their address, 0: nothing is kept. */
  private readonly count: number
  private readonly address: number
  private windows = 0
  private fits = false
  private dealtBefore = 0
  private settled = 0
  /** Where the first bin begins that the last window has swept; null: nothing was dealt out yet. */
  private clearFrom: number | null = null

  constructor({ memory, places, code, group }: SimdEngine, options: KeptBinsOptions) {
    const { ranges, trials, start } = options
    this.inputs = group.inputs
    this.options = options
    this.known = group.inputs.map(({ latency }) => start + (latency?.least ?? 0))
    this.width = isSpiking(group.values) ? code.binWidth() : 0
    this.longest = Math.max(0, ...ranges.map(({ most }) => most))
    // Windows are mostly as long as the shortest delay.
    this.shortest = Math.min(this.longest, ...ranges.map(({ least }) => least))
    const needed = this.width === 0 ? 0 : Math.ceil((this.longest + 2 * this.shortest) / this.width) + SPARE
    this.count = powerFrom(BINS, needed)
    const bytes = BIN.size * (this.count + 2) * places.laneGroups * trials
    this.address = needed === 0 || bytes > MOST_BYTES ? 0 : memory.take(bytes)
  }

  receive(input: number, window: Window): void {
    const { latency } = this.inputs[input] as KernelInput
    this.known[input] = Math.max(this.known[input] as number, window.end + (latency?.least ?? 0))
  }

  /**
   * Fields of the header, for a window.
   *
   * @param complete where the first bin begins that is not over, ms
   * @param horizon of the window: what arrives before is known, ms
   */
  begin(complete: number, horizon: number): HeaderFields {
    const { address, clearFrom } = this
    if (address === 0) return { keptBins: 0 }
    this.settled = this.settledBefore(horizon)
    this.fits = clearFrom !== null && (horizon + this.longest - complete) / this.width + SPARE <= this.count
    return {
      ...{ keptBins: address, keptBinCount: this.count, keptWindow: ++this.windows, keptFits: Number(this.fits) },
      ...{ dealtBefore: this.dealtBefore, settled: this.settled, clearFrom: clearFrom ?? complete },
      leastDelay: this.shortest,
    }
  }

  /** All spikes before that time are known, of whatever input, and will arrive in the bins that are kept. */
  private settledBefore(horizon: number): number {
    const { ranges, isNoisy } = this.options
    // What is not known arrives after the window.
    const behind = (input: number) => horizon * (1 - ROUNDING) - (ranges[input] as DelayRange).least
    const known = this.known.map((time, input) => (isNoisy ? behind(input) : Math.max(time, behind(input))))
    return Math.max(this.dealtBefore, Math.min(horizon, ...known))
  }

  /** The window is through. */
  turn(completeBefore: number, completeAfter: number): void {
    this.clearFrom = this.fits ? completeBefore : completeAfter
    this.dealtBefore = this.settled
  }
}

/** The first of start, 2 start, 4 start … that is enough. */
function powerFrom(start: number, needed: number): number {
  let count = start
  while (count < needed) count *= 2
  return count
}
