import { evaluateSplit } from '../../learning/evaluate-split.js'
import { testNoiseOf } from '../../learning/noise/read-training-noise.js'
import type { ParameterKind } from '../../learning/session.js'
import { trainAdvised } from '../../learning/train.js'
import type { StepProgress, TrainOptions } from '../../learning/train-options.js'
import { trainedNetwork } from '../../learning/trained-network.js'
import type { TrainingPoint } from '../../learning/training-point.js'
import { formatNetwork } from '../../network/file/format-network.js'
import { curvesPicture } from '../../storage/pictures/curves-picture.js'
import { parameterDigest, runDigest } from '../../storage/run-digest.js'
import type { RunFolder } from '../../storage/run-folder.js'
import type { Split } from '../evaluate/evaluate-draws.js'
import { interruptible } from '../interruption.js'
import { processClock } from '../process-clock.js'
import { jsonLine } from '../shown.js'
import type { PreparedTask } from '../tasks.js'
import type { Terminal } from '../terminal.js'
import { timingRecord } from '../timing-record.js'
import type { CheckpointKeeper } from './checkpoint-keeper.js'
import { createTrainingDisplay } from './create-training-display.js'
import { type EpochRecord, epochRecord } from './epoch-record.js'
import type { Beginning } from './from/beginning.js'
import type { TrainedSession } from './method-flags.js'
import { rasterOfTrial } from './raster-of-trial.js'
import { FLAG_WORDS } from './settings/flag-words.js'
import type { TrainingResult } from './training-result.js'
import { watchLinks } from './watch-links.js'

export interface TrainingRequest {
  readonly learn: readonly ParameterKind[]
  readonly epochs: number
  readonly batch: number
  readonly seed: number
  /** What the trained network is measured on. */
  readonly split: Split
  readonly json: boolean
  /** Every record tells its seed. */
  readonly isOneOfSeveral: boolean
}

/** Where a training writes, and how it is stopped. */
export interface TrainingPlace {
  readonly folder: RunFolder
  readonly terminal: Terminal
  readonly signal: AbortSignal
  /** Ids of the processes that work for the session beside this one. */
  readonly processes: Iterable<number>
  /** Keeps checkpoints, if there are to be any. */
  readonly keeper: CheckpointKeeper | null
  /** Where it begins without checkpoints of its own; null: at the first epoch. */
  readonly beginning: Beginning | null
  /** Work beside the training; it ends before the last record is written. */
  readonly beside: AsyncDisposable
}

/**
 * Trains the network of a session on a task and leaves everything in the run's folder: after every epoch the network
 * and the metrics, at the end the pictures.
 */
export async function runTraining(
  opened: TrainedSession,
  prepared: PreparedTask,
  request: TrainingRequest,
  place: TrainingPlace,
): Promise<TrainingResult> {
  const { signal, keeper, beginning } = place
  const session = interruptible(opened, signal)
  await keeper?.begin(session)
  if (beginning !== null) await session.restore(beginning.state)
  try {
    return await trainAndMeasure(session, prepared, request, place)
  } catch (error) {
    // No step is in progress: all earlier requests are done.
    if (error === signal.reason) await keeper?.stop(session)
    throw error
  }
}

async function trainAndMeasure(
  session: TrainedSession,
  prepared: PreparedTask,
  request: TrainingRequest,
  place: TrainingPlace,
): Promise<TrainingResult> {
  const { task } = prepared
  const { batch, seed, split } = request
  const { folder, keeper } = place
  const { learn } = prepared.training
  const { records, best } = await trainEpochs(session, prepared, request, place)
  const noise = testNoiseOf(task.network, prepared.training, seed)
  const { accuracy, loss, timing, hiddenSpikes } = await evaluateSplit(session, task[split], {
    ...task,
    batch,
    ...noise,
  })
  const digest = split === 'test' ? await runDigest(session, task, learn) : await parameterDigest(session, learn)
  await drawPictures(session, prepared, records, place, split)
  await place.beside[Symbol.asyncDispose]()
  const result: TrainingResult = {
    done: true,
    ...stampOf(request),
    ...(best === null ? {} : { bestEpoch: best }),
    ...(split === 'test'
      ? { testAccuracy: accuracy, digest }
      : { validationAccuracy: accuracy, validationLoss: loss, parameterDigest: digest }),
    ...timingRecord(timing),
    hiddenSpikes,
    ...(prepared.formats === undefined ? {} : { formats: prepared.formats }),
    run: folder.path,
  }
  await folder.appendMetrics(result)
  await keeper?.finish(session, result)
  return result
}

