import { InternalError } from '../../events/errors.js'
import type { SpikeBatch } from '../../events/spike-batch.js'
import type { SpikeTrains } from '../../events/spike-trains.js'
import type { ComponentInput } from '../timeline/kernel-input.js'
import type { ReturnedGradients } from '../timeline/received-batches.js'
import { GroupRun } from './group-run.js'
import type { Kernel, KernelProtocol, RunTerms } from './kernel.js'
import type { KernelOptions } from './kernel-options.js'
import type { KernelState } from './kernel-state.js'
import { type ReturnedEvents, sumReturned } from './returned-events.js'
import type { OperatorsOf } from './routed-inputs.js'

/** The terms of groups that run together: one entry per group. */
export interface ComponentTerms extends RunTerms {
  readonly options: (kernel: Kernel) => KernelOptions
  readonly state: readonly KernelState[]
  readonly spikes: readonly SpikeTrains[]
  readonly peakGradients: readonly (Float64Array | null)[]
  /** What came back for the spikes of each group, in any order. */
  readonly returned: readonly (readonly ReturnedEvents[])[]
}

/**
 * The groups that one actor runs: a single group or a slice of it, or several whole groups that must run together because
 * spikes go around a cycle between them in no time.
 */
export interface ComponentKernel extends KernelProtocol<ComponentTerms> {
  readonly kernels: readonly Kernel[]
  readonly inputs: readonly ComponentInput[]
}

/** Where a stream into one of the groups ends, and where it comes from. */
export interface Wire extends ComponentInput {
  readonly target: number
  /** Its number among the target's inputs. */
  readonly end: number
}

/** Every stream into some groups, by group. */
export function wiresInto(kernels: readonly Kernel[]): readonly Wire[] {
  return kernels.flatMap(({ inputs }, target) => inputs.map((input, end): Wire => ({ ...input, target, end })))
}

/**
 * A component of one group, or of a slice of it; a projection onto itself is an input like any other.
 *
 * @param operatorsOf the operators of a projection; default: none
 */
export function createSingleKernel(kernel: Kernel, operatorsOf?: OperatorsOf): ComponentKernel {
  return new GroupsKernel([kernel], wiresInto([kernel]), operatorsOf)
}

/** Groups that run side by side, with what stands before their inputs. */
export class GroupsKernel implements ComponentKernel {
  readonly kernels: readonly Kernel[]
  readonly inputs: readonly Wire[]
  protected readonly groups: readonly GroupRun[]
  /** Spikes of each group in every `advance` that is not undone. */
  private counts: number[][] = []
  private keepsCounts = false
  private undoes: 'the last' | 'the first' = 'the last'

  constructor(kernels: readonly Kernel[], inputs: readonly Wire[], operatorsOf?: OperatorsOf) {
    this.kernels = kernels
    this.inputs = inputs
    this.groups = kernels.map((kernel) => new GroupRun(kernel, operatorsOf))
  }

  smallestDelays(): readonly number[] {
    const delays = this.groups.map((group) => group.smallestDelays())
    return this.inputs.map(({ target, end }) => delays[target]?.[end] as number)
  }

  begin(optionsOf: ComponentTerms['options']): void {
    for (const group of this.groups) group.begin(this.taken(optionsOf(group.kernel)))
  }

  resume(optionsOf: ComponentTerms['options'], start: number, states: readonly KernelState[]): void {
    this.groups.forEach((group, g) => {
      const { name } = group.kernel.values
      const state = states[g]
      if (state === undefined) throw new InternalError(`There is no state of "${name}" to go on from.`)
      group.resume(this.taken(optionsOf(group.kernel)), start, state)
    })
  }

  /** The options that a group runs with. */
  protected taken(options: KernelOptions): KernelOptions {
    this.counts = []
    this.keepsCounts = options.gradients
    this.undoes = options.microBatch === undefined ? 'the last' : 'the first'
    return options
  }

  saveState(): readonly KernelState[] {
    return this.groups.map((group) => group.saveState())
  }

  receive(input: number, batch: SpikeBatch): void {
    const { target, end } = this.inputs[input] as Wire
    this.groups[target]?.receive(end, batch)
  }

  reach(horizon: number, outputBound?: number): number {
    return Math.min(...this.groups.map((group) => group.reach(horizon, outputBound)))
  }

  nextEvent(): number {
    return Math.min(...this.groups.map((group) => group.nextEvent()))
  }

  advance(horizon: number): readonly SpikeTrains[] {
    const spikes = this.groups.map((group) => group.advance(horizon))
    if (this.keepsCounts) this.counts.push(spikes.map(({ times }) => times.length))
    return spikes
  }

  beginBackward(peakGradients: readonly (Float64Array | null)[]): void {
    this.groups.forEach((group, g) => {
      group.beginBackward(peakGradients[g] ?? null)
    })
  }

  backward(returned: readonly (readonly ReturnedEvents[])[]): void {
    const counts = this.undoes === 'the last' ? this.counts.pop() : this.counts.shift()
    this.groups.forEach((group, g) => {
      group.backward(sumReturned(counts?.[g] ?? 0, returned[g] ?? []))
    })
  }

  takeReturned(): readonly ReturnedGradients[] {
    return this.groups.flatMap((group, target) => {
      return group.takeReturned().map((gradients) => ({ ...gradients, input: this.inputOf(target, gradients.input) }))
    })
  }

  /** Number of an input by where it ends; -1: it comes from inside. */
  protected inputOf(target: number, end: number): number {
    return this.inputs.findIndex((wire) => wire.target === target && wire.end === end)
  }
}
