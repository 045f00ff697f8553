import type { LifValues, ProjectionValues } from '../../network/instance/instance.js'
import type { KernelMemory } from '../wasm/kernel-memory.js'
import { commonTaus } from '../wasm/tau-fields.js'
import { cellLength } from './cell-grid.js'
import { fitsCells } from './drive-of.js'
import type { Drive } from './drive-places.js'
import { type EmittedDrive, EmittedDrives } from './emitted-drives.js'
import type { DrivenNeurons } from './neurons-options.js'
import { buildPlacedRows, followPlaces } from './record-places.js'
import { buildSourceRows, commonDelay, type SourceRows } from './source-rows.js'
import { unscaledCell } from './unscaled-plan.js'
import type { WindowPlanOfGroup } from './window-groups.js'
import { WindowNeurons } from './window-neurons.js'
import { type DelayRule, delayRule, type ProjectionNumbers, type WindowParameters } from './window-parameters.js'
import type { WindowProjection } from './window-projection.js'

/** A group, or a slice of it, as a window kernel is told of it. */
export interface WindowGroup {
  readonly values: LifValues
  readonly projections: readonly ProjectionValues[]
  readonly plan: WindowPlanOfGroup
  /** Of the spikes that it draws. */
  readonly seed: number
}

/** A group laid out for what its parameters are. */
export interface WindowForm {
  readonly neurons: WindowNeurons
  /** Per projection: rows, null of those that are drawn into sums; and delays. */
  readonly rows: readonly (WindowProjection | null)[]
  readonly delays: readonly DelayRule[]
  readonly emitted: EmittedDrives
  /** Length of a cell in ms. */
  readonly cell: number
}

/** A drive with the delay and, per neuron held, the weights of now. */
interface DriveNow {
  readonly projection: number
  readonly drive: Drive
  readonly weights: Float64Array
}

/** The form of a group as it is described: synapses of rules lie as they are drawn, and are never listed. */
export function describedForm({ values, projections, plan, seed }: WindowGroup): WindowForm {
  const drives = drivesOf(projections, plan, ({ delay }, p) => {
    return { weights: (projections[p] as ProjectionValues).weights, delay }
  })
  return formOf({ values, projections, plan, seed }, drives, {
    rowsOf(neurons, p) {
      const projection = projections[p] as ProjectionValues
      const { draws, sourceSize, targetSize } = projection
      if (draws === undefined) return placedRows(neurons, projection, projection)
      const rows = buildSourceRows(neurons.memory, draws, { sourceSize, targetSize })
      return { rows, weight: typeof draws.weights === 'number' ? draws.weights : null }
    },
    delayOf(p) {
      const projection = projections[p] as ProjectionValues
      const common = projection.draws === undefined ? null : commonDelay(projection.draws)
      return projection.delayShape === 'perSynapse' && common !== null
        ? () => common
        : delayRule(projection, projection.delays)
    },
  })
}

/**
 * The form of a group whose parameters were changed: every synapse has a weight of its own, and knows its place among the
 * parameters. Where these are what the description says it computes the same bits.
 */
export function learnedForm(group: WindowGroup, { values, projections }: WindowParameters): WindowForm {
  const drives = learnedDrives(group, projections)
  const numbersOf = (p: number) => projections[p] as ProjectionNumbers
  return formOf({ ...group, values }, drives, {
    rowsOf: (neurons, p) => placedRows(neurons, group.projections[p] as ProjectionValues, numbersOf(p)),
    delayOf: (p) => delayRule(group.projections[p] as ProjectionValues, numbersOf(p).delays),
  })
}

/** The synapses of a list, or of a rule once their numbers may be others than it draws. */
function placedRows(
  { memory }: WindowNeurons,
  projection: ProjectionValues,
  numbers: ProjectionNumbers,
): WindowProjection {
  const rows = buildPlacedRows(memory, projection, projection.delayShape === 'perSynapse')
  followNumbers(memory, rows, numbers)
  return { rows, weight: null }
}

