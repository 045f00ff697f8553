import { createEmitter, type Emitter } from '../../src/dynamics/emission/emitter.js'
import { GroupKernel } from '../../src/dynamics/group-kernel.js'
import type { KernelAnswer } from '../../src/dynamics/kernel.js'
import type { SourceSlices } from '../../src/dynamics/kernel-input.js'
import type { KernelOptions } from '../../src/dynamics/kernel-options.js'
import type { KernelState } from '../../src/dynamics/kernel-state.js'
import type { Drive } from '../../src/dynamics/window/drive-places.js'
import { entryOf } from '../../src/events/by-name.js'
import { InternalError } from '../../src/events/errors.js'
import type { SpikeBatch } from '../../src/events/spike-batch.js'
import type { SpikeTrains } from '../../src/events/spike-trains.js'
import type { LifValues, ProjectionValues } from '../../src/network/instance/instance.js'

export interface DrivenReferenceOptions {
  readonly values: LifValues
  readonly projections: readonly ProjectionValues[]
  /** By the projection's place in the network's list. */
  readonly drives: ReadonlyMap<number, Drive>
  readonly seed: number
  readonly sourceSlices: SourceSlices | undefined
}

/** A drive whose spikes become a batch for an input of the reference kernel. */
interface DrivenInput {
  readonly input: number
  readonly drive: Drive
}

/** The reference kernel of a group, with the drives that nobody sends it the spikes of. Inputs count without these. */
export class DrivenReference {
  readonly kernel: GroupKernel
  private readonly seed: number
  /** The number of every input that is sent among those of the kernel. */
  private readonly sent: readonly number[]
  private readonly driven: readonly DrivenInput[]
  private emitters: readonly Emitter[] = []
  private sequence = 0
  private reached = 0

  constructor({ values, projections, drives, seed, sourceSlices }: DrivenReferenceOptions) {
    const { start, size } = values
    const own = new Set([...drives.values()].map(({ source }) => source))
    // One to one: of a drive only the units of the neurons held are of interest.
    const slices: SourceSlices = (group) => {
      if (own.has(group)) return [{ start, end: start + size }]
      return sourceSlices?.(group) ?? [{ start: 0, end: sourceSizeOf(projections, group) }]
    }
    this.kernel = new GroupKernel(values, projections, slices)
    this.seed = seed
    const inputs = [...this.kernel.inputs.entries()]
    this.sent = inputs.flatMap(([input, { order }]) => (drives.has(order) ? [] : [input]))
    this.driven = inputs.flatMap(([input, { order }]) => {
      const drive = drives.get(order)
      return drive === undefined ? [] : [{ input, drive }]
    })
  }

  smallestDelays(): readonly number[] {
    const delays = this.kernel.smallestDelays()
    return this.sent.map((input) => delays[input] as number)
  }

  begin(options: KernelOptions): void {
    const { start, size, total } = this.kernel.values
    this.sequence = 0
    this.reached = 0
    this.emitters = this.driven.map(({ drive }) => {
      const { source: name, rate, start: from, stop } = drive
      const emission = { process: 'poisson', rate: new Float64Array(size).fill(rate), start: from, stop } as const
      return createEmitter(
        { kind: 'source', name, size, start, total, emission },
        { seed: this.seed, trials: options.trials },
      )
    })
    this.kernel.begin(options)
  }

  /** In place of `begin`: goes on from a state at `start` ms. */
  resume(options: KernelOptions, start: number, state: KernelState): void {
    this.begin(options)
    this.reached = start
    this.emitters.forEach((emitter, d) => {
      const [counts, positions] = EMITTED.map((field) => entryOf(state.columns, columnOf(d, field)))
      if (counts === undefined || positions === undefined) throw new InternalError('A state lacks that of its drives.')
      emitter.resume({ counts, positions })
    })
    this.kernel.resume(options, start, state)
  }

  /** The state of the kernel, and how far the drives have come. */
  saveState(): KernelState {
    const { columns, inFlight } = this.kernel.saveState()
    const drives = this.emitters.flatMap((emitter, d) => {
      const state = emitter.state()
      return EMITTED.map((field): [string, Float64Array] => [columnOf(d, field), state[field]])
    })
    return { columns: { ...columns, ...Object.fromEntries(drives) }, inFlight }
  }

  receive(input: number, batch: SpikeBatch): void {
    this.kernel.receive(this.sent[input] as number, batch)
  }

  advance(arrivalsBefore: number, spikesBefore: number): SpikeTrains {
    const window = { start: this.reached, end: arrivalsBefore }
    this.driven.forEach(({ input, drive }, d) => {
      const trains = (this.emitters[d] as Emitter).emit(arrivalsBefore)
      this.kernel.receive(input, { stream: drive.source, sequence: this.sequence, window, ...trains })
    })
    this.sequence++
    this.reached = arrivalsBefore
    return this.kernel.advance(arrivalsBefore, spikesBefore)
  }

  /** Those that somebody waits for. */
  takeAnswers(): readonly KernelAnswer[] {
    return this.kernel.takeAnswers().flatMap((answer) => {
      const input = this.sent.indexOf(answer.input)
      return input < 0 ? [] : [{ ...answer, input }]
    })
  }
}

/** What the state of an emitter has, by name. */
const EMITTED = ['counts', 'positions'] as const

function columnOf(drive: number, field: (typeof EMITTED)[number]): string {
  return `drive${drive}.${field}`
}

function sourceSizeOf(projections: readonly ProjectionValues[], group: string): number {
  return projections.find(({ source }) => source === group)?.sourceSize ?? 0
}
