import type { SpikeTrains } from '../../../events/spike-trains.js'
import type { LifValues, ProjectionValues } from '../../../network/instance/instance.js'
import type { KernelMemory } from '../wasm/kernel-memory.js'
import { commonTaus } from '../wasm/tau-fields.js'
import { binLength } from './bins/bin-grid.js'
import { QUIET_INTERVAL } from './bins/stillness.js'
import type { PoissonDrivenNeurons } from './neurons/neurons-options.js'
import { WindowNeurons } from './neurons/window-neurons.js'
import { type Arrive, type EmittedPoissonInput, EmittedPoissonInputs } from './poisson/emitted-poisson-inputs.js'
import { fitsBins, type PoissonInput } from './poisson/poisson-input-places.js'
import { buildPlacedRows, followPlaces } from './rows/record-places.js'
import { buildSourceRows, commonDelay, type SourceRows, type WindowProjection } from './rows/source-rows.js'
import { type DelayRule, delayRule, type ProjectionNumbers, type WindowParameters } from './rows/window-parameters.js'
import { unscaledBin, type WindowGroup } from './window-groups.js'

/** A group, or a slice of it, as a window kernel receives it. */
export interface WindowSlice {
  readonly values: LifValues
  readonly projections: readonly ProjectionValues[]
  readonly windowGroup: WindowGroup
  /** Of the spikes that it draws. */
  readonly seed: number
}

/** A group laid out for what its parameters are. */
export interface WindowForm {
  readonly neurons: WindowNeurons
  /** Per projection: rows, null of those that are drawn into sums; and delays. */
  readonly rows: readonly (WindowProjection | null)[]
  readonly delays: readonly DelayRule[]
  readonly emitted: EmittedPoissonInputs
  /** Length of a bin in ms. */
  readonly bin: number
}

/** A Poisson input with the delay and, per neuron held, the weights of now. */
interface PoissonInputNow {
  readonly projection: number
  readonly poissonInput: PoissonInput
  readonly weights: Float64Array
}

