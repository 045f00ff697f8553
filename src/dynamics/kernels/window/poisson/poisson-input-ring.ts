import type { LifValues } from '../../../../network/instance/instance.js'
import type { KernelMemory } from '../../wasm/kernel-memory.js'
import { POISSON_INPUT } from '../../wasm/schema/window-records.js'
import type { WindowTrial } from '../neurons/window-trial.js'
import type { WindowHeaderFields } from '../window-header.js'
import {
  intervalBinsOf,
  layOutPoissonInput,
  type PoissonInput,
  type PoissonInputLayout,
  type PoissonInputPlaces,
  placePoissonInput,
  writeInterval,
  writePoissonInput,
  writeStreams,
} from './poisson-input-places.js'

/** Draws a counting interval, which is written where the kernel looks, into the sums of the ring from a place on. */
type Draw = (poissonInput: number, place: number) => void

export interface PoissonInputRingOptions {
  readonly poissonInputs: readonly PoissonInput[]
  /** Per Poisson input, those of the neurons held. */
  readonly weights: readonly Float64Array[]
  readonly grid: WindowHeaderFields
}

/** The Poisson inputs of a kernel: counting intervals are drawn for some bins ahead, whose sums are kept in a ring. */
export class PoissonInputRing {
  /** Bins of the ring, a power of two. */
  readonly bins: number
  /** Where the Poisson inputs of the current trial are described. */
  readonly address: number
  /** Bytes of the words that one neuron has room for: Poisson inputs bring it no more events than that. */
  readonly room: number
  readonly grid: WindowHeaderFields
  private readonly memory: KernelMemory
  private readonly layouts: readonly PoissonInputLayout[]
  private readonly draw: Draw

  constructor(memory: KernelMemory, { poissonInputs, weights, grid }: PoissonInputRingOptions, draw: Draw) {
    const { bin } = grid as Required<WindowHeaderFields>
    this.memory = memory
    this.grid = grid
    this.draw = draw
    this.address = memory.takeZeros(POISSON_INPUT.size * Math.max(1, poissonInputs.length))
    this.layouts = poissonInputs.map((poissonInput, d) =>
      layOutPoissonInput(memory, poissonInput, grid, weights[d] as Float64Array),
    )
    this.bins = Math.max(1, ...poissonInputs.map((poissonInput) => intervalBinsOf(poissonInput, bin)))
    this.room = this.layouts.reduce((sum, { shared }) => sum + shared.room, 0)
  }

  /** How many there are. */
  get count(): number {
    return this.layouts.length
  }

  /** Takes the memory for a trial. */
  place({ size }: LifValues): readonly PoissonInputPlaces[] {
    return this.layouts.map((layout) => placePoissonInput(this.memory, layout, size))
  }

  /** Says which one of its mini-batch a trial is; mostly it is the one it was. */
  name(trial: WindowTrial, { start: firstUnit }: LifValues, number: number): void {
    if (trial.named === number) return
    trial.named = number
    this.layouts.forEach((layout, d) => {
      writeStreams(this.memory, layout, trial.poissonInputs[d] as PoissonInputPlaces, { firstUnit, trial: number })
    })
  }

  /** Writes what the kernel has to know while a trial is running. */
  enter({ poissonInputs }: WindowTrial): void {
    this.layouts.forEach((layout, d) => {
      writePoissonInput(
        this.memory,
        this.address + POISSON_INPUT.size * d,
        layout,
        poissonInputs[d] as PoissonInputPlaces,
        this.grid,
      )
    })
  }

  /** @param weights per Poisson input, those of the neurons held */
  follow(weights: readonly Float64Array[]): void {
    this.layouts.forEach(({ shared }, d) => {
      this.memory.f64.set(weights[d] as Float64Array, shared.weights / 8)
    })
  }

  /** Draws the counting intervals that begin to arrive with a bin, once however often the trial goes through it. */
  fill(trial: WindowTrial, bin: number): void {
    if (trial.drawnFor === bin) return
    trial.drawnFor = bin
    this.layouts.forEach((layout, d) => {
      const first = firstBinOf(layout, bin)
      if (first === bin) this.drawInterval(layout, d, first)
    })
  }

  /**
   * Draws the counting intervals that are in progress at the start of a bin, into sums of zero.
   *
   * @param forgetBin sets the sums of a bin to zero
   */
  refill(trial: WindowTrial, bin: number, forgetBin: (place: number) => void): void {
    trial.drawnFor = -1
    const underWay = [...this.layouts.entries()]
      .map(([d, layout]) => ({ d, layout, first: firstBinOf(layout, bin) }))
      .filter(({ first }) => first >= 0 && first < bin)
    // A place serves a bin that is over and one to come: the earlier counting interval may forget what it has not yet drawn
    // there.
    for (const { d, layout, first } of underWay.sort((a, b) => a.first - b.first)) {
      this.drawInterval(layout, d, first)
      for (let over = first; over < bin; over++) forgetBin(over % this.bins)
    }
  }

  /** The first bin from one on into which something may be drawn; Infinity if nothing is. */
  nextBusy(bin: number): number {
    let next = Number.POSITIVE_INFINITY
    for (const layout of this.layouts) {
      const { first, end } = busyBins(layout)
      if (bin < end) next = Math.min(next, Math.max(bin, first))
    }
    return next
  }

  /** The last bin up to one into which something may be drawn; below 0 if nothing is. */
  lastBusy(bin: number): number {
    let last = -1
    for (const layout of this.layouts) {
      const { first, end } = busyBins(layout)
      if (bin >= first) last = Math.max(last, Math.min(bin, end - 1))
    }
    return last
  }

  /**
   * Draws the counting intervals that are in progress in a bin of the entered trial, without adding them to any sum.
   *
   * @param known per Poisson input, the first bin of the counting interval that was drawn last
   */
  review(bin: number, { poissonInputs }: WindowTrial, known: number[], redraw: (poissonInput: number) => void): void {
    this.layouts.forEach((layout, d) => {
      const first = firstBinOf(layout, bin)
      if (known[d] === first) return
      known[d] = first
      const { intervalBins, delayBins } = layout.shared
      const { drawn, units } = poissonInputs[d] as PoissonInputPlaces
      if (first < 0) this.memory.i32.fill(0, drawn / 4, drawn / 4 + units)
      else {
        writeInterval(this.memory, this.address + POISSON_INPUT.size * d, layout, (first - delayBins) / intervalBins)
        redraw(d)
      }
    })
  }

  private drawInterval(layout: PoissonInputLayout, d: number, first: number): void {
    const { intervalBins, delayBins } = layout.shared
    writeInterval(this.memory, this.address + POISSON_INPUT.size * d, layout, (first - delayBins) / intervalBins)
    this.draw(d, first % this.bins)
  }
}

/** The bins in which the spikes of a Poisson input arrive, interval by interval. */
function busyBins({ poissonInput, length, shared: { intervalBins, delayBins } }: PoissonInputLayout) {
  return {
    first: delayBins + Math.floor(poissonInput.start / length) * intervalBins,
    end: delayBins + Math.ceil(poissonInput.stop / length) * intervalBins,
  }
}

/** The first bin of the counting interval that arrives in a bin; negative if none does. */
function firstBinOf({ shared: { intervalBins, delayBins } }: PoissonInputLayout, bin: number): number {
  const interval = Math.floor((bin - delayBins) / intervalBins)
  return interval < 0 ? -1 : delayBins + interval * intervalBins
}
