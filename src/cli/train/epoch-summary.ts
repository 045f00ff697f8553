import type { SpentBudget } from '../../learning/budget-strengths.js'
import type { EpochRecord } from './epoch-record.js'

/** What is known of an epoch; null where nothing is yet. */
export type Summary = Pick<EpochRecord, 'loss' | 'samplesPerSecond' | 'timingError' | 'spikeBudget'> & {
  readonly trainAccuracy: number | null
  readonly validationAccuracy: number | null
  readonly silentFraction: number | null
}

export const NOTHING_YET = { trainAccuracy: null, validationAccuracy: null, silentFraction: null } as const

/** Such as `epoch  2/12`. */
export function epochTitle(epoch: number, epochs: number): string {
  return `epoch ${String(epoch).padStart(String(epochs).length)}/${epochs}`
}

/** Of one width, whatever the values. */
export function epochSummary(summary: Summary): string {
  const {
    loss,
    trainAccuracy,
    validationAccuracy,
    silentFraction,
    samplesPerSecond,
    timingError,
    spikeBudget = {},
  } = summary
  return [
    `loss ${fixed(loss, 4, 6)}`,
    // With targets there are no classes to be right about, but times.
    ...(timingError === undefined
      ? [`train ${percent(trainAccuracy)}`, `val ${percent(validationAccuracy)}`]
      : [`off ${fixed(timingError, 3, 6)} ms`]),
    `silent ${percent(silentFraction)}`,
    ...Object.entries(spikeBudget).map(([group, budget]) => `${group} ${spent(budget)}`),
    `${fixed(samplesPerSecond, 0, 5)}/s`,
  ].join(' ')
}

/** Such as `1.52 of 1.5 spikes by 3.7e-5`. */
function spent({ target, spikes, strength }: SpentBudget): string {
  return `${fixed(spikes, 2, 5)} of ${target} spikes by ${strength.toExponential(1)}`
}

function percent(share: number | null): string {
  return share === null ? '     -' : `${fixed(100 * share, 1, 5)}%`
}

function fixed(value: number | null, digits: number, width: number): string {
  return (value === null || !Number.isFinite(value) ? '-' : value.toFixed(digits)).padStart(width)
}
