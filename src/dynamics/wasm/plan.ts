import { type MemoryViews, readField, writeFields } from './fields.js'
import type { NumberOf } from './schema/layout.js'
import { PLAN, PLAN_AT } from './schema/plan.js'

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

/** The time constants of a neuron, or of all neurons of a kernel, in ms. */
export interface KernelTaus {
  readonly tauMem: number
  readonly tauSyn: number
  readonly tauAdapt: number
}

/** The time constants that stand in a kernel's memory, in the plan or in `LANE_TAUS` at an address. */
export function tausAt(buffer: ArrayBufferLike, address = PLAN_AT): KernelTaus {
  const numbers = new Float64Array(buffer, address)
  const read = (name: keyof KernelTaus) => numbers[PLAN.at[name] / 8] as number
  return { tauMem: read('tauMem'), tauSyn: read('tauSyn'), tauAdapt: read('tauAdapt') }
}

export function sameTaus(a: KernelTaus, b: KernelTaus): boolean {
  return a.tauMem === b.tauMem && a.tauSyn === b.tauSyn && a.tauAdapt === b.tauAdapt
}
