import { entryOf } from '../events/by-name.js'
import { InternalError, RunError } from '../events/errors.js'
import { instanceOf, readRecord } from '../network/reading/read-value.js'
import { wrongShape } from '../network/reading/wrong-value.js'
import { exp } from '../numerics/exp.js'
import type { RateBands } from './banded-step.js'
import type { EpochDiagnosis } from './diagnosis/layer-diagnosis.js'
import { LIBRARY_WORDS, type OptionWords } from './diagnosis/option-words.js'
import type { StepResult } from './session.js'
import type { SpikeBudget, SpikeBudgets } from './spike-budget.js'
import { requireNumber } from './step-rules.js'
import { MOST_UNDER_WAY } from './under-way.js'

/**
 * The strengths of the bands of groups with a budget, by name: in the next mini-batch and in the one that may be
 * in progress at the same time.
 */
export type BudgetPoint = Readonly<Record<string, Float64Array>>

/** What became of the budget of a group over an epoch. */
export interface SpentBudget {
  /** Spikes per neuron and trial that it may have, and that it had in the mean. */
  readonly target: number
  readonly spikes: number
  /** Of its band, in the next mini-batch: what has been found. */
  readonly strength: number
}

/** A strength that nothing answers to must neither overflow nor fall so low that it takes long to come back. */
const RANGE = 1e4

/**
 * The course of the strengths of spike budgets through a training.
 *
 * What a step has reported moves the strength of the step `MOST_UNDER_WAY` behind it, which is not begun before that is
 * known: so no bit depends on whether steps overlap.
 *
 * @param from the state to continue from; groups that are not named begin at their start
 */
export function createBudgetStrengths(budgets: SpikeBudgets, from: BudgetPoint = {}) {
  const courses = Object.entries(budgets).map(([group, budget]) => {
    const strengths = entryOf(from, group) ?? new Float64Array(MOST_UNDER_WAY).fill(budget.start)
    return { group, budget, strengths: [...strengths] }
  })
  return {
    /** The bands of the step that is `ahead` steps after the last one added. */
    bands: (ahead: number): RateBands => {
      const bands = courses.map(({ group, budget: { low, high }, strengths }) => {
        return [group, { low, high, strength: strengths[ahead] ?? unknown(ahead) }] as const
      })
      return Object.fromEntries(bands)
    },
    /** What a step has reported, in the order of the steps. */
    add(result: StepResult): void {
      for (const { group, budget, strengths } of courses) {
        strengths.push(moved(strengths.at(-1) ?? budget.start, spikesOf(result, group), budget))
        strengths.shift()
      }
    },
    save: (): BudgetPoint =>
      Object.fromEntries(courses.map(({ group, strengths }) => [group, Float64Array.from(strengths)])),
    /** What became of each budget in an epoch, and what is to be said of those that are not kept. */
    result(diagnosis: EpochDiagnosis | null, words: OptionWords = LIBRARY_WORDS) {
      const spent = courses.map(({ group, budget: { target }, strengths: [strength = 0] }) => {
        const spikes = entryOf(diagnosis?.layers, group)?.spikes ?? 0
        return [group, { target, spikes, strength }] as const
      })
      const advice = spent.flatMap(([group, { target, spikes, strength }]) => {
        const { start = 0, high = 0 } = entryOf(budgets, group) ?? {}
        const raised = words.budgetStart(group)
        if (strength < start * RANGE || spikes <= target) return []
        const found = `${spikes.toFixed(1)} spikes a neuron are over the budget of ${target}, and its band cannot push harder`
        const lower = `lower high (${words.budgetHigh(group, { target, high })})`
        return [`${group}: ${found}; ${lower}${raised === null ? '' : `, or raise start (${raised})`}.`]
      })
      return { spent: Object.fromEntries<SpentBudget>(spent), advice }
    },
  }
}

export type BudgetStrengths = ReturnType<typeof createBudgetStrengths>

function moved(strength: number, spikes: number, { target, gain, start }: Required<SpikeBudget>): number {
  const next = strength * exp(gain * Math.min(spikes / target - 1, 1))
  return Math.min(Math.max(next, start / RANGE), start * RANGE)
}

/** Per neuron and trial, in the mean over a mini-batch; counts are whole numbers, so their sum is exact in any order. */
function spikesOf({ diagnosis }: StepResult, group: string): number {
  const firing = entryOf(diagnosis?.groups, group)
  if (firing !== undefined) return firing.spikes.reduce((sum, count) => sum + count, 0) / firing.pairs
  throw new RunError({
    code: 'SPIKES_NOT_COUNTED',
    message: `Group "${group}" has a spike budget, but this session does not tell how often its neurons spike.`,
    details: { group },
    remedy: 'Train in a session whose steps come with a diagnosis, or leave the group out of spikeBudget.',
  })
}

function unknown(ahead: number): never {
  throw new InternalError(`The strength of a band is asked for ${ahead} steps ahead.`)
}

/** Raises `InputError` FIELD_TYPE, SHAPE_MISMATCH and TRAIN_OPTION for what no training has left of its budgets. */
export function requireBudgetPoint(point: BudgetPoint, field: string): void {
  for (const [group, strengths] of Object.entries(readRecord(point, field))) {
    const place = `${field}.${group}`
    const { length } = instanceOf(Float64Array)(strengths, place)
    if (length !== MOST_UNDER_WAY) throw wrongShape(place, `${length} strengths`, `${MOST_UNDER_WAY}`)
    for (const strength of strengths as Float64Array)
      requireNumber(place, strength, Number.isFinite(strength) && strength > 0, 'finite numbers above 0')
  }
}
