import { createEmitter, type Emitter } from '../../src/dynamics/emission/emitter.js'
import type { KernelOptions } from '../../src/dynamics/kernels/kernel-options.js'
import type { KernelState } from '../../src/dynamics/kernels/kernel-state.js'
import { GroupKernel } from '../../src/dynamics/kernels/reference/group-kernel.js'
import type { PoissonInput } from '../../src/dynamics/kernels/window/poisson/poisson-input-places.js'
import type { SourceSlices } from '../../src/dynamics/timeline/kernel-input.js'
import type { ReturnedGradients } from '../../src/dynamics/timeline/received-batches.js'
import { entryOf } from '../../src/events/by-name.js'
import { InternalError } from '../../src/events/errors.js'
import type { SpikeBatch } from '../../src/events/spike-batch.js'
import type { SpikeTrains } from '../../src/events/spike-trains.js'
import type { LifValues, ProjectionValues } from '../../src/network/instance/instance.js'

export interface PoissonReferenceOptions {
  readonly values: LifValues
  readonly projections: readonly ProjectionValues[]
  /** By the projection's place in the network's list. */
  readonly poissonInputs: ReadonlyMap<number, PoissonInput>
  readonly seed: number
  readonly sourceSlices: SourceSlices | undefined
}

/** A Poisson input whose spikes become a batch for an input of the reference kernel. */
interface EmittingInput {
  readonly input: number
  readonly poissonInput: PoissonInput
}

/** The reference kernel of a group, with the Poisson inputs that nobody sends it the spikes of. Inputs count without these. */
export class PoissonReference {
  readonly kernel: GroupKernel
  private readonly seed: number
  /** The number of every input that is sent among those of the kernel. */
  private readonly sent: readonly number[]
  private readonly emitting: readonly EmittingInput[]
  private emitters: readonly Emitter[] = []
  private sequence = 0
  private reached = 0

  constructor({ values, projections, poissonInputs, seed, sourceSlices }: PoissonReferenceOptions) {
    const { start, size } = values
    const own = new Set([...poissonInputs.values()].map(({ source }) => source))
    // One to one: of a Poisson input only the units of the neurons held are of interest.
    const slices: SourceSlices = (group) => {
      if (own.has(group)) return [{ start, end: start + size }]
      return sourceSlices?.(group) ?? [{ start: 0, end: sourceSizeOf(projections, group) }]
    }
    this.kernel = new GroupKernel(values, projections, slices)
    this.seed = seed
    const inputs = [...this.kernel.inputs.entries()]
    this.sent = inputs.flatMap(([input, { order }]) => (poissonInputs.has(order) ? [] : [input]))
    this.emitting = inputs.flatMap(([input, { order }]) => {
      const poissonInput = poissonInputs.get(order)
      return poissonInput === undefined ? [] : [{ input, poissonInput }]
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
    this.emitters = this.emitting.map(({ poissonInput }) => {
      const { source: name, rate, start: from, stop } = poissonInput
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
      if (counts === undefined || positions === undefined)
        throw new InternalError('A state lacks that of its Poisson inputs.')
      emitter.resume({ counts, positions })
    })
    this.kernel.resume(options, start, state)
  }

  /** The state of the kernel, and how far the Poisson inputs have come. */
  saveState(): KernelState {
    const { columns, inFlight } = this.kernel.saveState()
    const poissonInputs = this.emitters.flatMap((emitter, d) => {
      const state = emitter.state()
      return EMITTED.map((field): [string, Float64Array] => [columnOf(d, field), state[field]])
    })
    return { columns: { ...columns, ...Object.fromEntries(poissonInputs) }, inFlight }
  }

  receive(input: number, batch: SpikeBatch): void {
    this.kernel.receive(this.sent[input] as number, batch)
  }

  advance(arrivalsBefore: number, spikesBefore: number): SpikeTrains {
    const window = { start: this.reached, end: arrivalsBefore }
    this.emitting.forEach(({ input, poissonInput }, d) => {
      const trains = (this.emitters[d] as Emitter).emit(arrivalsBefore)
      this.kernel.receive(input, { stream: poissonInput.source, sequence: this.sequence, window, ...trains })
    })
    this.sequence++
    this.reached = arrivalsBefore
    return this.kernel.advance(arrivalsBefore, spikesBefore)
  }

  /** Those that somebody waits for. */
  takeReturned(): readonly ReturnedGradients[] {
    return this.kernel.takeReturned().flatMap((gradients) => {
      const input = this.sent.indexOf(gradients.input)
      return input < 0 ? [] : [{ ...gradients, input }]
    })
  }
}

/** What the state of an emitter has, by name. */
const EMITTED = ['counts', 'positions'] as const

function columnOf(poissonInput: number, field: (typeof EMITTED)[number]): string {
  return `poissonInput${poissonInput}.${field}`
}

function sourceSizeOf(projections: readonly ProjectionValues[], group: string): number {
  return projections.find(({ source }) => source === group)?.sourceSize ?? 0
}
