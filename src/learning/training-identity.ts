import type { Network } from '../network/description/network.js'
import type { Loss } from './loss.js'
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
  const { epochs, batch, seed, dropLast, schedule, learningRate, patience, keepBest, step, spikeBudget, testNoise } =
    configureTraining(network, task, options)
  const selection = { ...(patience === null ? {} : { patience }), ...(keepBest ? { keepBest } : {}) }
  // Trainings without noise say nothing of it, and go on from checkpoints of versions that knew none.
  const noise = testNoise === undefined ? {} : { testNoise }
  const budgets = spikeBudget === undefined ? {} : { spikeBudget }
  const loss = lossIdentity(step.loss)
  const settings = {
    epochs,
    batch,
    shuffle: seed,
    dropLast,
    schedule,
    learningRate,
    ...selection,
    ...step,
    loss,
    ...budgets,
    ...noise,
  }
  const samples = [task.train, task.validation, task.test].map(sizeOf)
  const data = { task: task.name, samples, until: task.until, ...dataIdentity(task.settings) }
  return Object.fromEntries(Object.entries({ ...data, ...settings }).map(([name, value]) => [name, textOf(value)]))
}

/** A loss of one's own counts by its name and, from a module, by its code and its options; where that lies does not. */
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
