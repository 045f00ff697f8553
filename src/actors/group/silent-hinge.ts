import type { Kernel } from '../../dynamics/kernel.js'
import type { Run } from './run.js'

/** How strongly silence is punished in a group: of any neuron, and of the label unit. */
export interface HingeStrengths {
  readonly all: number
  readonly label: number
}

export function hingeStrengths(kernel: Kernel, { loss }: Run, observed: boolean): HingeStrengths {
  if (loss === null || kernel.values.kind !== 'lif') return { all: 0, label: 0 }
  return {
    all: loss.silentHinge[kernel.values.name] ?? 0,
    label: observed && loss.labels !== null ? loss.silentLabelHinge : 0,
  }
}

/**
 * dL/d(max V) of the silent hinge: strength · max(0, threshold - vMax), summed over silent neurons and trials.
 *
 * Returns one value per (trial, neuron), -strength where the hinge is active; null when it is off.
 */
export function hingeGradients(kernel: Kernel, run: Run, observed: boolean): Float64Array | null {
  const { all, label } = hingeStrengths(kernel, run, observed)
  if (all === 0 && label === 0) return null
  const { size, start } = kernel.values
  const peaks = kernel.maxima().values
  const threshold = kernel.parameters.subarray(kernel.layout.threshold)
  const gradients = new Float64Array(peaks.length)
  const punish = (trial: number, n: number, strength: number) => {
    const at = trial * size + n
    if (kernel.isSilent(trial, n) && (peaks[at] as number) < (threshold[n] as number)) gradients[at] = -strength
  }
  for (let trial = 0; trial < run.trials.count; trial++) {
    const labelled = (run.loss?.labels?.[trial] ?? -1) - start
    if (all !== 0) for (let n = 0; n < size; n++) punish(trial, n, n === labelled ? all + label : all)
    else if (0 <= labelled && labelled < size) punish(trial, labelled, label)
  }
  return gradients
}
