import { type Spread, spreadOf } from '../../learning/spread.js'
import type { CheckpointIdentity } from '../../storage/checkpoint/checkpoint.js'
import { openRun } from '../../storage/run-folder.js'
import { placeOfSeed } from '../checkpoint/checkpoint-place.js'
import type { OpenObjectStore } from '../checkpoint/open-checkpoint-store.js'
import { formatsInWords } from '../chip/flags/chip-device.js'
import { interruptibly } from '../interruption.js'
import type { Outputs } from '../outputs/outputs.js'
import { jsonLine, type Shown, shownLines } from '../shown.js'
import type { PreparedTask } from '../tasks.js'
import type { Terminal } from '../terminal.js'
import { traceOfSeed } from '../trace/trace-flag.js'
import { runsUserCode } from '../user-code/runs-user-code.js'
import type { DescribedRun } from './describe-run.js'
import { inRunFolder, type OpenTrainingRun } from './open-training-run.js'
import type { TrainFlags } from './train-flags.js'
import { identityOf, keeperOf, trainOnce } from './train-once.js'
import { accuracyOf, splitOf, type TrainingResult } from './training-result.js'

/** What trainings of several seeds have in common beside their flags. */
export interface SeveralTrainings {
  readonly described: DescribedRun
  readonly open: OpenTrainingRun
  readonly outputs: Outputs
  readonly openStore: OpenObjectStore
}

/**
 * Trains once per seed, one after the other, each in a folder of its own within the run's, and tells how they spread. With
 * checkpoints, seeds that are through are not trained again when the command resumes.
 */
export async function trainSeeds(
  prepared: PreparedTask,
  seeds: readonly number[],
  flags: TrainFlags,
  { described, open, outputs, openStore }: SeveralTrainings,
  terminal: Terminal,
): Promise<void> {
  const { overwrite = false, resume: isResumed = false } = flags
  const runs: TrainingResult[] = []
  const left = () => (runs.length === 0 ? 'no seed is through.' : `what the first ${runs.length} seeds left is kept.`)
  const run = await interruptibly(
    left,
    async (signal) => {
      await requireFreeCheckpoints(prepared, seeds, flags, openStore)
      return await inRunFolder(open, { identity: identityOfAll(prepared, flags), isResumed }, async (folder) => {
        for (const seed of seeds) {
          signal.throwIfAborted()
          const openFolder: OpenTrainingRun = ({ identity, isResumed: resume }) => {
            return openRun(`seed-${seed}`, folder.path, { record: { ...described, seed, identity }, resume, overwrite })
          }
          const one = { prepared, flags: flagsOf(seed, flags), openFolder, outputs, openStore, isOneOfSeveral: true }
          const result = await trainOnce(one, terminal)
          runs.push(result)
          await folder.appendMetrics(result)
          if (flags.json) terminal.out(jsonLine(result))
        }
        await folder.appendMetrics(summaryOfSeeds(folder.path, runs))
        return folder.path
      })
    },
    runsUserCode(prepared),
  )
  const summary = summaryOfSeeds(run, runs)
  terminal.out(flags.json ? jsonLine(summary) : formatSeedSummary(summary))
}

/** The flags of the training of one seed, whose checkpoints are in a place of their own, and its trace in a file. */
function flagsOf(seed: number, flags: TrainFlags): TrainFlags {
  const { checkpoint, trace } = flags
  return {
    ...flags,
    seed,
    ...(checkpoint === undefined ? {} : { checkpoint: placeOfSeed(checkpoint, seed) }),
    ...(trace === undefined ? {} : { trace: traceOfSeed(trace, seed) }),
  }
}

/** Raises what the checkpoints of any seed would be refused with, before anything is written. */
async function requireFreeCheckpoints(
  prepared: PreparedTask,
  seeds: readonly number[],
  flags: TrainFlags,
  openStore: OpenObjectStore,
): Promise<void> {
  const quietly = { say: () => undefined, warn: () => undefined }
  for (const own of seeds.map((seed) => flagsOf(seed, flags))) {
    await using _ = await keeperOf(
      { prepared, flags: own, openStore, isOneOfSeveral: true },
      identityOf(prepared, own),
      quietly,
    )
  }
}

