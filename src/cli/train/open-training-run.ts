import { join, resolve } from 'node:path'
import { InputError } from '../../events/errors.js'
import type { CheckpointIdentity } from '../../storage/checkpoint/checkpoint.js'
import { type RunRecord, readRunRecord } from '../../storage/run/run-record.js'
import { openRun, type RunFolder, type RunOptions } from '../../storage/run-folder.js'
import type { DescribedRun } from './describe-run.js'
import type { TrainFlags } from './train-flags.js'

const ROOT = 'runs'

/** What a training says of itself when it asks for its folder. */
export interface RunRequest {
  readonly identity: CheckpointIdentity
  /** It goes on from a checkpoint. */
  readonly isResumed: boolean
}

/** Opens the folder of a training, or of all of several. */
export type OpenTrainingRun = (request: RunRequest) => Promise<RunFolder>

/** The run that a command line asks for. */
export interface RequestedRun {
  readonly described: DescribedRun
  readonly seeds: Pick<RunRecord, 'seed' | 'seeds'>
  readonly flags: Pick<TrainFlags, 'name' | 'overwrite' | 'checkpoint'>
  /** Its name if the command line gives none and nobody has it yet. */
  readonly plainName: string
}

/**
 * Opens the folder of a run. Without a name on the command line it is the one that goes on from the same checkpoints, else
 * `<plainName>`, `<plainName>-2`, … that no run has yet, and a line says which if it is not the first.
 *
 * @param say writes a line for people
 */
export async function openTrainingRun(
  { described, seeds, flags, plainName }: RequestedRun,
  { identity, isResumed }: RunRequest,
  say: (line: string) => void,
): Promise<RunFolder> {
  const { name, overwrite = false, checkpoint } = flags
  const options: RunOptions = { record: { ...described, ...seeds, identity }, overwrite, resume: isResumed }
  if (name !== undefined) return openNamed(name, options)
  if (overwrite && !isResumed) return openRun(plainName, ROOT, options)
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? plainName : `${plainName}-${number}`
    const resume = isResumed && (await isKeptIn(candidate, checkpoint))
    try {
      const folder = await openRun(candidate, ROOT, { ...options, overwrite: false, resume })
      if (number > 1) say(`${join(ROOT, plainName)} is taken; this run is ${folder.path}.`)
      return folder
    } catch (error) {
      if (!isTaken(error)) throw error
    }
  }
}

/** Whether a run says that its checkpoints are in a folder. */
async function isKeptIn(name: string, checkpoint: string | undefined): Promise<boolean> {
  const kept = (await readRunRecord(join(ROOT, name)))?.flags.checkpoint
  return checkpoint !== undefined && typeof kept === 'string' && resolve(kept) === resolve(checkpoint)
}

function isTaken(error: unknown): boolean {
  return error instanceof InputError && ['FOLDER_IN_USE', 'RUN_EXISTS', 'RUN_MISMATCH'].includes(error.code)
}

/** On the command line the name has a flag. */
async function openNamed(name: string, options: RunOptions): Promise<RunFolder> {
  try {
    return await openRun(name, ROOT, options)
  } catch (error) {
    if (!(error instanceof InputError) || error.code !== 'RUN_NAME') throw error
    throw new InputError({ ...error.mistake, field: '--name', cause: error })
  }
}
