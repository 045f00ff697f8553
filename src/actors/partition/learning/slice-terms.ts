import type { Kernel } from '../../../dynamics/kernels/kernel.js'
import type { KernelGradient } from '../../../dynamics/kernels/kernel-parameters.js'
import type { Afferent } from '../../../dynamics/parameters/synapses.js'
import { InternalError } from '../../../events/errors.js'
import { type GradientTerm, TERM_ORDER } from '../../../learning/gradient-squares.js'
import type { ParameterKind } from '../../../learning/session.js'
import { connectivityOf } from '../../../network/connectivity/connectivity-of.js'
import type { Network } from '../../../network/description/network.js'
import { NEURON_PARAMETERS } from '../../../network/models/neuron-model.js'
import { type SliceArray, sliceArrays } from './slice-parameters.js'

/** The arrays of a slice's gradient that count towards its norm: of learned kinds only, shared ones where they are owned. */
export type SliceTerms = (gradient: KernelGradient, learned: readonly ParameterKind[]) => readonly GradientTerm[]

/** What is known of a term before there is a gradient. */
interface TermPlace extends Omit<GradientTerm, 'values' | 'squares'> {
  readonly kind: ParameterKind
  /** Of weights. */
  readonly projection: number | null
  readonly from: number
  readonly to: number
}

/** Where the terms of a kernel lie never changes: it is listed once, when it is first asked for. */
export function createSliceTerms(network: Network, kernel: Kernel): SliceTerms {
  let known: readonly TermPlace[] | null = null
  return (gradient, learned) => {
    known ??= termPlaces(network, kernel)
    return known
      .filter(({ kind }) => learned.includes(kind))
      .map(({ kind, term, targets, start, size, total, from, to, projection }) => ({
        term,
        targets,
        start,
        size,
        total,
        get values() {
          return (kind === 'weights' ? gradient.whole() : gradient.butWeights).subarray(from, to)
        },
        squares: (scale) => (projection === null ? null : gradient.squares(projection, scale)),
      }))
  }
}

/** In the order of the terms. */
function termPlaces(network: Network, kernel: Kernel): readonly TermPlace[] {
  const { start, size, total } = kernel.values
  const counts = ({ kind, afferent, isHeld }: SliceArray) =>
    isHeld && !(kind === 'delays' && afferent?.delayShape === 'none')
  return sliceArrays(kernel)
    .filter(counts)
    .map((array) => {
      const { kind, from, to, isShared, afferent } = array
      const shape = isShared ? { start: 0, size: to - from, total: to - from } : { start, size, total }
      const targets = isShared ? null : targetsOf(network, kernel, array)
      const projection = kind === 'weights' ? kernel.synapses.afferents.indexOf(afferent as Afferent) : null
      return { kind, from, to, projection, term: termOf(network, kernel, array), targets, ...shape }
    })
    .sort((a, b) => a.term - b.term)
}

/** The neuron of each entry; null where each has equally many, one after the other. */
function targetsOf({ projections }: Network, { synapses }: Kernel, { afferent }: SliceArray): Int32Array | null {
  if (afferent === undefined) return null
  const { order, base, count } = afferent
  // The matrix of a dense projection has one row per neuron.
  const projection = projections[order]
  const hasRows = projection !== undefined && connectivityOf(projection).layout === 'dense'
  return hasRows ? null : synapses.targets.subarray(base, base + count)
}

function termOf({ projections, groups }: Network, { values }: Kernel, { kind, afferent, field }: SliceArray): number {
  if (kind === 'weights' || kind === 'delays') return TERM_ORDER[kind]((afferent as Afferent).order)
  const group = groups.findIndex(({ name }) => name === values.name)
  if (kind !== 'taus') return TERM_ORDER.ofGroup(projections.length, group, NEURON_PARAMETERS[kind])
  if (field === undefined) throw new InternalError('A time constant is called nothing.')
  return TERM_ORDER.ofTau(projections.length, groups.length, group, field)
}
