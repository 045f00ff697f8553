import type { KernelOptions } from '../../kernel-options.js'
import type { HeaderField } from '../../wasm/header.js'
import type { KernelMemory } from '../../wasm/kernel-memory.js'
import { LANE_COUNT, RESPONSE } from '../../wasm/schema/records.js'

/** One number or note per neuron and trial: [trial][laneGroup][lane]. */
export interface LaneShape {
  readonly laneGroups: number
  readonly size: number
  readonly trials: number
}

/** Fields of the header: room for the integrals, and for the responses to each current at so many instants; 0 if none is wanted. */
export function takeIntegrals(
  memory: KernelMemory,
  { laneGroups, trials }: LaneShape,
  instants: number,
  integral: KernelOptions['integral'],
): Readonly<Record<HeaderField & ('integrals' | 'responses' | 'inhibitoryResponses' | 'fading'), number>> {
  const integrals = integral === undefined ? 0 : memory.take(8 * LANE_COUNT * laneGroups * trials)
  const responses = integral === undefined ? 0 : memory.take(RESPONSE.size * instants)
  const inhibitoryResponses = integral === undefined ? 0 : memory.take(RESPONSE.size * instants)
  return { integrals, responses, inhibitoryResponses, fading: integral === undefined ? 0 : 1 / integral.tau }
}

/** The integrals as [trial][neuron]. */
export function readIntegrals(memory: KernelMemory, address: number, { laneGroups, size, trials }: LaneShape) {
  const rows = new Float64Array(trials * size)
  for (let trial = 0; trial < trials; trial++) {
    const from = address / 8 + LANE_COUNT * laneGroups * trial
    rows.set(memory.f64.subarray(from, from + size), trial * size)
  }
  return rows
}
