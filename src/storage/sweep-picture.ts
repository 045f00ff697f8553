import { join } from 'node:path'
import { entryOf } from '../events/by-name.js'
import { rankSettings } from '../learning/sweep/rank-settings.js'
import { OBJECTIVES, type Setting, type Sweep, type Variation } from '../learning/sweep/sweep.js'
import { type ParallelAxis, parallelPicture } from './pictures/parallel-picture.js'
import { type LedgerRecord, SWEEP_PICTURE } from './sweep-ledger.js'
import { writeAtomically } from './write-atomically.js'

/** A sweep that is through, and how its objective is shown. */
export interface SweepThrough {
  readonly name: string
  readonly sweep: Sweep
  readonly settings: readonly Setting[]
  /** All of its ledger behind the head. */
  readonly records: readonly LedgerRecord[]
  readonly words: { readonly title: string; readonly show: (value: number) => string }
}

/** Draws the settings of a sweep into its folder, each with the objective of the last rung that it has reached. Raises FILE_UNWRITABLE. */
export async function writeSweepPicture(folder: string, through: SweepThrough): Promise<void> {
  await writeAtomically(join(folder, SWEEP_PICTURE), sweepPicture(through))
}

function sweepPicture({ name, sweep, settings, records, words }: SweepThrough): string {
  const { vary, objective, seeds, halving } = sweep
  const reached = new Map<number, { readonly epochs: unknown; readonly values: (number | null)[] }>()
  let best: unknown
  for (const record of records) {
    const { setting, epochs, done } = record
    if (done === true) best = (record.best as Partial<LedgerRecord> | null)?.setting
    if (typeof setting !== 'number') continue
    const before = reached.get(setting)
    const rung = before !== undefined && before.epochs === epochs ? before : { epochs, values: [] }
    const value = entryOf(record, objective)
    rung.values.push(typeof value === 'number' ? value : null)
    reached.set(setting, rung)
  }
  const values = new Map([...reached].map(([setting, rung]) => [setting, rung.values]))
  const ranked = rankSettings(values, OBJECTIVES[objective])
  const paths = Object.keys(vary)
  const lines = ranked.map(({ setting, objective: spread }) => ({
    name: `setting ${setting}: ${spread === null ? 'failed' : words.show(spread.mean)}`,
    values: [...paths.map((path) => entryOf(settings[setting]?.values, path)), spread?.mean ?? null],
    isBest: setting === best,
  }))
  const means = ranked.flatMap(({ objective: spread }) => spread?.mean ?? [])
  const [first, last] = [means[0], means.at(-1)].map((mean = 0) => words.show(mean))
  const axes = Object.entries(vary).map(([path, variation]): ParallelAxis => ({ title: path, ...axisOf(variation) }))
  return parallelPicture({
    title: name,
    subtitle: `${settings.length} settings, ${seeds === 1 ? 'one seed' : `mean of ${seeds} seeds`}${
      halving === undefined ? '' : '; of each the last rung that it has reached'
    }${means.length === 0 ? '' : `; from ${last} (orange) to ${first} (blue), the best one thick`}`,
    axes: [...axes, { title: words.title, kind: 'linear', values: means }],
    lines,
  })
}

/** Values that are numbers and span a factor of ten or more are on a logarithmic axis, too. */
function axisOf(variation: Variation): Pick<ParallelAxis, 'kind' | 'values'> {
  const [[kind, values]] = Object.entries(variation) as [[string, readonly unknown[]]]
  if (!values.every((value) => typeof value === 'number')) return { kind: 'words', values }
  const least = Math.min(...values)
  const isLog = kind === 'logUniform' || (kind === 'values' && least > 0 && Math.max(...values) / least >= 10)
  return { kind: isLog ? 'log' : 'linear', values }
}
