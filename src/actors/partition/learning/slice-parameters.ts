import type { Kernel } from '../../../dynamics/kernels/kernel.js'
import type { TauPlace } from '../../../dynamics/parameters/parameter-layout.js'
import type { Afferent } from '../../../dynamics/parameters/synapses.js'
import { InternalError } from '../../../events/errors.js'
import { type GradientTerm, TERM_ORDER } from '../../../learning/gradient-squares.js'
import type { ParameterKind } from '../../../learning/session.js'
import { connectivityOf } from '../../../network/connectivity/connectivity-of.js'
import { hasNeurons } from '../../../network/description/has-neurons.js'
import type { Network } from '../../../network/description/network.js'
import type { SliceParameters } from '../partition.js'

/** Whether a slice holds the delays of a projection for good: its own ones, and shared ones if it is the first. */
export function holdsDelays({ values }: Kernel, { delayShape }: Afferent): boolean {
  return delayShape === 'perSynapse' || values.start === 0
}

/** Where an array lies in a kernel's vector; numbers that a slice only follows are no part of what it says of itself. */
interface Place {
  readonly at: number
  readonly count: number
  readonly isHeld: boolean
}

/** Where the arrays of a slice lie in its kernel's vector, parameters and gradients alike. */
export function slicePlaces(kernel: Kernel) {
  const { layout, synapses, values } = kernel
  const held = (at: number, count: number): Place => ({ at, count, isHeld: true })
  const ofNeurons = (at: number) => held(at, values.size)
  return {
    projections: synapses.afferents.map((afferent) => ({
      key: afferent.key,
      weights: held(layout.weights + afferent.base, afferent.count),
      delays: {
        ...held(layout.delays + afferent.delayBase, afferent.delayCount),
        isHeld: holdsDelays(kernel, afferent),
      },
    })),
    bias: ofNeurons(layout.bias),
    threshold: values.kind === 'lif' ? ofNeurons(layout.threshold) : null,
    adaptStep: values.kind === 'lif' ? ofNeurons(layout.adaptStep) : null,
    taus: layout.taus.map((place) => {
      return { field: place.field, place: { ...held(place.at, place.count), isHeld: holdsTau(kernel, place) } }
    }),
  }
}

/** Copies the learnable numbers (or gradients in the same places) out of a kernel's vector. */
export function sliceParameters(kernel: Kernel, vector: Float64Array): SliceParameters {
  const { projections, bias, threshold, adaptStep, taus } = slicePlaces(kernel)
  const part = ({ at, count, isHeld }: Place) => vector.slice(at, at + (isHeld ? count : 0))
  return {
    group: kernel.values.name,
    start: kernel.values.start,
    projections: projections.map(({ key, weights, delays }) => ({ key, weights: part(weights), delays: part(delays) })),
    bias: part(bias),
    threshold: threshold && part(threshold),
    adaptStep: adaptStep && part(adaptStep),
    taus: Object.fromEntries(taus.map(({ field, place }) => [field, part(place)])),
  }
}

/**
 * Writes learnable numbers to their places in a kernel's vector; of what its group shares every slice is given all, and
 * what it is given nothing of stays as it is.
 *
 * Raises `InternalError` for arrays of another length.
 */
export function putSliceParameters(kernel: Kernel, given: SliceParameters): void {
  const { projections, bias, threshold, adaptStep, taus } = slicePlaces(kernel)
  const put = (what: string, place: Place | null, values: Float64Array | null | undefined) => {
    if (values === null || values === undefined || values.length === 0) return
    if (values.length !== place?.count)
      throw new InternalError(`"${given.group}" is given ${values.length} ${what} in place of ${place?.count ?? 0}.`)
    kernel.parameters.set(values, place.at)
  }
  for (const { key, weights, delays } of projections) {
    const own = given.projections.find((projection) => projection.key === key)
    if (own === undefined) throw new InternalError(`A saved slice of "${given.group}" lacks "${key}".`)
    put(`weights of "${key}"`, weights, own.weights)
    put(`delays of "${key}"`, delays, own.delays)
  }
  put('biases', bias, given.bias)
  put('thresholds', threshold, given.threshold)
  put('adaptation steps', adaptStep, given.adaptStep)
  for (const { field, place } of taus) put(field, place, given.taus?.[field])
}

