import { entryOf } from '../../events/by-name.js'
import type { Dataset } from '../../learning/task.js'

/** What a network predicted of every sample, in one draw. */
export interface DrawPredictions {
  readonly draw: number
  /** -1 where every output was silent. */
  readonly predictions: Int32Array
}

/**
 * A table as CSV (RFC 4180): a row per draw and sample with its label and what was predicted, -1 where every output was
 * silent, the names of both if classes have names, empty for what was silent, and whatever else is known of the sample.
 */
export function predictionsTable(dataset: Dataset, draws: readonly DrawPredictions[]): string {
  const { labels, classNames, about = {} } = dataset
  const names = Object.keys(about)
  const known = Array.from(labels, (_, sample) => names.map((name) => field(entryOf(about, name)?.[sample] ?? '')))
  const namesOf = (...classes: readonly (number | undefined)[]) =>
    classNames === undefined ? [] : classes.map((label) => field(classNames[label ?? -1] ?? ''))
  const rows = draws.flatMap(({ draw, predictions }) =>
    Array.from(predictions, (predicted, sample) => {
      const label = labels[sample]
      return [draw, sample, label, predicted, ...namesOf(label, predicted), ...(known[sample] ?? [])]
    }),
  )
  const named = classNames === undefined ? [] : ['class', 'predicted class']
  const head = ['draw', 'sample', 'label', 'predicted', ...named, ...names.map(field)]
  return [head, ...rows].map((row) => `${row.join(',')}\n`).join('')
}

/** Quoted where a comma, a quote or a line's end would break the row. */
function field(value: string | number): string {
  const text = String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
