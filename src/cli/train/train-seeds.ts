import { join } from 'node:path'
import { formatJson } from '../../storage/format-json.js'
import { openRun, type RunFolder } from '../../storage/run-folder.js'
import type { PreparedTask } from '../tasks.js'
import type { Terminal } from '../terminal.js'
import { formatSeedSummary, summaryOfSeeds } from './seed-summary.js'
import type { TrainFlags } from './train-flags.js'
import { trainOnce } from './train-once.js'
import type { TrainingResult } from './training-result.js'

/**
 * Trains once per seed, one after the other, each in a folder of its own within the run's, and tells how they spread. With
 * checkpoints, seeds that are through are not trained again when the command resumes.
 */
export async function trainSeeds(
  prepared: PreparedTask,
  seeds: readonly number[],
  flags: TrainFlags,
  openFolder: () => Promise<RunFolder>,
  terminal: Terminal,
): Promise<void> {
  await using folder = await openFolder()
  const results: TrainingResult[] = []
  for (const seed of seeds) {
    const name = `seed-${seed}`
    const { checkpoint } = flags
    const own = { ...flags, seed, ...(checkpoint === undefined ? {} : { checkpoint: join(checkpoint, name) }) }
    const training = { prepared, flags: own, openFolder: () => openRun(name, folder.path), isOneOfSeveral: true }
    const result = await trainOnce(training, terminal)
    results.push(result)
    await folder.appendMetrics(result)
    if (flags.json) terminal.out(`${formatJson(result)}\n`)
  }
  const summary = summaryOfSeeds(folder.path, results)
  await folder.appendMetrics(summary)
  terminal.out(flags.json ? `${formatJson(summary)}\n` : formatSeedSummary(summary))
}