/** The form of a group as it is described: synapses of rules lie as they are drawn, and are never listed. */
export function describedForm({ values, projections, windowGroup, seed }: WindowSlice): WindowForm {
  const poissonInputs = poissonInputsOf(projections, windowGroup, ({ delay }, p) => {
    return { weights: (projections[p] as ProjectionValues).weights, delay }
  })
  return formOf({ values, projections, windowGroup, seed }, poissonInputs, {
    rowsOf(neurons, p) {
      const projection = projections[p] as ProjectionValues
      const { draws, sourceSize, targetSize } = projection
      if (draws === undefined) return placedRows(neurons, projection, projection)
      const rows = buildSourceRows(neurons.engine.memory, draws, { sourceSize, targetSize })
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
function learnedForm(slice: WindowSlice, { values, projections }: WindowParameters): WindowForm {
  const poissonInputs = learnedPoissonInputs(slice, projections)
  const numbersOf = (p: number) => projections[p] as ProjectionNumbers
  return formOf({ ...slice, values }, poissonInputs, {
    rowsOf: (neurons, p) => placedRows(neurons, slice.projections[p] as ProjectionValues, numbersOf(p)),
    delayOf: (p) => delayRule(slice.projections[p] as ProjectionValues, numbersOf(p).delays),
  })
}

/** The form of a group once its parameters may be others than its last form was laid out for. */
export function nextForm(form: WindowForm, slice: WindowSlice, parameters: WindowParameters): WindowForm {
  const isLearned = form.rows.every((projection) => projection?.rows.isDouble !== false)
  return (isLearned ? followedForm(form, slice, parameters) : null) ?? learnedForm(slice, parameters)
}

/** The synapses of a list, or of a rule once their numbers may be others than it draws. */
function placedRows(
  { engine: { memory } }: WindowNeurons,
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
 * The same as `learnedForm` without laying out anything again, where time constants and delays of Poisson inputs have
 * not changed; else null.
 *
 * @param form a learned one of the group
 */
function followedForm(form: WindowForm, slice: WindowSlice, parameters: WindowParameters): WindowForm | null {
  const { values, projections } = parameters
  const poissonInputs = learnedPoissonInputs(slice, projections)
  const { drawn, emitted } = sorted(poissonInputs, form.bin)
  const isSame = form.neurons.engine.isLaidOutFor(
    values,
    drawn.map(({ poissonInput }) => poissonInput),
  )
  if (!isSame || binOf(values, slice.windowGroup) !== form.bin) return null
  form.neurons.engine.follow(
    values,
    drawn.map(({ weights }) => weights),
  )
  form.rows.forEach((projection, p) => {
    if (projection !== null)
      followNumbers(form.neurons.engine.memory, projection.rows, projections[p] as ProjectionNumbers)
  })
  const rules = slice.projections.map((projection, p) =>
    delayRule(projection, (projections[p] as ProjectionNumbers).delays),
  )
  return { ...form, delays: rules, emitted: new EmittedPoissonInputs(emitted, values, slice.seed) }
}

function learnedPoissonInputs(
  { projections, windowGroup }: WindowSlice,
  numbers: readonly ProjectionNumbers[],
): readonly PoissonInputNow[] {
  return poissonInputsOf(projections, windowGroup, (_, p) => {
    const { weights, delays } = numbers[p] as ProjectionNumbers
    return { weights, delay: delays[0] ?? 0 }
  })
}

function poissonInputsOf(
  projections: readonly ProjectionValues[],
  { poissonInputs }: WindowGroup,
  now: (poissonInput: PoissonInput, projection: number) => { readonly weights: Float64Array; readonly delay: number },
): readonly PoissonInputNow[] {
  return projections.flatMap(({ order }, projection): readonly PoissonInputNow[] => {
    const poissonInput = poissonInputs.get(order)
    if (poissonInput === undefined) return []
    const { weights, delay } = now(poissonInput, projection)
    return [{ projection, poissonInput: { ...poissonInput, delay }, weights }]
  })
}

/** Those that are drawn into the sums of bins, and those that are emitted. */
function sorted(poissonInputs: readonly PoissonInputNow[], bin: number) {
  const emitted: EmittedPoissonInput[] = poissonInputs.filter(({ poissonInput }) => !fitsBins(poissonInput, bin))
  return { drawn: poissonInputs.filter(({ poissonInput }) => fitsBins(poissonInput, bin)), emitted }
}

/** Length of a bin in ms. */
function binOf(values: LifValues, { unscaled }: WindowGroup): number {
  return unscaled === undefined ? binLength(commonTaus(values)) : unscaledBin(values, unscaled)
}

interface FormParts {
  rowsOf(neurons: WindowNeurons, projection: number): WindowProjection
  delayOf(projection: number): DelayRule
}

function formOf(
  slice: WindowSlice,
  poissonInputs: readonly PoissonInputNow[],
  { rowsOf, delayOf }: FormParts,
): WindowForm {
  const { values, projections, seed, windowGroup } = slice
  const isUnscaled = windowGroup.unscaled !== undefined
  const bin = binOf(values, windowGroup)
  const { drawn, emitted } = sorted(poissonInputs, bin)
  const poissonDriven: PoissonDrivenNeurons = {
    poissonInputs: drawn.map(({ poissonInput }) => poissonInput),
    weights: drawn.map(({ weights }) => weights),
  }
  const neurons = new WindowNeurons({ values, bin, ...poissonDriven, seed, isUnscaled })
  const isDrawn = (p: number) => drawn.some(({ projection }) => projection === p)
  const rows = projections.map((_, p) => (isDrawn(p) ? null : rowsOf(neurons, p)))
  neurons.engine.setProjections(rows)
  return {
    ...{ neurons, rows, bin },
    delays: projections.map((_, p) => delayOf(p)),
    emitted: new EmittedPoissonInputs(emitted, values, seed),
  }
}

/**
 * Runs everything before `end`, see `WindowNeurons.advance`, in steps that hold back what Poisson inputs emit; returns the
 * spikes of each.
 *
 * @param arrive lets the spikes that are emitted arrive
 */
export function advanceInSteps(
  { neurons, emitted, bin }: WindowForm,
  end: number,
  arrive: Arrive,
): readonly SpikeTrains[] {
  if (emitted.isEmpty) return [neurons.advance(end)]
  const steps: SpikeTrains[] = []
  for (;;) {
    // The next arrivals come in the current bin or a later one.
    const from = Math.max(neurons.binStart, Math.floor(emitted.due() / bin) * bin)
    const to = Math.min(end, from + QUIET_INTERVAL * bin)
    emitted.emit(to, arrive)
    steps.push(neurons.advance(to))
    if (to === end) return steps
  }
}
