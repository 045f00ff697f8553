import { markdownTable } from '../../pages/markdown-table.js'
import type { Measured } from '../measured.js'
import type { ComparedRows } from '../speakers/compare-rows.js'
import { spreadText } from '../table.js'
import type { Goal } from './recording-goals.js'

const HEAD = ['goal', 'found', 'bar', 'aim']
const NOT_MEASURED = 'not measured'
const UNITS = { accuracy: ' %', points: ' points', spikes: ' ×' } as const

/**
 * The table of goals as Markdown; what was reached is bold.
 *
 * @param compared rows that were compared by speaker, whose intervals are shown
 */
export function goalsTable(
  goals: readonly Goal[],
  measured: readonly Measured[],
  compared: readonly ComparedRows[],
): string {
  const rows = goals.map((goal) => {
    const { text, measures, bar, aim } = goal
    const [sign, unit] = [measures === 'spikes' ? '≤' : '≥', UNITS[measures]]
    return [
      text,
      foundText(goal, measured, compared),
      ...[bar, aim].map((value) => `${sign} ${numberText(value)}${unit}`),
    ]
  })
  return markdownTable(HEAD, rows)
}

function foundText(goal: Goal, measured: readonly Measured[], compared: readonly ComparedRows[]): string {
  const of = measured.find(({ row }) => row === goal.row)
  const other = measured.find(({ row }) => row === goal.beside)
  if (of === undefined || (goal.beside !== undefined && other === undefined)) return NOT_MEASURED
  const value = reachedBy(goal, of, other)
  if (value === null) return NOT_MEASURED
  const isReached = goal.measures === 'spikes' ? value <= goal.bar : value >= goal.bar
  const shown = shownValue(goal, of, value)
  return `${isReached ? `**${shown}**` : shown}${detail(goal, of, other, compared)}`
}

/** Null where hidden spikes were not counted, or there were none. */
function reachedBy({ measures }: Goal, of: Measured, other: Measured | undefined): number | null {
  if (measures === 'accuracy') return of.testAccuracy.mean
  if (measures === 'points') return of.testAccuracy.mean - (other?.testAccuracy.mean ?? Number.NaN)
  const [spikes, others] = [of.hiddenSpikes?.mean, other?.hiddenSpikes?.mean]
  return spikes === undefined || others === undefined || others === 0 ? null : spikes / others
}

function shownValue({ measures }: Goal, { testAccuracy }: Measured, value: number): string {
  const text = measures === 'accuracy' ? spreadText(testAccuracy, 2) : numberText(Number(value.toFixed(2)))
  return `${text}${UNITS[measures]}`
}

/** The numbers behind a share; of a difference its interval, where it was compared by speaker. */
function detail(
  { measures, row, beside }: Goal,
  of: Measured,
  other: Measured | undefined,
  compared: readonly ComparedRows[],
): string {
  if (measures === 'spikes')
    return ` (${of.hiddenSpikes?.mean.toFixed(0)} of ${other?.hiddenSpikes?.mean.toFixed(0)} a sample)`
  const pair = measures === 'points' ? compared.find((each) => each.row === row && each.beside === beside) : undefined
  if (pair === undefined) return ''
  const [low, high] = pair.interval.map(numberText)
  return ` (95 % interval over speakers: ${low} to ${high})`
}

/** With the sign of a minus. */
function numberText(value: number): string {
  return String(value).replace('-', '−')
}