/** What trainings of all seeds have in common: which seeds there are may change when they are gone on with. */
function identityOfAll(prepared: PreparedTask, flags: TrainFlags): CheckpointIdentity {
  const seeds = { seed: 'several', shuffle: 'several' }
  return { ...identityOf(prepared, { ...flags, seed: 0 }), ...seeds }
}

/** What trainings of several seeds end with. */
export interface SeedSummary extends SeedsSummary {
  /** 0 to 1, on the test split; values in the order of the seeds. */
  readonly testAccuracy: Spread
}

/** The same of trainings that are measured on the validation split. */
interface ValidationSummary extends SeedsSummary {
  readonly validationAccuracy: Spread
}

interface SeedsSummary {
  readonly done: true
  /** How many there were. */
  readonly seeds: number
  /** Of hidden neurons, per sample that is measured on; absent unless all runs have counted them. */
  readonly hiddenSpikes?: Spread
  /** Mean of |spike - target| in ms, of the seeds that hit a target; absent without targets. */
  readonly timingError?: Spread
  /** The folder that holds a run per seed. */
  readonly run: string
  readonly runs: readonly TrainingResult[]
}

export function summaryOfSeeds(run: string, runs: readonly TrainingResult[]): SeedSummary | ValidationSummary {
  const isOnTest = runs.every((result) => splitOf(result) === 'test')
  const accuracy = spreadOf(runs.map(accuracyOf))
  const counts = runs.flatMap((result) => result.hiddenSpikes ?? [])
  const spikes = counts.length < runs.length ? {} : { hiddenSpikes: spreadOf(counts) }
  const errors = runs.flatMap(({ timingError }) => timingError ?? [])
  const timing = errors.length === 0 ? {} : { timingError: spreadOf(errors) }
  const measured = isOnTest ? { testAccuracy: accuracy } : { validationAccuracy: accuracy }
  return { done: true, seeds: runs.length, ...measured, ...spikes, ...timing, run, runs }
}

/** For people. */
export function formatSeedSummary(summary: SeedSummary | ValidationSummary): Shown {
  const { hiddenSpikes, timingError, run, runs } = summary
  const percent = (share: number) => (100 * share).toFixed(2)
  const milliseconds = (time: number) => time.toFixed(4)
  const line = (name: string, of: Spread, words: string) => [
    `${name.padEnd(15)}${words} (mean${of.std === null ? '' : ' ± standard deviation'} of ${of.values.length})`,
  ]
  const formats = runs[0]?.formats
  const isTimed = runs.some((result) => result.timingError !== undefined)
  const [name, accuracy] =
    'testAccuracy' in summary
      ? (['test accuracy', summary.testAccuracy] as const)
      : (['validation', summary.validationAccuracy] as const)
  const measured = (result: TrainingResult) => {
    const { timingError: error } = result
    if (error === undefined) return `${percent(accuracyOf(result))} %`
    return error === null ? 'no target has a spike' : `spikes off by ${milliseconds(error)} ms`
  }
  const lines = runs.map((result) => `${`seed ${result.seed}`.padEnd(15)}${measured(result)}`)
  return shownLines([
    ...lines,
    ...(isTimed ? [] : line(name, accuracy, `${meanAndSpread(accuracy, percent)} %`)),
    ...(hiddenSpikes === undefined
      ? []
      : line('hidden spikes', hiddenSpikes, `${meanAndSpread(hiddenSpikes, (count) => count.toFixed(1))} a sample`)),
    ...(formats === undefined ? [] : [`               with ${formatsInWords(formats)}`]),
    ...(timingError === undefined
      ? []
      : line('spikes off by', timingError, `${meanAndSpread(timingError, milliseconds)} ms`)),
    `run            ${run}/ holds a folder per seed`,
  ])
}

/** For people. */
export function meanAndSpread({ mean, std }: Spread, words: (value: number) => string): string {
  return std === null ? words(mean) : `${words(mean)} ± ${words(std)}`
}
