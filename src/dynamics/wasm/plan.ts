import { type MemoryViews, readField, writeFields } from './fields.js'
import type { NumberOf } from './schema/layout.js'
import { PLAN, PLAN_AT, PLAN_END } from './schema/plan.js'

export type PlanField = NumberOf<typeof PLAN>

/** Some fields of the plan. */
export type PlanFields = Readonly<Partial<Record<PlanField, number>>>

/** Writes fields of the plan. */
export function writePlan(memory: MemoryViews, fields: PlanFields): void {
  writeFields(memory, PLAN, PLAN_AT, fields)
}

/** Reads a field of the plan. */
export function readPlan(memory: MemoryViews, name: PlanField): number {
  return readField(memory, PLAN, PLAN_AT, name)
}

/** All of the plan, for `restorePlan`. */
export function copyPlan({ f64 }: MemoryViews): Float64Array {
  return f64.slice(PLAN_AT / 8, PLAN_END / 8)
}

export function restorePlan({ f64 }: MemoryViews, copy: Float64Array): void {
  f64.set(copy, PLAN_AT / 8)
}

/** The time constants of a neuron, or of all neurons of a kernel, in ms. */
export interface KernelTaus {
  readonly tauMem: number
  readonly tauSyn: number
  /** Of the inhibitory current; the same where there is one current. */
  readonly tauSynInh: number
  readonly tauAdapt: number
}

/** The time constants that stand in the plan of a kernel's memory. */
export function plannedTaus(buffer: ArrayBufferLike): KernelTaus {
  const numbers = new Float64Array(buffer, PLAN_AT)
  const read = (name: keyof KernelTaus) => numbers[PLAN.at[name] / 8] as number
  return {
    ...{ tauMem: read('tauMem'), tauSyn: read('tauSyn') },
    ...{ tauSynInh: read('tauSynInh'), tauAdapt: read('tauAdapt') },
  }
}

export function sameTaus(a: KernelTaus, b: KernelTaus): boolean {
  const fields = ['tauMem', 'tauSyn', 'tauSynInh', 'tauAdapt'] as const
  return fields.every((field) => a[field] === b[field])
}
