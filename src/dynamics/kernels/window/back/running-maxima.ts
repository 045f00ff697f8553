import { InternalError } from '../../../../events/errors.js'
import type { KernelMaxima } from '../../kernel.js'
import type { KernelMemory } from '../../wasm/kernel-memory.js'
import { WINDOW_PEAK } from '../../wasm/schema/window-records.js'
import type { AdjointHeaderFields, WindowHeaderFields } from '../window-header.js'

/** Where the maxima of a trial's voltages lie, as fields of the header: see `runningMaxima` there. */
export type TrialMaxima = Required<Pick<WindowHeaderFields, 'runningMaxima' | 'peaks'>>

/** What a trial knows of the maxima of its voltages. */
export interface TrialWithMaxima {
  /** Null while they are not wanted. */
  runningMaxima: TrialMaxima | null
  /** Where they lie once they have been wanted. */
  runningMaximaAt: TrialMaxima | null
}

/** A maximum that the loss looks at. */
export interface Top {
  /** Of the neurons held. */
  readonly neuron: number
  readonly time: number
  /** dL/d(max V). */
  readonly gradient: number
}

/** Nothing has happened yet in a trial: V is 0 at the start. */
export function beginRunningMaxima(
  memory: KernelMemory,
  trial: TrialWithMaxima,
  bias: Float64Array,
  maxima: 'wanted' | 'not wanted',
): void {
  trial.runningMaxima = null
  if (maxima === 'not wanted') return
  const places = bias.length + (bias.length % 2)
  trial.runningMaximaAt ??= { runningMaxima: memory.take(8 * places), peaks: memory.take(WINDOW_PEAK.size * places) }
  trial.runningMaxima = trial.runningMaximaAt
  const { runningMaxima, peaks } = trial.runningMaxima
  const { f64 } = memory
  f64.fill(Infinity, runningMaxima / 8, runningMaxima / 8 + places)
  f64.set(
    bias.map((value) => -value),
    runningMaxima / 8,
  )
  f64.fill(0, peaks / 8, (peaks + WINDOW_PEAK.size * places) / 8)
}

/**
 * The maxima of silent neurons, trial by trial; those of others are 0 at the start.
 *
 * @param isSilent of the n-th neuron held
 */
export function readRunningMaxima(
  { f64 }: KernelMemory,
  trials: readonly TrialWithMaxima[],
  bias: Float64Array,
  isSilent: (trial: number, n: number) => boolean,
): KernelMaxima {
  const size = bias.length
  const maxima = { values: new Float64Array(trials.length * size), times: new Float64Array(trials.length * size) }
  trials.forEach(({ runningMaxima: at }, trial) => {
    if (at === null) throw new InternalError('Maxima of voltages were not requested.')
    const { runningMaxima, peaks } = at
    for (let n = 0; n < size; n++) {
      if (!isSilent(trial, n)) continue
      maxima.values[trial * size + n] = (f64[runningMaxima / 8 + n] as number) + (bias[n] as number)
      maxima.times[trial * size + n] = f64[(peaks + WINDOW_PEAK.size * n + WINDOW_PEAK.at.time) / 8] as number
    }
  })
  return maxima
}

/**
 * The maxima of a trial that move with anything; not those that the voltage has at the start.
 *
 * @param gradients dL/d(max V) per neuron held
 */
export function movingMaxima(
  { f64, i32 }: KernelMemory,
  { peaks }: TrialMaxima,
  gradients: Float64Array,
): readonly Top[] {
  return Array.from(gradients, (gradient, neuron): Top & { readonly kind: number } => {
    const peak = peaks + WINDOW_PEAK.size * neuron
    const time = f64[(peak + WINDOW_PEAK.at.time) / 8] as number
    return { neuron, time, gradient, kind: i32[(peak + WINDOW_PEAK.at.kind) / 4] as number }
  }).filter(({ gradient, kind }) => gradient !== 0 && kind !== 0)
}

/** The hinge strength (threshold - vMax): -strength on vMax is strength on the threshold. */
export function raiseThresholds({ f64 }: KernelMemory, regions: AdjointHeaderFields, size: number): void {
  const { maximumGradients, thresholdSums } = regions as Required<AdjointHeaderFields>
  for (let n = 0; maximumGradients !== 0 && n < size; n++)
    f64[thresholdSums / 8 + n] = (f64[thresholdSums / 8 + n] as number) - (f64[maximumGradients / 8 + n] as number)
}