function followNumbers(memory: KernelMemory, rows: SourceRows, { weights, delays }: ProjectionNumbers): void {
  followPlaces(memory, rows, weights, rows.delayAt > 0 ? delays : null)
}

/**
 * The same as `learnedForm` without laying out anything anew, where time constants and delays of drives are what they were;
 * else null.
 *
 * @param form a learned one of the group
 */
export function followedForm(form: WindowForm, group: WindowGroup, parameters: WindowParameters): WindowForm | null {
  const { values, projections } = parameters
  const drives = learnedDrives(group, projections)
  const { drawn, emitted } = sorted(drives, form.cell)
  const isSame = form.neurons.isLaidOutFor(
    values,
    drawn.map(({ drive }) => drive),
  )
  if (!isSame || cellOf(values, group.plan) !== form.cell) return null
  form.neurons.follow(
    values,
    drawn.map(({ weights }) => weights),
  )
  form.rows.forEach((projection, p) => {
    if (projection !== null) followNumbers(form.neurons.memory, projection.rows, projections[p] as ProjectionNumbers)
  })
  const rules = group.projections.map((projection, p) =>
    delayRule(projection, (projections[p] as ProjectionNumbers).delays),
  )
  return { ...form, delays: rules, emitted: new EmittedDrives(emitted, values, group.seed) }
}

function learnedDrives({ projections, plan }: WindowGroup, numbers: readonly ProjectionNumbers[]): readonly DriveNow[] {
  return drivesOf(projections, plan, (_, p) => {
    const { weights, delays } = numbers[p] as ProjectionNumbers
    return { weights, delay: delays[0] ?? 0 }
  })
}

function drivesOf(
  projections: readonly ProjectionValues[],
  { drives }: WindowPlanOfGroup,
  now: (drive: Drive, projection: number) => { readonly weights: Float64Array; readonly delay: number },
): readonly DriveNow[] {
  return projections.flatMap(({ order }, projection): readonly DriveNow[] => {
    const drive = drives.get(order)
    if (drive === undefined) return []
    const { weights, delay } = now(drive, projection)
    return [{ projection, drive: { ...drive, delay }, weights }]
  })
}

/** Those that are drawn into the sums of cells, and those that are emitted. */
function sorted(drives: readonly DriveNow[], cell: number) {
  const emitted: EmittedDrive[] = drives.filter(({ drive }) => !fitsCells(drive, cell))
  return { drawn: drives.filter(({ drive }) => fitsCells(drive, cell)), emitted }
}

/** Length of a cell in ms. */
function cellOf(values: LifValues, { unscaled }: WindowPlanOfGroup): number {
  return unscaled === undefined ? cellLength(commonTaus(values)) : unscaledCell(values, unscaled)
}

interface FormParts {
  rowsOf(neurons: WindowNeurons, projection: number): WindowProjection
  delayOf(projection: number): DelayRule
}

function formOf(group: WindowGroup, drives: readonly DriveNow[], { rowsOf, delayOf }: FormParts): WindowForm {
  const { values, projections, seed, plan } = group
  const isUnscaled = plan.unscaled !== undefined
  const cell = cellOf(values, plan)
  const { drawn, emitted } = sorted(drives, cell)
  const driven: DrivenNeurons = {
    drives: drawn.map(({ drive }) => drive),
    weights: drawn.map(({ weights }) => weights),
  }
  const neurons = new WindowNeurons({ values, cell, ...driven, seed, isUnscaled })
  const isDrawn = (p: number) => drawn.some(({ projection }) => projection === p)
  const rows = projections.map((_, p) => (isDrawn(p) ? null : rowsOf(neurons, p)))
  neurons.setProjections(rows)
  return {
    ...{ neurons, rows, cell },
    delays: projections.map((_, p) => delayOf(p)),
    emitted: new EmittedDrives(emitted, values, seed),
  }
}
