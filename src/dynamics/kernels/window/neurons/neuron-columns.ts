import { entryOf } from '../../../../events/by-name.js'
import type { LifValues } from '../../../../network/instance/instance.js'
import type { StateColumns } from '../../../models/neurons.js'
import { foreignState } from '../../kernel-state.js'
import type { KernelMemory } from '../../wasm/kernel-memory.js'
import type { WindowHeaderFields } from '../window-header.js'
import type { WindowTrial } from './window-trial.js'

/**
 * The state of neurons at the start of a bin, by name: current and scaled voltage U (see `WindowNeurons`), the time in ms
 * at which the refractory period ends, -1 for none, the number of spikes so far, and what the last of them has left the
 * threshold raised by, and its time.
 */
const NAMES = ['heldUntil', 'fired', 'adaptation', 'adapted'] as const
type NeuronColumns = Readonly<Record<string, Float64Array>> & Readonly<Record<(typeof NAMES)[number], Float64Array>>

/** How the state of a neuron lies in memory: doubles side by side, the last one that has a name the voltage. */
export interface StateForm {
  readonly names: readonly string[]
  readonly doubles: number
}

/** All neurons at rest: V is 0, which is -bias above the bias. */
export function restColumns({ size, bias }: LifValues, { names }: StateForm): NeuronColumns {
  const voltage = names.at(-1)
  const state = names.map((name) => [
    name,
    name === voltage ? Float64Array.from(bias, (value) => -value) : new Float64Array(size),
  ])
  return {
    ...Object.fromEntries(state),
    heldUntil: new Float64Array(size).fill(-1),
    fired: new Float64Array(size),
    adaptation: new Float64Array(size),
    adapted: new Float64Array(size),
  }
}

export function readColumns(
  { f64, i32 }: KernelMemory,
  { regions }: WindowTrial,
  size: number,
  { names, doubles }: StateForm,
): NeuronColumns {
  const { states, heldUntil, firedCounts, adaptations, adapted } = regions as Required<WindowHeaderFields>
  const own = names.map((name, k) => [
    name,
    Float64Array.from({ length: size }, (_, n) => f64[states / 8 + doubles * n + k] as number),
  ])
  return {
    ...Object.fromEntries(own),
    heldUntil: f64.slice(heldUntil / 8, heldUntil / 8 + size),
    fired: Float64Array.from(i32.subarray(firedCounts / 4, firedCounts / 4 + size)),
    adaptation: f64.slice(adaptations / 8, adaptations / 8 + size),
    adapted: f64.slice(adapted / 8, adapted / 8 + size),
  }
}

/** @param thresholds less the bias, of the neurons held */
export function writeColumns(
  { f64, i32, u32 }: KernelMemory,
  trial: WindowTrial,
  columns: NeuronColumns,
  thresholds: Float64Array,
  { names, doubles }: StateForm,
): void {
  const { heldUntil, fired, adaptation, adapted } = columns
  const own = names.map((name) => entryOf(columns, name) as Float64Array)
  const regions = trial.regions as Required<WindowHeaderFields>
  const { states, limits, heldUntil: heldAt, heldNeurons, firedCounts } = regions
  const size = thresholds.length
  const places = size + (size % 2)
  f64.fill(0, states / 8, states / 8 + doubles * places)
  f64.fill(Infinity, limits / 8, limits / 8 + places)
  f64.fill(-1, heldAt / 8, heldAt / 8 + places)
  i32.fill(0, firedCounts / 4, firedCounts / 4 + places)
  f64.set(heldUntil, heldAt / 8)
  i32.set(fired, firedCounts / 4)
  f64.set(adaptation, regions.adaptations / 8)
  f64.set(adapted, regions.adapted / 8)
  trial.heldCount = 0
  for (let n = 0; n < size; n++) {
    own.forEach((column, k) => {
      f64[states / 8 + doubles * n + k] = column[n] as number
    })
    if ((heldUntil[n] as number) >= 0) u32[heldNeurons / 4 + trial.heldCount++] = n
    else f64[limits / 8 + n] = thresholds[n] as number
  }
}

/** The columns of all trials, row-major [trial][neuron held]. */
export function joinColumns(trials: readonly NeuronColumns[]): StateColumns {
  const [first] = trials
  const size = first?.fired.length ?? 0
  return Object.fromEntries(
    Object.keys(first ?? {}).map((name) => {
      const whole = new Float64Array(trials.length * size)
      trials.forEach((columns, trial) => {
        whole.set(entryOf(columns, name) as Float64Array, trial * size)
      })
      return [name, whole]
    }),
  )
}

/** Those of one trial; raises `InputError` STATE_FOREIGN if another kernel has saved the state. */
export function columnsOf(
  { name: group, size }: LifValues,
  columns: StateColumns,
  trial: number,
  { names }: StateForm,
): NeuronColumns {
  const all = [...names, ...NAMES]
  const part = (name: string): Float64Array => {
    const column = entryOf(columns, name)
    if (column === undefined) throw foreignState(group, Object.keys(columns), all)
    return column.subarray(trial * size, (trial + 1) * size)
  }
  return Object.fromEntries(all.map((name) => [name, part(name)])) as NeuronColumns
}
