import type { Command } from 'commander'
import { packageVersion } from '../../actors/package-version.js'
import { USER_PRESET } from '../../data/user/user-preset.js'
import { ARITHMETIC_VERSION } from '../../numerics/arithmetic-version.js'
import type { RunRecord } from '../../storage/run/run-record.js'
import type { CheckpointFlags } from '../checkpoint/checkpoint-flags.js'
import { formatPlace } from '../checkpoint/checkpoint-place.js'
import { presetNameOf } from '../preset-flags.js'
import type { PreparedTask } from '../tasks.js'
import type { TrainFlags } from './train-flags.js'

/** What the command line says a run is, for `run.json`; the seed and the identity are those of a single training. */
export type DescribedRun = Omit<RunRecord, 'seed' | 'seeds' | 'identity'>

/**
 * @param given the flags that stand on the command line, as against defaults
 * @param from where its first parameters are from, if not from the task
 */
export function describeRun(
  task: string,
  {
    task: { loss },
    training,
    formats,
    module,
    lossModule,
  }: Pick<PreparedTask, 'task' | 'training' | 'formats' | 'module' | 'lossModule'>,
  flags: TrainFlags,
  given: DescribedRun['flags'],
  from: RunRecord['from'] | null = null,
): DescribedRun {
  const versions = { antidrome: packageVersion(), node: process.version, arithmetic: String(ARITHMETIC_VERSION) }
  return {
    task,
    preset: module === undefined ? presetNameOf(task, flags) : (flags.preset ?? USER_PRESET.task),
    ...(module === undefined ? {} : { module: { ...module } }),
    ...(lossModule === undefined ? {} : { lossModule: { ...lossModule, group: loss.group } }),
    ...(from === null ? {} : { from }),
    flags: given,
    versions,
    ...(training.noise === undefined ? {} : { noise: { ...training.noise } }),
    ...(formats === undefined ? {} : { formats: { ...formats } }),
  }
}

/** The flags that stand on the command line. */
export function givenFlags(command: Command): DescribedRun['flags'] {
  const given = command.options.filter((option) => command.getOptionValueSource(option.attributeName()) === 'cli')
  const { checkpoint } = command.opts<CheckpointFlags>()
  return {
    ...Object.fromEntries(
      given.map((option) => [option.name(), command.getOptionValue(option.attributeName()) as unknown]),
    ),
    // As a text, which keeps its place among the others.
    ...(checkpoint === undefined ? {} : { checkpoint: formatPlace(checkpoint) }),
  }
}
