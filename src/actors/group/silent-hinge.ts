import type { Kernel } from '../../dynamics/kernels/kernel.js'
import { entryOf } from '../../events/by-name.js'
import { microBatches } from '../../events/trial-range.js'
import { wantedUnits, wantsUnits } from '../../learning/loss-view.js'
import { isSpiking } from '../../network/models/models.js'
import type { Run, RunLoss } from './run.js'

/** How strongly silence is punished in a group: of any neuron, and of those that the label wants to spike. */
export interface HingeStrengths {
  readonly all: number
  readonly label: number
}

export function hingeStrengths(kernel: Kernel, { loss }: Run, observed: boolean): HingeStrengths {
  if (loss === null || !isSpiking(kernel.values)) return { all: 0, label: 0 }
  return {
    all: entryOf(loss.silentHinge, kernel.values.name) ?? 0,
    label: observed && wantsUnits(loss) ? loss.silentLabelHinge : 0,
  }
}

/**
 * dL/d(max V) of the silent hinge: strength · max(0, threshold - vMax), summed over silent neurons and trials.
 *
 * Returns one value per (trial, neuron), of all trials or of one micro-batch, -strength where the hinge is active; null
 * when it is off.
 */
export function hingeGradients(kernel: Kernel, run: Run, observed: boolean, microBatch?: number): Float64Array | null {
  const { all, label } = hingeStrengths(kernel, run, observed)
  if (all === 0 && label === 0) return null
  const { size, start } = kernel.values
  const { count } = run.trials
  const range = microBatches(count, run.microBatch)[microBatch ?? 0] ?? { start: 0, end: count }
  const peaks = kernel.maxima(microBatch).values
  const threshold = kernel.parametersButWeights.subarray(kernel.layout.threshold)
  const gradients = new Float64Array(peaks.length)
  const punish = (trial: number, n: number, strength: number) => {
    const at = (trial - range.start) * size + n
    if (kernel.isSilent(trial, n) && (peaks[at] as number) < (threshold[n] as number)) gradients[at] = -strength
  }
  const punishAll = (trial: number, wanted: ReadonlySet<number>) => {
    for (let n = 0; n < size; n++) punish(trial, n, wanted.has(start + n) ? all + label : all)
  }
  const punishWanted = (trial: number, wanted: ReadonlySet<number>) => {
    for (const unit of wanted) if (start <= unit && unit < start + size) punish(trial, unit - start, label)
  }
  for (let trial = range.start; trial < range.end; trial++) {
    const wanted = new Set(label === 0 || run.loss === null ? [] : unitsOf(run.loss, trial))
    if (all !== 0) punishAll(trial, wanted)
    else punishWanted(trial, wanted)
  }
  return gradients
}

function unitsOf({ loss, labels }: RunLoss, trial: number): readonly number[] {
  return wantedUnits(loss, labels?.[trial] ?? null)
}
