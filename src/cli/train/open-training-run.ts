import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { InputError } from '../../events/errors.js'
import type { CheckpointIdentity } from '../../storage/checkpoint/checkpoint.js'
import { removeIdleRun } from '../../storage/run/earlier-run.js'
import { RUN_RECORD, type RunRecord, readRunRecord } from '../../storage/run/run-record.js'
import { openRun, type RunFolder, type RunOptions } from '../../storage/run-folder.js'
import {
  type CheckpointPlace,
  checkpointPlace,
  isSamePlace,
  placeOfRun,
  placeOfSeed,
} from '../checkpoint/checkpoint-place.js'
import { beforeRun } from '../outputs/before-run.js'
import type { DescribedRun } from './describe-run.js'
import type { TrainFlags } from './train-flags.js'

/** Where runs lie by default. */
export const RUNS = 'runs'

const parsePlace = checkpointPlace('--checkpoint')

/** What a training says of itself when it asks for its folder. */
export interface RunRequest {
  readonly identity: CheckpointIdentity
  /** The training continues from a checkpoint. */
  readonly isResumed: boolean
}

/** Opens the folder of a training, or of all of several. */
export type OpenTrainingRun = (request: RunRequest) => Promise<RunFolder>

/** The run that a command line asks for. */
export interface RequestedRun {
  readonly described: DescribedRun
  readonly seeds: Pick<RunRecord, 'seed' | 'seeds'>
  readonly flags: Pick<TrainFlags, 'name' | 'runs' | 'overwrite' | 'checkpoint'>
  /** Its name if the command line gives none and no run has it yet. */
  readonly plainName: string
}

/**
 * Opens the folder of a run. Without a name on the command line it is the one that continues from the same checkpoints,
 * whatever its name, else the first of `<plainName>`, `<plainName>-2`, … that no run has yet, and a line says which if it is
 * not the first.
 *
 * @param say writes a line for people
 */
export async function openTrainingRun(
  { described, seeds, flags, plainName }: RequestedRun,
  { identity, isResumed }: RunRequest,
  say: (line: string) => void,
): Promise<RunFolder> {
  const { name, runs, overwrite = false, checkpoint } = flags
  const options: RunOptions = { record: { ...described, ...seeds, identity }, overwrite, resume: isResumed }
  if (name !== undefined) return openNamed(name, runs, options)
  if (overwrite && !isResumed) return openRun(plainName, runs, options)
  for (const candidate of isResumed && checkpoint !== undefined ? await runsKeptIn(checkpoint, runs) : []) {
    const folder = await openFree(candidate, runs, { ...options, overwrite: false })
    if (folder !== null) return folder
  }
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? plainName : `${plainName}-${number}`
    const folder = await openFree(candidate, runs, { ...options, overwrite: false, resume: false })
    if (folder === null) continue
    if (number > 1) say(`${join(runs, plainName)} is taken; this run is ${folder.path}.`)
    return folder
  }
}

/** Null if the name is taken. */
async function openFree(name: string, runs: string, options: RunOptions): Promise<RunFolder | null> {
  try {
    return await openRun(name, runs, options)
  } catch (error) {
    if (isTaken(error)) return null
    throw error
  }
}

/**
 * Does something in the folder of a training. Of a training that is refused before it has come to anything, nothing stays.
 */
export async function inRunFolder<Result>(
  open: OpenTrainingRun,
  request: RunRequest,
  work: (folder: RunFolder) => Promise<Result>,
): Promise<Result> {
  await using folder = await beforeRun('--name', () => open(request))
  try {
    return await work(folder)
  } catch (error) {
    if (error instanceof InputError && !request.isResumed) await removeIdleRun(folder.path)
    throw error
  }
}

/** The names of the runs that say that their checkpoints are in a place, the one that was begun last first. */
async function runsKeptIn(checkpoint: CheckpointPlace, runs: string): Promise<readonly string[]> {
  const found: { readonly name: string; readonly begun: number }[] = []
  for (const name of await readdir(runs).catch(() => [])) {
    const record = await readRunRecord(join(runs, name))
    const kept = record === null ? null : placeIn(record)
    if (kept === null || !isSamePlace(kept, checkpoint)) continue
    found.push({ name, begun: (await stat(join(runs, name, RUN_RECORD))).mtimeMs })
  }
  return found.sort((a, b) => b.begun - a.begun).map(({ name }) => name)
}

/** Where the checkpoints of a run are; null for one that keeps none, or does not say so in words of ours. */
export function placeIn({ task, seed, flags: { checkpoint, name, seeds } }: RunRecord): CheckpointPlace | null {
  if (typeof checkpoint !== 'string') return null
  try {
    const isOneOfSeveral = seeds !== undefined && seed !== undefined
    const plain = plainNameOf(task, isOneOfSeveral ? undefined : seed)
    const place = placeOfRun(parsePlace(checkpoint), typeof name === 'string' ? name : plain)
    return isOneOfSeveral ? placeOfSeed(place, seed) : place
  } catch {
    return null
  }
}

/** The name of a run for which the command line gives none; undefined stands for several seeds. */
export function plainNameOf(task: string, seed: number | undefined): string {
  return `${task}-${seed ?? 'seeds'}`
}

function isTaken(error: unknown): boolean {
  return error instanceof InputError && ['FOLDER_IN_USE', 'RUN_EXISTS', 'RUN_MISMATCH', 'RUN_NAME'].includes(error.code)
}

/** On the command line the name has a flag. */
async function openNamed(name: string, runs: string, options: RunOptions): Promise<RunFolder> {
  try {
    return await openRun(name, runs, options)
  } catch (error) {
    if (!(error instanceof InputError) || error.code !== 'RUN_NAME') throw error
    throw new InputError({ ...error.mistake, field: '--name', cause: error })
  }
}
