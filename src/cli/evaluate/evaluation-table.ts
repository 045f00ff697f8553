import { spreadOf } from '../../learning/spread.js'
import { type FormatsRecord, formatsInWords } from '../chip/flags/chip-device.js'
import { joined, type Shown, shown } from '../shown.js'
import { formatTable } from '../table.js'
import type { DrawResult, EvaluationSummary } from './evaluate-draws.js'
import type { FormatAccuracies } from './evaluate-formats.js'

/** What came of an evaluation, for people. */
export function evaluationTable(
  results: readonly DrawResult[],
  { accuracy, split, samples, formats }: EvaluationSummary,
): Shown {
  const { mean, std } = accuracy
  const isTimed = results.some(({ timingError }) => timingError !== undefined)
  const rows = results.map((result) => [
    result.draw,
    result.noiseSeed ?? '-',
    ...(isTimed ? [] : [inPercent(result.accuracy)]),
    result.loss === null ? '-' : result.loss.toFixed(4),
    ...(isTimed ? [result.timingError?.toFixed(3) ?? '-'] : []),
    inPercent(result.silentFraction),
    result.hiddenSpikes.toFixed(1),
  ])
  const spread = std === null ? '' : ` ± ${inPercent(std)} (standard deviation over ${results.length} devices)`
  return joined([
    formatTable(
      [
        'draw',
        'seed',
        ...(isTimed ? [] : ['accuracy %']),
        'loss',
        ...(isTimed ? ['off ms'] : []),
        'silent %',
        'hidden spikes',
      ],
      rows,
    ),
    ...(formats === undefined ? [] : [formatsTable(formats)]),
    isTimed
      ? shown`timing error ${timingInWords(results)}, on ${samples} ${split} samples\n`
      : shown`accuracy ${inPercent(mean)} %${spread}, on ${samples} ${split} samples\n`,
    ...(formats === undefined
      ? []
      : [shown`${isTimed ? 'timing error' : 'accuracy'} with ${formatsInWords(formats)}\n`]),
  ])
}

/** Of all devices on which a target has a spike. */
function timingInWords(results: readonly DrawResult[]): string {
  const errors = results.flatMap(({ timingError }) => timingError ?? [])
  if (errors.length === 0) return 'none, for no target has a spike'
  const { mean, std } = spreadOf(errors)
  const spread = std === null ? '' : ` ± ${std.toFixed(3)} (standard deviation over ${errors.length} devices)`
  return `${mean.toFixed(3)} ms${spread}`
}

/** What came of one device. */
export function measuredOf({ accuracy, timingError }: DrawResult): string {
  if (timingError === undefined) return `${inPercent(accuracy)} %`
  return timingError === null ? 'no target has a spike' : `off by ${timingError.toFixed(3)} ms`
}

function inPercent(share: number): string {
  return (100 * share).toFixed(2)
}

function formatsTable({ chip, accuracy, lost }: FormatsRecord & FormatAccuracies): Shown {
  const alone = Object.entries(accuracy.alone).map(([format, share]) => {
    return [`${format} alone`, inPercent(share), inPercent(accuracy.exact - share)]
  })
  return formatTable(
    [`formats of ${chip}`, 'accuracy %', 'lost %'],
    [
      ['exact', inPercent(accuracy.exact), '-'],
      ...alone,
      ['all together', inPercent(accuracy.together), inPercent(lost.together)],
    ],
  )
}
