import type { Kernel } from '../../../dynamics/kernels/kernel.js'
import {
  combinePartialSums,
  combineTauPartialSums,
  commonTaus,
  type PartialSums,
} from '../../../dynamics/parameters/partial-sums.js'
import type { Afferent } from '../../../dynamics/parameters/synapses.js'
import { InternalError } from '../../../events/errors.js'

/** Those numbers of a kernel that the slices of its group share. */
export interface SharedPart {
  readonly kind: 'delays' | 'taus'
  /** After `finishGradient`: what this slice adds to their gradient. */
  partialSums(): PartialSums
  /** Writes the gradient that the partial sums of all slices make. */
  combine(parts: readonly PartialSums[]): void
  /** A copy of the numbers. */
  values(): Float64Array
  /** Takes numbers over. */
  take(values: Float64Array): void
}

/** The delays of a projection, by its number among the kernel's: one, or one per source unit. */
export function sharedDelays(kernel: Kernel, projection: number): SharedPart {
  // Asked for when learned: a kernel may do without lists of its synapses.
  const afferent = () => kernel.synapses.afferents[projection] as Afferent
  const from = () => kernel.layout.delays + afferent().delayBase
  return {
    kind: 'delays',
    partialSums: () =>
      required(kernel.partialSums(projection), `Projection ${projection} of "${kernel.values.name}"`, 'delays'),
    combine(parts) {
      kernel.setSharedGradient(projection, combinePartialSums(afferent().delayShape, kernel.layout.groupBlocks, parts))
    },
    values: () => kernel.parametersButWeights.slice(from(), from() + afferent().delayCount),
    take(values) {
      kernel.parametersButWeights.set(values, from())
      kernel.parametersChanged()
    },
  }
}

/** The time constants that are one number of the whole group. */
export function sharedTaus(kernel: Kernel): SharedPart {
  return {
    kind: 'taus',
    partialSums: () => required(kernel.tauPartialSums(), `"${kernel.values.name}"`, 'time constants'),
    combine: (parts) => kernel.setCommonTaus(combineTauPartialSums(kernel.layout.groupBlocks, parts)),
    values: () => Float64Array.from(commonTaus(kernel.layout), ({ at }) => kernel.parametersButWeights[at] as number),
    take(values) {
      commonTaus(kernel.layout).forEach(({ at }, k) => {
        kernel.parametersButWeights[at] = values[k] as number
      })
      kernel.parametersChanged()
    },
  }
}

function required(partialSums: PartialSums | null, who: string, what: string): PartialSums {
  if (partialSums === null) throw new InternalError(`${who} shares no ${what}.`)
  return partialSums
}
