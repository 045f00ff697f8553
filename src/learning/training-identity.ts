import { entryOf } from '../events/by-name.js'
import type { Network } from '../network/description/network.js'
import type { Loss } from './loss.js'
import type { RunSettings } from './options/read-settings.js'
import { OPTION_RECORDS } from './options/training-options.js'
import type { DataSettings, Dataset, Task } from './task.js'
import type { TrainOptions } from './train-options.js'
import { configureTraining } from './training-config.js'

/**
 * Everything beside the network and its seed on which the bits of a training depend, as texts by name: two trainings
 * that agree here take the same steps.
 *
 * Raises the `InputError`s of `train`.
 */
export function trainingIdentity(
  network: Network,
  task: Task,
  options: TrainOptions,
): Readonly<Record<string, string>> {
  const { learningRate, step, testNoise, ...run } = configureTraining(network, task, options)
  // Trainings without noise have no entry for it, and go on from checkpoints of versions that knew none.
  const noise = testNoise === undefined ? {} : { testNoise }
  const settings = { ...settingsOf(run), learningRate, ...step, loss: lossIdentity(step.loss), ...noise }
  const samples = [task.train, task.validation, task.test].map(sizeOf)
  const data = { task: task.name, samples, until: task.until, ...dataIdentity(task.settings) }
  return Object.fromEntries(Object.entries({ ...data, ...settings }).map(([name, value]) => [name, textOf(value)]))
}

/** The options that stand by themselves, by their names in checkpoints. */
function settingsOf(run: RunSettings): Readonly<Record<string, unknown>> {
  const entries = OPTION_RECORDS.flatMap(([option, { identity: name = option, isNamedIfSet = false, fallback }]) => {
    const value = entryOf<unknown>(run as unknown as Readonly<Record<string, unknown>>, option)
    const isLeftOut = value === undefined || (isNamedIfSet && value === fallback)
    return name === null || isLeftOut ? [] : [[name, value] as const]
  })
  return Object.fromEntries(entries)
}

/** A user-defined loss counts by its name and, from a module, by its code and its options; where that lies does not. */
function lossIdentity(loss: Loss): unknown {
  if (loss.kind !== 'own') return loss
  const { kind, group, name, observes, labels = 'any', module } = loss
  const tau = loss.observes === 'integral' ? { tau: loss.tau } : {}
  const code = module && { hash: module.hash, export: module.export, options: module.options }
  return { kind, group, name, observes, labels, ...tau, ...code }
}

function sizeOf({ size }: Dataset): number {
  return size
}

/** An entry per setting: a refused checkpoint names the one that differs. */
function dataIdentity(settings: DataSettings = {}): DataSettings {
  return Object.fromEntries(Object.entries(settings).map(([name, value]) => [`data.${name}`, value]))
}

/** JSON, in which numbers that are not finite become words. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  return JSON.stringify(value, (_, entry: unknown) =>
    typeof entry === 'number' && !Number.isFinite(entry) ? String(entry) : entry,
  )
}
