import { createDeferred } from '../../events/deferred.js'
import { InputError } from '../../events/errors.js'
import { type Readers, readRequired } from '../../network/reading/read-fields.js'
import { readList } from '../../network/reading/read-list.js'
import { integerFrom } from '../../network/reading/read-number.js'
import { readFunction, readSignal, wordOf } from '../../network/reading/read-value.js'
import { promotedOf, type RankedSetting, rankSettings } from './rank-settings.js'
import { readHalving } from './read-sweep.js'
import type { Better, Halving } from './sweep.js'

/** One training of a sweep. */
export interface SweepRun<Values> {
  /** Index of the setting. */
  readonly setting: number
  readonly values: Values
  /** 1, 2, … */
  readonly seed: number
  /** Of a rung; null without halving. */
  readonly epochs: number | null
}

export interface SweepOptions<Values, Result> {
  /** Trains a setting; where it raises an error, the setting is given up, and the rest goes on. */
  readonly train: (run: SweepRun<Values>, signal: AbortSignal) => Promise<Result>
  /** What is looked for; null: this training has none, and its setting is given up. */
  readonly objective: (result: Result) => number | null
  /** Whether more or less of the objective is better; default `most`. */
  readonly better?: Better
  /** Trainings of every setting, whose mean counts; default 1. */
  readonly seeds?: number
  /** Default: every setting is trained for as long as `train` wants. */
  readonly halving?: Halving
  /** Trainings at a time; never changes a result. Default 1. */
  readonly parallel?: number
  /** Ends the sweep, and what is under way. */
  readonly signal?: AbortSignal
}

/** What a sweep has come to, in an order that does not depend on which training ends first. */
export type SweepStep<Values, Result> =
  | { readonly kind: 'result'; readonly run: SweepRun<Values>; readonly result: Result }
  | { readonly kind: 'failure'; readonly run: SweepRun<Values>; readonly error: unknown }
  /** These settings, by index, go on to rung 1, 2, …, whose trainings follow. */
  | { readonly kind: 'promotion'; readonly rung: number; readonly epochs: number; readonly settings: readonly number[] }
  /** The last step: settings, the best one first; with halving, those of the last rung. */
  | { readonly kind: 'ranking'; readonly ranked: readonly RankedSetting[] }

const READERS: Readers<SweepOptions<unknown, unknown>> = {
  train: readFunction,
  objective: readFunction,
  better: wordOf<Better>(['most', 'least']),
  seeds: integerFrom(1),
  halving: readHalving,
  parallel: integerFrom(1),
  signal: readSignal,
}

/**
 * Trains a task with many settings, and ranks them by the mean of an objective over seeds, equal ones by index.
 *
 * With halving all settings are trained for the epochs of the first rung; a share of them, the best, is trained from the
 * beginning for those of the next one, and so on. Steps come in the order of settings and seeds, whatever `parallel` says.
 * Where the loop is left, what is under way is aborted and waited for.
 *
 * Raises `InputError` that names the option, SETTINGS_EMPTY; what `objective` raises; the reason of `signal`.
 *
 * @param settings values of any kind, which `train` is given
 * @example
 * const settings = drawSettings({ vary: { rate: { logUniform: [1e-4, 1e-2] } }, sampler: 'sobol', runs: 16 })
 * for await (const step of sweep(settings, { train: trainOnce, objective: ({ accuracy }) => accuracy, seeds: 3 }))
 *   if (step.kind === 'ranking') console.log(step.ranked[0])
 */
export async function* sweep<Values, Result>(
  settings: readonly Values[],
  options: SweepOptions<Values, Result>,
): AsyncGenerator<SweepStep<Values, Result>, void, undefined> {
  const given = readRequired(options, READERS, ['train', 'objective']) as SweepOptions<Values, Result>
  const { train, objective, better = 'most', seeds = 1, halving, parallel = 1, signal: outer } = given
  const all = readList(settings, 'settings') as readonly Values[]
  if (all.length === 0)
    throw new InputError({ code: 'SETTINGS_EMPTY', field: 'settings', found: 'no setting', expected: 'one at least' })
  const signal = outer ?? new AbortController().signal
  let active: readonly number[] = [...all.keys()]
  let ranked: readonly RankedSetting[] = []
  for (const [rung, epochs] of (halving?.rungs ?? [null]).entries()) {
    if (rung > 0 && halving !== undefined && epochs !== null) {
      active = promotedOf(ranked, halving)
      yield { kind: 'promotion', rung, epochs, settings: active }
    }
    const runs = active.flatMap((setting) =>
      Array.from({ length: seeds }, (_, k) => ({ setting, values: all[setting] as Values, seed: k + 1, epochs })),
    )
    const values = new Map(active.map((setting) => [setting, [] as (number | null)[]]))
    const work = (run: SweepRun<Values>, either: AbortSignal) => settled(run, () => train(run, either), either)
    for await (const step of inOrder(runs, { parallel, signal }, work)) {
      const value = step.kind === 'result' ? objective(step.result) : null
      values.get(step.run.setting)?.push(value === null || Number.isNaN(value) ? null : value)
      yield step
    }
    ranked = rankSettings(values, better)
  }
  yield { kind: 'ranking', ranked }
}

/** What a training comes to; an error after which nothing goes on is raised. */
async function settled<Values, Result>(
  run: SweepRun<Values>,
  train: () => Promise<Result>,
  signal: AbortSignal,
): Promise<Extract<SweepStep<Values, Result>, { readonly kind: 'result' | 'failure' }>> {
  try {
    return { kind: 'result', run, result: await train() }
  } catch (error) {
    signal.throwIfAborted()
    return { kind: 'failure', run, error }
  }
}

interface Lanes {
  /** How many are done at a time. */
  readonly parallel: number
  readonly signal: AbortSignal
}

/**
 * Does some things at a time and yields what came of each in their order, as soon as all before it are done. After an error,
 * or where the caller stops, the signal of those under way is aborted, and they are waited for.
 */
export async function* inOrder<Each, Result>(
  all: readonly Each[],
  { parallel, signal }: Lanes,
  work: (each: Each, signal: AbortSignal) => Promise<Result>,
): AsyncGenerator<Result> {
  const results = all.map(() => createDeferred<Result>())
  const stopped = new AbortController()
  const either = stopped.signal
  const stop = () => stopped.abort(signal.reason)
  signal.addEventListener('abort', stop)
  if (signal.aborted) stop()
  let next = 0

  async function lane(): Promise<void> {
    while (next < all.length) {
      const k = next++
      const { resolve, reject } = results[k] as (typeof results)[number]
      try {
        either.throwIfAborted()
        resolve(await work(all[k] as Each, either))
      } catch (error) {
        reject(error as Error)
        stopped.abort(error)
      }
    }
  }

  const lanes = Promise.all(Array.from({ length: Math.min(parallel, all.length) }, lane))
  try {
    for (const { promise } of results) yield await promise
  } finally {
    signal.removeEventListener('abort', stop)
    stopped.abort()
    await lanes
  }
}
