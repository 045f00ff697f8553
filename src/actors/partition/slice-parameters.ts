import type { Kernel } from '../../dynamics/kernel.js'
import type { TauPlace } from '../../dynamics/parameter-layout.js'
import type { Afferent } from '../../dynamics/synapses.js'
import { type GradientTerm, TERM_ORDER } from '../../learning/gradient-squares.js'
import type { ParameterKind } from '../../learning/session.js'
import type { Network } from '../../network/network.js'
import type { SliceParameters } from './partition.js'

/** Whether a slice holds the delays of a projection for good: its own ones, and shared ones if it is the first. */
export function holdsDelays({ values }: Kernel, { delayShape }: Afferent): boolean {
  return delayShape === 'perSynapse' || values.start === 0
}

/** Copies the learnable numbers (or gradients in the same places) out of a kernel's vector. */
export function sliceParameters(kernel: Kernel, vector: Float64Array): SliceParameters {
  const { layout, synapses, values } = kernel
  const part = (from: number, count: number) => vector.slice(from, from + count)
  return {
    group: values.name,
    start: values.start,
    projections: synapses.afferents.map((afferent) => ({
      key: afferent.key,
      weights: part(layout.weights + afferent.base, afferent.count),
      delays: part(layout.delays + afferent.delayBase, holdsDelays(kernel, afferent) ? afferent.delayCount : 0),
    })),
    bias: part(layout.bias, values.size),
    threshold: values.kind === 'lif' ? part(layout.threshold, values.size) : null,
    adaptStep: values.kind === 'lif' ? part(layout.adaptStep, values.size) : null,
    taus: Object.fromEntries(
      layout.taus.map((place) => [place.field, part(place.at, holdsTau(kernel, place) ? place.count : 0)]),
    ),
  }
}

/** Whether a slice holds a time constant for good: those of its neurons, and a common one if it is the first. */
function holdsTau({ values }: Kernel, { isCommon }: TauPlace): boolean {
  return !isCommon || values.start === 0
}

/** The arrays of a slice's gradient that count towards its norm: of learned kinds only, shared ones where they are owned. */
export function sliceTerms(
  { projections, groups }: Network,
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
    const isDense = projections[order]?.connectivity.kind === 'dense'
    const targets = isDense ? null : synapses.targets.subarray(base, base + count)
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
  const group = groups.findIndex(({ name }) => name === values.name)
  const perNeuron = (array: 'threshold' | 'adaptStep' | 'bias', from: number) => {
    const term = TERM_ORDER.ofGroup(projections.length, group, array)
    terms.push({ term, values: vector.subarray(from, from + size), targets: null, start, size, total })
  }
  if (values.kind === 'lif' && learned.includes('thresholds')) perNeuron('threshold', layout.threshold)
  if (values.kind === 'lif' && learned.includes('adaptation')) perNeuron('adaptStep', layout.adaptStep)
  if (learned.includes('bias')) perNeuron('bias', layout.bias)
  for (const place of learned.includes('taus') ? layout.taus : []) {
    if (!holdsTau(kernel, place)) continue
    const term = TERM_ORDER.ofTau(projections.length, groups.length, group, place.field)
    const held = vector.subarray(place.at, place.at + place.count)
    const shape = place.isCommon ? { start: 0, size: 1, total: 1 } : { start, size, total }
    terms.push({ term, values: held, targets: null, ...shape })
  }
  return terms
}
