import { createTask, type TaskDescription } from '../../../dist/data/user/create-task.js'
import { USER_PRESET } from '../../../dist/data/user/user-preset.js'
import { evaluateSplit, open, train, vMax } from '../../../dist/index.js'
import { markdownTable } from '../../pages/markdown-table.js'
import { percent, round } from '../figure.js'
import { DEFAULT_TASKS, type DefaultTask } from './default-tasks.js'

/** What a task of one's own does where nothing is said, or something else in its place. */
interface Choice {
  readonly name: string
  readonly options: Partial<TaskDescription>
}

const CHOICES: readonly Choice[] = [
  { name: 'the default', options: {} },
  { name: '`vMax`', options: { loss: vMax('output'), weights: { output: { drive: 0, spread: 3 } } } },
]
const SEEDS = 24
const EPOCHS = 20
/** Of the test split. */
const ENOUGH = 0.95

/** All seeds of one choice on one task. */
export interface MeasuredDefault {
  readonly choice: string
  readonly task: string
  readonly seeds: number
  /** Seeds with 95 % or more of the test right, and every class predicted. */
  readonly learned: number
  /** Seeds with a class that is never predicted. */
  readonly classMissed: number
  /** Percent. */
  readonly worst: number
  /** Of the training split before anything is learned, as a mean over the seeds, less ln(classes). */
  readonly firstExcess: number
}

/** Trains every choice on every task, from every seed: samples, weights and mini-batches are drawn from it. */
export async function measureDefaults(say: (line: string) => void): Promise<readonly MeasuredDefault[]> {
  const measured: MeasuredDefault[] = []
  for (const choice of CHOICES)
    for (const task of DEFAULT_TASKS) {
      measured.push(await measureChoice(choice, task))
      say(JSON.stringify(measured.at(-1)))
    }
  return measured
}

async function measureChoice(choice: Choice, task: DefaultTask): Promise<MeasuredDefault> {
  const outcomes: Outcome[] = []
  for (let seed = 0; seed < SEEDS; seed++) outcomes.push(await outcomeOf(choice, task, seed))
  const learned = outcomes.filter(({ accuracy, missed }) => accuracy >= ENOUGH && missed === 0)
  return {
    ...{ choice: choice.name, task: task.name, seeds: SEEDS, learned: learned.length },
    classMissed: outcomes.filter(({ missed }) => missed > 0).length,
    worst: percent(Math.min(...outcomes.map(({ accuracy }) => accuracy))),
    firstExcess: round(outcomes.reduce((sum, { firstExcess }) => sum + firstExcess, 0) / SEEDS, 3),
  }
}

interface Outcome {
  readonly accuracy: number
  readonly missed: number
  readonly firstExcess: number
}

async function outcomeOf({ options }: Choice, { describe }: DefaultTask, seed: number): Promise<Outcome> {
  const task = createTask({ ...describe(seed), ...options, seed })
  const { classes } = task.test
  await using session = await open(task.network, { seed })
  const first = await evaluateSplit(session, task.train, task)
  const { optimizer, batch } = USER_PRESET.training
  const training = {
    optimizer,
    epochs: EPOCHS,
    learn: ['weights'],
    seed,
    ...(batch === undefined ? {} : { batch }),
  } as const
  for await (const _ of train(session, task, training));
  const { accuracy, predictions } = await evaluateSplit(session, task.test, task)
  const missed = classes - new Set(predictions.filter((label) => label >= 0)).size
  return { accuracy, missed, firstExcess: (first.loss ?? Number.NaN) - Math.log(classes) }
}

const HEAD = [
  'of a task of your own',
  'task',
  'seeds that learn it',
  'with a class never predicted',
  'worst test',
  'first loss',
]

export function defaultsTable(measured: readonly MeasuredDefault[]): string {
  return markdownTable(
    HEAD,
    measured.map(({ choice, task, seeds, learned, classMissed, worst, firstExcess }) => {
      const words = DEFAULT_TASKS.find(({ name }) => name === task)?.words ?? task
      return [
        choice,
        words,
        `${learned} of ${seeds}`,
        `${classMissed}`,
        `${worst.toFixed(1)} %`,
        `ln(classes) + ${firstExcess.toFixed(2)}`,
      ]
    }),
  )
}
