import { type FormatsRecord, formatsInWords } from '../chip/flags/chip-device.js'
import { formatTable } from '../table.js'
import type { DrawResult, EvaluationSummary } from './evaluate-draws.js'
import type { FormatAccuracies } from './evaluate-formats.js'

/** What came of an evaluation, for people. */
export function evaluationTable(
  results: readonly DrawResult[],
  { accuracy, split, samples, formats }: EvaluationSummary,
): string {
  const { mean, std } = accuracy
  const isTimed = results.some(({ timingError }) => timingError !== undefined)
  const rows = results.map((result) => [
    result.draw,
    result.noiseSeed ?? '-',
    inPercent(result.accuracy),
    result.loss === null ? '-' : result.loss.toFixed(4),
    ...(isTimed ? [result.timingError?.toFixed(3) ?? '-'] : []),
    inPercent(result.silentFraction),
    result.hiddenSpikes.toFixed(1),
  ])
  const spread = std === null ? '' : ` ± ${inPercent(std)} (standard deviation over ${results.length} devices)`
  return [
    formatTable(
      ['draw', 'seed', 'accuracy %', 'loss', ...(isTimed ? ['off ms'] : []), 'silent %', 'hidden spikes'],
      rows,
    ),
    formats === undefined ? '' : formatsTable(formats),
    `accuracy ${inPercent(mean)} %${spread}, on ${samples} ${split} samples\n`,
    formats === undefined ? '' : `accuracy with ${formatsInWords(formats)}\n`,
  ].join('')
}

export function inPercent(share: number): string {
  return (100 * share).toFixed(2)
}

function formatsTable({ chip, accuracy, lost }: FormatsRecord & FormatAccuracies): string {
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
