import { type MemoryViews, readField, writeFields } from '../wasm/fields.js'
import type { NumberOf } from '../wasm/schema/layout.js'
import { WINDOW_PLAN } from '../wasm/schema/window-plan.js'

export type WindowPlanField = NumberOf<typeof WINDOW_PLAN>

/** Fields of a window kernel's plan, by name. */
export type WindowPlanFields = Readonly<Partial<Record<WindowPlanField, number>>>

/** The fields of a plan at an address of a kernel's memory. */
export interface WindowPlan {
  write(fields: WindowPlanFields): void
  read(name: WindowPlanField): number
}

/** @param memory asked for its views anew every time, since it grows */
export function createWindowPlan(memory: MemoryViews, address: number): WindowPlan {
  return {
    write: (fields) => writeFields(memory, WINDOW_PLAN, address, fields),
    read: (name) => readField(memory, WINDOW_PLAN, address, name),
  }
}
