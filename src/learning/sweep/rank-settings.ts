import { type Spread, spreadOf } from '../spread.js'
import type { Better, Halving } from './sweep.js'

/** What came of the trainings of a setting. */
export interface RankedSetting {
  readonly setting: number
  /** Over the seeds; null: one of them failed, or has no value. */
  readonly objective: Spread | null
}

/**
 * Settings by the mean of the objective over seeds, the best one first, equal ones by index, those without one last.
 *
 * @param values by setting: of every seed, null where there is none
 */
export function rankSettings(
  values: ReadonlyMap<number, readonly (number | null)[]>,
  better: Better,
): readonly RankedSetting[] {
  const ranked = [...values].map(([setting, each]): RankedSetting => {
    const known = each.filter((value) => value !== null)
    return { setting, objective: known.length < each.length ? null : spreadOf(known) }
  })
  const sign = better === 'most' ? -1 : 1
  const cost = ({ objective: spread }: RankedSetting) =>
    spread === null ? Number.POSITIVE_INFINITY : sign * spread.mean
  return ranked.toSorted((a, b) => (cost(a) === cost(b) ? a.setting - b.setting : cost(a) - cost(b)))
}

/** The indices of the settings that go on to the next rung, rising: a share of all, one at least, of those that have an objective. */
export function promotedOf(ranked: readonly RankedSetting[], { keep }: Pick<Halving, 'keep'>): readonly number[] {
  const count = Math.max(1, Math.round(keep * ranked.length))
  const best = ranked.filter(({ objective }) => objective !== null).slice(0, count)
  return best.map(({ setting }) => setting).toSorted((a, b) => a - b)
}
