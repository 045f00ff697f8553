import { type MemoryViews, readField, writeFields } from '../wasm/fields.js'
import { ADJOINT_PLAN } from '../wasm/schema/adjoint-plan.js'
import type { NumberOf } from '../wasm/schema/layout.js'

export type AdjointPlanField = NumberOf<typeof ADJOINT_PLAN>

/** Fields of the plan of a window kernel's way back, by name. */
export type AdjointPlanFields = Readonly<Partial<Record<AdjointPlanField, number>>>

export interface AdjointPlan {
  write(fields: AdjointPlanFields): void
  read(name: AdjointPlanField): number
}

/** @param memory asked for its views anew every time, since it grows */
export function createAdjointPlan(memory: MemoryViews, address: number): AdjointPlan {
  return {
    write: (fields) => writeFields(memory, ADJOINT_PLAN, address, fields),
    read: (name) => readField(memory, ADJOINT_PLAN, address, name),
  }
}