/** Whether a slice holds a time constant for good: those of its neurons, and a common one if it is the first. */
function holdsTau({ values }: Kernel, { isCommon }: TauPlace): boolean {
  return !isCommon || values.start === 0
}

/** The arrays of a slice's gradient that count towards its norm: of learned kinds only, shared ones where they are owned. */
export function sliceTerms(
  network: Network,
  kernel: Kernel,
  vector: Float64Array,
  learned: readonly ParameterKind[],
): readonly GradientTerm[] {
  const ofProjections = projectionTerms(network, kernel, vector, learned)
  return [
    ...ofProjections,
    ...neuronTerms(network, kernel, vector, learned),
    ...tauTerms(network, kernel, vector, learned),
  ]
}

function projectionTerms(
  { projections }: Network,
  kernel: Kernel,
  vector: Float64Array,
  learned: readonly ParameterKind[],
): readonly GradientTerm[] {
  const { layout, synapses, values } = kernel
  const { start, size, total } = values
  const terms: GradientTerm[] = []
  for (const afferent of synapses.afferents) {
    const { order, base, count, delayShape, delayBase, delayCount } = afferent
    // The matrix of a dense projection has one row per neuron.
    const projection = projections[order]
    const hasRows = projection !== undefined && connectivityOf(projection).layout === 'dense'
    const targets = hasRows ? null : synapses.targets.subarray(base, base + count)
    if (learned.includes('weights')) {
      const weights = vector.subarray(layout.weights + base, layout.weights + base + count)
      terms.push({ term: TERM_ORDER.weights(order), values: weights, targets, start, size, total })
    }
    if (!learned.includes('delays') || delayShape === 'none' || !holdsDelays(kernel, afferent)) continue
    const delays = vector.subarray(layout.delays + delayBase, layout.delays + delayBase + delayCount)
    const term = TERM_ORDER.delays(order)
    if (delayShape === 'perSynapse') terms.push({ term, values: delays, targets, start, size, total })
    else terms.push({ term, values: delays, targets: null, start: 0, size: delayCount, total: delayCount })
  }
  return terms
}

/** The number of a kernel's group in the network. */
const groupOf = ({ groups }: Network, { values }: Kernel) => groups.findIndex(({ name }) => name === values.name)

function neuronTerms(
  network: Network,
  kernel: Kernel,
  vector: Float64Array,
  learned: readonly ParameterKind[],
): readonly GradientTerm[] {
  const { layout, values } = kernel
  const { start, size, total } = values
  const terms: GradientTerm[] = []
  const perNeuron = (array: 'threshold' | 'adaptStep' | 'bias', from: number) => {
    const term = TERM_ORDER.ofGroup(network.projections.length, groupOf(network, kernel), array)
    terms.push({ term, values: vector.subarray(from, from + size), targets: null, start, size, total })
  }
  if (values.kind === 'lif' && learned.includes('thresholds')) perNeuron('threshold', layout.threshold)
  if (values.kind === 'lif' && learned.includes('adaptation')) perNeuron('adaptStep', layout.adaptStep)
  if (hasNeurons(values) && learned.includes('bias')) perNeuron('bias', layout.bias)
  return terms
}

function tauTerms(
  network: Network,
  kernel: Kernel,
  vector: Float64Array,
  learned: readonly ParameterKind[],
): readonly GradientTerm[] {
  if (!learned.includes('taus')) return []
  const { projections, groups } = network
  const { start, size, total } = kernel.values
  const held = kernel.layout.taus.filter((place) => holdsTau(kernel, place))
  return held.map(({ field, at, count, isCommon }) => {
    const term = TERM_ORDER.ofTau(projections.length, groups.length, groupOf(network, kernel), field)
    const shape = isCommon ? { start: 0, size: 1, total: 1 } : { start, size, total }
    return { term, values: vector.subarray(at, at + count), targets: null, ...shape }
  })
}