/** Tells records of several seeds apart. */
function stampOf({ isOneOfSeveral, seed }: TrainingRequest): { readonly seed?: number } {
  return isOneOfSeveral ? { seed } : {}
}

/** The records of all epochs, and the best epoch if it is its network that is kept. */
async function trainEpochs(
  session: TrainedSession,
  { task, training }: PreparedTask,
  request: TrainingRequest,
  { folder, terminal, processes, keeper, beginning }: TrainingPlace,
): Promise<{ readonly records: readonly EpochRecord[]; readonly best: number | null }> {
  const { epochs, batch, seed, json } = request
  const { keepBest = false } = training
  let best = (keeper?.from ?? beginning?.point)?.best ?? null
  const onEpoch = (point: TrainingPoint) => {
    best = point.best ?? null
    keeper?.epochDone(point)
  }
  const clock = processClock(processes)
  const display = createTrainingDisplay(terminal, { epochs, json, seconds: clock.wall })
  const links = watchLinks(session, display.links, clock.wall)
  const onStep = (progress: StepProgress, point: () => TrainingPoint) => {
    keeper?.stepDone(point)
    display.step(progress)
    links.glance()
  }
  const options = { ...training, epochs, batch, seed, clock, onStep, onEpoch, ...hooksOf(keeper, session, beginning) }
  const records: EpochRecord[] = [...(keeper?.records ?? [])]
  const writeNetwork = async () => folder.writeNetwork(formatNetwork(await trainedNetwork(session, seed)))
  if (records.length > 0) {
    await folder.beginMetrics(records)
    await writeNetwork()
  }
  try {
    for await (const epoch of trainAdvised(session, task, options, FLAG_WORDS)) {
      const record = { ...epochRecord(epoch), ...stampOf(request) }
      records.push(record)
      display.epoch(record)
      await links.look()
      await writeNetwork()
      await folder.appendMetrics(record)
      if (json) terminal.out(jsonLine(record))
      await keeper?.afterEpoch(session, record)
    }
    if (keepBest) await writeNetwork()
  } finally {
    display.close()
  }
  return { records, best: keepBest ? (best?.epoch ?? null) : null }
}

/** Where a training begins that has checkpoints, and when it stops to write one. */
function hooksOf(
  keeper: CheckpointKeeper | null,
  session: TrainedSession,
  beginning: Beginning | null,
): Pick<TrainOptions, 'from' | 'afterStep' | 'stopsAfter'> {
  if (keeper === null) return beginning === null ? {} : { from: beginning.point }
  return {
    from: keeper.from,
    afterStep: (point) => keeper.writeDue(session, point),
    stopsAfter: ({ step }) => keeper.isDueAfter(step),
  }
}

async function drawPictures(
  session: TrainedSession,
  prepared: PreparedTask,
  epochs: readonly EpochRecord[],
  { folder }: Pick<TrainingPlace, 'folder'>,
  split: Split,
): Promise<void> {
  await folder.writePicture('raster', await rasterOfTrial(session, prepared, { split, sample: 0 }))
  await folder.writePicture('curves', curvesPicture({ title: `Training of ${prepared.task.name}`, epochs }))
  for (const [name, svg] of Object.entries(await prepared.draw(session, prepared.task)))
    await folder.writePicture(name, svg)
}
