import type { Kernel } from '../../../dynamics/kernels/kernel.js'
import type { LayoutPart } from '../../../dynamics/parameters/parameter-layout.js'
import type { Afferent } from '../../../dynamics/parameters/synapses.js'
import { InternalError } from '../../../events/errors.js'
import type { OptimizerMemory, ParameterKind } from '../../../learning/session.js'
import { learnableOf } from '../../../network/models/models.js'
import { NEURON_PARAMETERS } from '../../../network/models/neuron-model.js'
import type { ArrayName, SliceParameters } from '../partition.js'

/** Where an array of a slice lies in its kernel's vectors, parameters and gradients alike: from … to - 1. */
export interface SliceArray extends ArrayName {
  readonly from: number
  readonly to: number
  /** The projection whose weights or delays these are. */
  readonly afferent?: Afferent
  /** All slices of the group have the same numbers. */
  readonly isShared: boolean
  /** The slice has them for good: they are its own, or shared and it is the first. */
  readonly isHeld: boolean
}

/** Where the parameters of these kinds lie. */
export function layoutParts(kinds: readonly ParameterKind[]): readonly LayoutPart[] {
  return kinds.map((kind) =>
    kind === 'weights' || kind === 'delays' || kind === 'taus' ? kind : NEURON_PARAMETERS[kind],
  )
}

/** All arrays of a slice and of the synapses into it, kind by kind, those of projections in the order of its synapses. */
export function sliceArrays({ layout, synapses, values }: Kernel): readonly SliceArray[] {
  const place = (name: ArrayName, from: number, count: number, isShared = false) => {
    return { ...name, from, to: from + count, isShared, isHeld: !isShared || values.start === 0 }
  }
  const ofNeurons = (kind: ParameterKind, from: number) => place({ kind, of: values.name }, from, values.size)
  return [
    ...synapses.afferents.map((afferent) => {
      const { key, base, count } = afferent
      return { ...place({ kind: 'weights', of: key }, layout.weights + base, count), afferent }
    }),
    ...synapses.afferents.map((afferent) => {
      const { key, delayBase, delayCount, delayShape } = afferent
      const from = layout.delays + delayBase
      return { ...place({ kind: 'delays', of: key }, from, delayCount, delayShape !== 'perSynapse'), afferent }
    }),
    ...learnableOf(values).map(({ kind, field }) => ofNeurons(kind, layout[field])),
    ...layout.taus.map(({ field, at, count, isCommon }) => {
      return place({ kind: 'taus', of: values.name, field }, at, count, isCommon)
    }),
  ]
}

/** The numbers of an array, as a slice tells them; null where it has none. */
export function arrayOf(slice: SliceParameters, { kind, of, field }: ArrayName): Float64Array | null {
  if (kind === 'weights' || kind === 'delays') return slice.projections.find(({ key }) => key === of)?.[kind] ?? null
  if (slice.group !== of) return null
  if (kind !== 'taus') return slice[NEURON_PARAMETERS[kind]]
  return field === undefined ? null : (slice.taus?.[field] ?? null)
}

/** What an optimiser remembers of an array. */
export function memoryOf(
  memories: readonly OptimizerMemory[],
  { kind, of, field }: ArrayName,
): OptimizerMemory | undefined {
  return memories.find((memory) => memory.kind === kind && memory.of === of && memory.field === field)
}

/** Copies the learnable numbers (or gradients in the same places) out of a kernel's vector; what it does not hold is empty. */
export function sliceParameters(kernel: Kernel, vector: Float64Array): SliceParameters {
  const { synapses, values } = kernel
  const arrays = sliceArrays(kernel)
  const part = ({ from, to, isHeld }: SliceArray) => vector.slice(from, isHeld ? to : from)
  const parts = (kind: ParameterKind) => arrays.filter((array) => array.kind === kind).map(part)
  const [weights, delays] = [parts('weights'), parts('delays')]
  return {
    group: values.name,
    start: values.start,
    projections: synapses.afferents.map(({ key }, p) => {
      return { key, weights: weights[p] as Float64Array, delays: delays[p] as Float64Array }
    }),
    threshold: parts('thresholds')[0] ?? null,
    adaptStep: parts('adaptation')[0] ?? null,
    // Actors learn none.
    bias: parts('bias')[0] ?? new Float64Array(values.size),
    taus: Object.fromEntries(
      arrays.flatMap((array) => (array.field === undefined ? [] : [[array.field, part(array)]])),
    ),
  }
}

/**
 * Writes learnable numbers to their places in a kernel's vector; of what its group shares every slice is given all, and
 * what it is given nothing of stays as it is.
 *
 * Raises `InternalError` for arrays of another length.
 */
export function putSliceParameters(kernel: Kernel, given: SliceParameters): void {
  for (const array of sliceArrays(kernel)) {
    const { kind, of, from, to } = array
    const values = arrayOf(given, array)
    if (values === null && array.afferent !== undefined)
      throw new InternalError(`A saved slice of "${given.group}" lacks "${of}".`)
    if (values === null || values.length === 0) continue
    if (values.length !== to - from)
      throw new InternalError(`"${given.group}" is given ${values.length} ${kind} of "${of}" in place of ${to - from}.`)
    kernel.parameters.set(values, from)
  }
}
