/** How a field of a preset is varied: one of some values, or a number of a range, both of whose ends are included. */
export type Variation =
  | { readonly values: readonly unknown[] }
  | { readonly uniform: readonly [number, number] }
  /** The logarithm is uniform. */
  | { readonly logUniform: readonly [number, number] }
  | { readonly integer: readonly [number, number] }

/** Whether more or less of an objective is better. */
export type Better = 'most' | 'least'

/** What a sweep looks for, and whether more of it is better; all on the validation split. */
export const OBJECTIVES = Object.freeze({
  validationAccuracy: 'most',
  validationLoss: 'least',
  timingError: 'least',
  hiddenSpikes: 'least',
} as const satisfies Readonly<Record<string, Better>>)

export type Objective = keyof typeof OBJECTIVES

/** Settings are trained for few epochs first; a share of them, the best, for more, and so on. */
export interface Halving {
  /** Epochs, rising. */
  readonly rungs: readonly number[]
  /** Share of the settings that are promoted to the next rung. */
  readonly keep: number
}

/** Which settings a sweep has. Plain data. */
export interface SettingSpace {
  /** By the path of a field, such as `training.optimizer.learningRate`; the last one varies fastest in a grid. */
  readonly vary: Readonly<Record<string, Variation>>
  readonly sampler: 'grid' | 'random' | 'sobol'
  /** Number of settings; a grid has those of its values. */
  readonly runs?: number
  /** Of what the sampler draws; default 0. */
  readonly seed?: number
}

/** Trainings of one task with other settings, as a file describes them. Plain data. */
export interface Sweep extends SettingSpace {
  /** Name of a packaged preset, or a file. */
  readonly base: string
  /** The module of a task of the user's own; default: the task of the preset. */
  readonly task?: string
  /** Trainings of every setting, with seeds from 1 on. */
  readonly seeds: number
  readonly halving?: Halving
  readonly objective: Objective
}

/** One setting of a sweep. */
export interface Setting {
  readonly index: number
  /** By path. */
  readonly values: Readonly<Record<string, unknown>>
}
