import { join } from 'node:path'
import type { CheckpointIdentity } from '../../storage/checkpoint/checkpoint.js'
import { formatJson } from '../../storage/format-json.js'
import { openRun } from '../../storage/run-folder.js'
import type { PreparedTask } from '../tasks.js'
import type { Terminal } from '../terminal.js'
import type { DescribedRun } from './describe-run.js'
import type { OpenTrainingRun } from './open-training-run.js'
import { formatSeedSummary, summaryOfSeeds } from './seed-summary.js'
import type { TrainFlags } from './train-flags.js'
import { identityOf, trainOnce } from './train-once.js'
import type { TrainingResult } from './training-result.js'

/**
 * Trains once per seed, one after the other, each in a folder of its own within the run's, and tells how they spread. With
 * checkpoints, seeds that are through are not trained again when the command resumes.
 */
export async function trainSeeds(
  prepared: PreparedTask,
  seeds: readonly number[],
  flags: TrainFlags,
  { described, open }: { readonly described: DescribedRun; readonly open: OpenTrainingRun },
  terminal: Terminal,
): Promise<void> {
  const { checkpoint, overwrite = false, resume: isResumed = false } = flags
  await using folder = await open({ identity: identityOfAll(prepared, flags), isResumed })
  const results: TrainingResult[] = []
  for (const seed of seeds) {
    const name = `seed-${seed}`
    const own = { ...flags, seed, ...(checkpoint === undefined ? {} : { checkpoint: join(checkpoint, name) }) }
    const openFolder: OpenTrainingRun = ({ identity, isResumed: resume }) => {
      return openRun(name, folder.path, { record: { ...described, seed, identity }, resume, overwrite })
    }
    const result = await trainOnce({ prepared, flags: own, openFolder, isOneOfSeveral: true }, terminal)
    results.push(result)
    await folder.appendMetrics(result)
    if (flags.json) terminal.out(`${formatJson(result)}\n`)
  }
  const summary = summaryOfSeeds(folder.path, results)
  await folder.appendMetrics(summary)
  terminal.out(flags.json ? `${formatJson(summary)}\n` : formatSeedSummary(summary))
}

/** What trainings of all seeds have in common: which seeds there are may change when they are gone on with. */
function identityOfAll(prepared: PreparedTask, flags: TrainFlags): CheckpointIdentity {
  const seeds = { seed: 'several', shuffle: 'several' }
  return { ...identityOf(prepared, { ...flags, seed: 0 }), ...seeds }
}
