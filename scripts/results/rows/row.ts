/** Data that rows read, each in a folder of its own; the folder is the value of a flag of that name. */
export type ResultData = 'mnist' | 'fashion-mnist' | 'spoken-digits' | 'camera-digits'

/** One line of the table of results: what is trained, and what is to be reached. */
export interface ResultRow {
  /** Of the file in results/, and the name by which it is asked for. */
  readonly name: string
  readonly task: string
  /** In words: the network, what it learns, and by which method if not exactly. */
  readonly network: string
  /** What stands behind `antidrome train`, without data folder, seeds, name and checkpoints. */
  readonly train: readonly string[]
  /** The files it needs. */
  readonly data?: ResultData
  readonly seeds: string
  /** Test accuracy in percent; absent in an ablation or a baseline. */
  readonly bar?: number
  readonly aim?: number
  /** Learning curves are kept of rows with a bar, and of these. */
  readonly showsCurves?: boolean
}

/** Seeds of rows whose figures are compared with those of another method. */
export const COMPARED_SEEDS = '1..8'

/** Rows of one preset that learn more and more. */
export interface Ablation {
  /** What names of rows begin with. */
  readonly name: string
  readonly network: string
  readonly train: readonly string[]
  readonly base: Pick<ResultRow, 'task' | 'data' | 'seeds'>
}

const STEPS = [
  { name: 'weights', learn: 'weights' },
  { name: 'delays', learn: 'weights,delays' },
  { name: 'thresholds', learn: 'weights,delays,thresholds' },
  { name: 'adaptation', learn: 'weights,delays,thresholds,adaptation' },
  { name: 'taus', learn: 'weights,delays,thresholds,adaptation,taus' },
] as const

export type LearningStep = (typeof STEPS)[number]['name']

/** Weights, then delays, thresholds, adaptation and time constants beside them, or some of these steps. */
export function ablation({ name, network, train, base }: Ablation, steps?: readonly LearningStep[]): ResultRow[] {
  return STEPS.filter((step) => steps?.includes(step.name) ?? true).map((step) => ({
    ...base,
    name: `${name}-${step.name}`,
    network: `${network}, ${inWords(step.learn)}`,
    train: [...train, '--learn', step.learn],
  }))
}

function inWords(learn: string): string {
  const kinds = learn.replace('taus', 'time constants').split(',')
  return kinds.length === 1 ? learn : `${kinds.slice(0, -1).join(', ')} and ${kinds.at(-1)}`
}
