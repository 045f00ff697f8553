import type { OptimizerKind, OptimizerMemory } from '../session.js'
import { isSameMethod } from './create-optimizer.js'
import type { Optimizer, OptimizerState } from './optimizer.js'

/** Which array of parameters an optimiser steps. */
type ArrayName = Pick<OptimizerMemory, 'kind' | 'of' | 'field'>

/** States of optimisers, to go back to soon. */
export type KeptStates<Steps> = ReadonlyMap<Steps, { readonly kind: OptimizerKind; readonly state: OptimizerState }>

/** The optimisers of some arrays of parameters, each made when its array is first learned. */
export class ArrayOptimizers<Steps extends ArrayName> {
  private readonly used = new Map<Steps, { readonly kind: OptimizerKind; readonly optimizer: Optimizer }>()
  private readonly create: (array: Steps, kind: OptimizerKind) => Optimizer

  constructor(create: (array: Steps, kind: OptimizerKind) => Optimizer) {
    this.create = create
  }

  /** A change of method starts with an empty memory. */
  of(array: Steps, kind: OptimizerKind): Optimizer {
    const used = this.used.get(array)
    if (used !== undefined && isSameMethod(used.kind, kind)) return used.optimizer
    const optimizer = this.create(array, kind)
    this.used.set(array, { kind, optimizer })
    return optimizer
  }

  /** Copies, of the arrays that have been learned, in the order in which they began. */
  memories(): readonly OptimizerMemory[] {
    return [...this.used].map(([{ kind, of, field }, { kind: method, optimizer }]) => {
      const { scalars, moments } = optimizer.state()
      return { kind, of, ...(field === undefined ? {} : { field }), method, scalars, moments }
    })
  }

  /**
   * Continues from copies; an array without one begins with an empty memory.
   *
   * @param arrayOf the array of a copy
   */
  restore(memories: readonly OptimizerMemory[], arrayOf: (memory: OptimizerMemory) => Steps): void {
    this.used.clear()
    for (const memory of memories) {
      const { method, scalars, moments } = memory
      this.of(arrayOf(memory), method).restore({ kind: method.kind, scalars, moments })
    }
  }

  /** @param earlier states that are no longer needed, whose memory may be taken */
  keep(earlier?: KeptStates<Steps>): KeptStates<Steps> {
    const states = [...this.used].map(([array, { kind, optimizer }]) => {
      const known = earlier?.get(array)
      const place = known !== undefined && isSameMethod(known.kind, kind) ? known.state : undefined
      return [array, { kind, state: optimizer.keep(place) }] as const
    })
    return new Map(states)
  }

  putBack(states: KeptStates<Steps>): void {
    for (const array of [...this.used.keys()]) if (!states.has(array)) this.used.delete(array)
    for (const [array, { kind, state }] of states) this.of(array, kind).putBack(state)
  }
}

/** Whether a memory is that of an array. */
export function isOf(array: ArrayName, { kind, of, field }: ArrayName): boolean {
  return array.kind === kind && array.of === of && array.field === field
}
