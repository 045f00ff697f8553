import type { KernelOptions } from '../kernel-options.js'
import type { KernelMemory } from './kernel-memory.js'
import type { PlanField } from './plan.js'
import { OCTET, RESPONSE } from './schema/records.js'

/** One number or note per neuron and trial: [trial][octet][lane]. */
export interface LaneShape {
  readonly octets: number
  readonly size: number
  readonly trials: number
}

/** Fields of the plan: room for the integrals, and for the responses of so many instants, to each current; 0 if none are wanted. */
export function takeIntegrals(
  memory: KernelMemory,
  { octets, trials }: LaneShape,
  instants: number,
  integral: KernelOptions['integral'],
): Readonly<Record<PlanField & ('integrals' | 'responses' | 'inhibitoryResponses' | 'fading'), number>> {
  const integrals = integral === undefined ? 0 : memory.take(8 * OCTET * octets * trials)
  const responses = integral === undefined ? 0 : memory.take(RESPONSE.size * instants)
  const inhibitoryResponses = integral === undefined ? 0 : memory.take(RESPONSE.size * instants)
  return { integrals, responses, inhibitoryResponses, fading: integral === undefined ? 0 : 1 / integral.tau }
}

/** The integrals as [trial][neuron]. */
export function readIntegrals(memory: KernelMemory, address: number, { octets, size, trials }: LaneShape) {
  const rows = new Float64Array(trials * size)
  for (let trial = 0; trial < trials; trial++) {
    const from = address / 8 + OCTET * octets * trial
    rows.set(memory.f64.subarray(from, from + size), trial * size)
  }
  return rows
}
