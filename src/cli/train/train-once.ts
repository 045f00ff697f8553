import { basename } from 'node:path'
import type { ClusterSession, ClusterWorker, Restart } from '../../actors/cluster-session.js'
import { TRANSPORTS } from '../../actors/transport-table.js'
import { requireChunks } from '../../dynamics/parameters/deal-trials.js'
import type { Placement } from '../../hardware/placement.js'
import type { Task } from '../../learning/task.js'
import { trainingIdentity } from '../../learning/training-identity.js'
import { formatNetwork } from '../../network/file/format-network.js'
import { isSpiking } from '../../network/models/models.js'
import type { CheckpointIdentity } from '../../storage/checkpoint/checkpoint.js'
import { lossOf } from '../../storage/checkpoint/lease.js'
import { networkIdentity } from '../../storage/checkpoint/network-identity.js'
import { holdsValues } from '../../storage/run/earlier-run.js'
import type { RunFolder } from '../../storage/run-folder.js'
import { formatPlace } from '../checkpoint/checkpoint-place.js'
import { type OpenObjectStore, openCheckpointStore } from '../checkpoint/open-checkpoint-store.js'
import { formatsInWords } from '../chip/flags/chip-device.js'
import { identityOfPlace } from '../chip/flags/placement-flag.js'
import { describeEnd, interruptibly, untilOpened } from '../interruption.js'
import { isRemote } from '../join/require-remote.js'
import { areMetricsWanted, watchMetrics } from '../metrics/watch-metrics.js'
import {
  openOnCores,
  type ProcessesFlag,
  placementFor,
  processesOf,
  type TransportFlags,
  transportOf,
} from '../open-on-cores.js'
import { beforeRun } from '../outputs/before-run.js'
import type { Outputs } from '../outputs/outputs.js'
import { formatPlacement } from '../place/place-table.js'
import { describeRestart, restartsOf } from '../restarting.js'
import { joined, shown } from '../shown.js'
import type { PreparedTask } from '../tasks.js'
import type { Terminal } from '../terminal.js'
import { createTracing, eitherSignal } from '../trace/watch-trace.js'
import { runsUserCode } from '../user-code/runs-user-code.js'
import { say, tellNotes, warn } from '../warn.js'
import { type CheckpointKeeper, type KeeperVoice, openKeeper } from './checkpoint-keeper.js'
import type { Beginning } from './from/beginning.js'
import { finishedTraining } from './from/finished-training.js'
import { methodIdentity, openForSurrogate } from './method-flags.js'
import { inRunFolder, type OpenTrainingRun } from './open-training-run.js'
import { runTraining, type TrainingPlace } from './run-training.js'
import type { TrainFlags } from './train-flags.js'
import { splitOf, type TrainingResult } from './training-result.js'

/** One training of one seed. */
export interface SingleTraining {
  readonly prepared: PreparedTask
  /** With the seed and the place for checkpoints of this training. */
  readonly flags: TrainFlags
  readonly openFolder: OpenTrainingRun
  readonly outputs: Outputs
  readonly openStore: OpenObjectStore
  /** It is one of several, each with a seed of its own, which its records then tell. */
  readonly isOneOfSeveral: boolean
}

/** Trains the network of a task once, from its start or from a checkpoint, on the cores that the flags ask for. */
export async function trainOnce(training: SingleTraining, terminal: Terminal): Promise<TrainingResult> {
  const { prepared, flags } = training
  const voice = voiceOf(terminal, flags.json)
  const { say } = voice
  const identity = identityOf(prepared, flags)
  // Before anything is written: what does not fit is refused.
  const placement = flags.placed ?? placementFor(prepared.task.network, flags.cores)
  requireChunks(prepared.training.batch, flags.replicas ?? 1, '--replicas')
  let left = async () => 'nothing was written yet.'
  const leaves = () => left()
  return await interruptibly(
    leaves,
    async (signal) => {
      await using keeper = await keeperOf(training, identity, voice)
      const isContinued = keeper === null && flags.resume === true
      const beginning = isContinued ? await beginningOf(training, identity, say) : null
      const kept = keeper?.result ?? null
      if (kept !== null && splitOf(kept) === flags.measure) return kept
      signal.throwIfAborted()
      return await inRunFolder(training.openFolder, { identity, isResumed: keeper?.isResumed ?? false }, (folder) => {
        left = () => leftIn(folder, flags, keeper)
        signal.throwIfAborted()
        const whileHeld = eitherSignal(signal, lossOf(keeper?.lease ?? null))
        return trainIn(training, { folder, keeper, beginning, placement, signal: whileHeld, say, terminal })
      })
    },
    runsUserCode(prepared),
  )
}

/** What a training has before its session is opened. */
interface TrainingParts extends Pick<TrainingPlace, 'folder' | 'keeper' | 'beginning' | 'signal' | 'terminal'> {
  readonly placement: Placement
  /** Writes a line for people. */
  readonly say: (line: string) => void
}

async function trainIn(
  { prepared, flags, outputs, isOneOfSeveral }: SingleTraining,
  { folder, keeper, beginning, placement, signal: interruption, say, terminal }: TrainingParts,
): Promise<TrainingResult> {
  const { seed, json, measure: split } = flags
  const restarts = restartsOf(flags)
  const { learn, epochs, batch } = prepared.training
  const { formats, task } = prepared
  const { network, name } = task
  if (!json)
    terminal.err(
      shown`Training ${name}: ${hiddenOf(prepared.task)} hidden neurons learn ${learn.join(', ')}; seed ${seed}.\n`,
    )
  if (!json && formats !== undefined) terminal.err(shown`With ${formatsInWords(formats)}.\n`)
  if (placement.cores.length > 1 || (flags.replicas ?? 1) > 1)
    terminal.err(joined([shown`${describeCores(flags)}\n`, formatPlacement(placement, flags.places)]))
  const request = { learn, epochs, batch, seed, split, json, isOneOfSeveral }
  if (flags.method === 'surrogate') {
    await using session = openForSurrogate(network, flags)
    const place = { folder, terminal, signal: interruption, processes: [], keeper, beginning, beside: NOTHING_BESIDE }
    return await runTraining(session, prepared, request, place)
  }
  const onRestart = (restart: Restart) => say(describeRestart(restart, restarts))
  const tracing = createTracing(flags, outputs, terminal)
  const signal = eitherSignal(interruption, tracing.signal)
  // A run with checkpoints writes one more before it ends, and its cores must live until then.
  const opening = keeper === null ? { signal, opened: () => undefined } : untilOpened(signal)
  const wanted = { metrics: areMetricsWanted(flags), trace: tracing.isWanted }
  const onNote = tellNotes(terminal, json)
  const lease = keeper?.lease ?? null
  const options = { placement, signal: opening.signal, restarts, onRestart, onNote, lease, ...wanted }
  await using session = await openOnCores(network, flags, options)
  opening.opened()
  await using metrics = await watchMetrics(session, flags, terminal)
  await using trace = await tracing.watch(session)
  const beside: AsyncDisposable = {
    async [Symbol.asyncDispose]() {
      await metrics[Symbol.asyncDispose]()
      await trace.finish()
    },
  }
  const place = { folder, terminal, signal, processes: processIdsOf(session), keeper, beginning, beside }
  return await runTraining(session, prepared, request, place)
}

/** Without cores there is nothing to watch. */
const NOTHING_BESIDE: AsyncDisposable = { [Symbol.asyncDispose]: async () => undefined }

/** The checkpoints of a run that is to have some. */
export async function keeperOf(
  training: Omit<SingleTraining, 'openFolder' | 'outputs'>,
  identity: CheckpointIdentity,
  voice: KeeperVoice,
): Promise<CheckpointKeeper | null> {
  const { prepared, flags, openStore, isOneOfSeveral } = training
  const { checkpoint } = flags
  if (checkpoint === undefined) return null
  const store = await beforeRun('--checkpoint', () => openCheckpointStore(checkpoint, flags, () => openStore(flags)))
  const network = () => formatNetwork(prepared.task.network)
  const beginning = () => beginningOf(training, identity, voice.say)
  return openKeeper(store, { ...flags, network, keepsResult: isOneOfSeveral, beginning }, identity, voice)
}

/** Where a training continues the run that the command line names. */
function beginningOf(
  { prepared: { training }, flags, openStore }: Omit<SingleTraining, 'openFolder' | 'outputs'>,
  identity: CheckpointIdentity,
  say: (line: string) => void,
): Promise<Beginning | null> {
  const { epochs, keepBest = false } = training
  return finishedTraining({ flags, identity, openStore, epochs, keepBest, say })
}

function voiceOf(terminal: Terminal, json: boolean): KeeperVoice {
  return {
    say: (line) => say(terminal, line),
    warn: (warning) => warn(terminal, json, warning),
  }
}

/** Everything on which the bits of a training depend. */
export function identityOf({ task, training, formats, module }: PreparedTask, flags: TrainFlags): CheckpointIdentity {
  const { seed, kernel } = flags
  return {
    ...(module === undefined ? {} : { module: `${basename(module.path)} ${module.hash}` }),
    ...(formats === undefined ? {} : { formats: formatsInWords(formats) }),
    // What people choose comes before hashes: the first difference is the one that is reported.
    ...trainingIdentity(task.network, task, { ...training, seed }),
    ...networkIdentity(task.network, { seed, kernel }),
    ...methodIdentity(flags),
    ...identityOfPlace(flags),
  }
}

/** Such as `30`, or `100, 100`. */
function hiddenOf({ network, loss }: Task): string {
  const hidden = network.groups.filter((group) => isSpiking(group) && group.name !== loss.group)
  return hidden.map(({ size }) => size).join(', ')
}

/** What a training leaves that is interrupted, as a clause. */
async function leftIn(
  { path }: RunFolder,
  { checkpoint }: TrainFlags,
  keeper: CheckpointKeeper | null,
): Promise<string> {
  if (checkpoint !== undefined) return describeEnd(formatPlace(checkpoint), keeper?.keepsAny() ?? false)
  return (await holdsValues(path).catch(() => false))
    ? `${path} keeps what the finished epochs left.`
    : `no epoch was finished, and ${path} keeps nothing of it.`
}

/** Threads are of this process; the processes of other machines have clocks that this process cannot read. */
const isOfThisMachine = ({ kind, worker }: ClusterWorker) => kind === 'process' && worker === undefined

/** The workers of a cluster are threads of this process or others, which may be replaced. */
function processIdsOf(session: Pick<ClusterSession, 'workers'>): Iterable<number> {
  // One process may hold several cores.
  const ids = () => new Set(session.workers.filter(isOfThisMachine).map(({ id }) => id))
  return { [Symbol.iterator]: () => ids().values() }
}

const HOLDERS = { thread: 'threads', process: 'processes' } as const

/** Such as `4 cores, each a thread:` or `4 cores in 2 processes, linked by websockets:`. */
export function describeCores(flags: TransportFlags & ProcessesFlag): string {
  const { holder, linked } = TRANSPORTS[transportOf(flags)]
  const { cores: each, replicas = 1 } = flags
  const cores = replicas * each
  const all = replicas === 1 ? `${cores} cores` : `${replicas} replicas of ${each === 1 ? '1 core' : `${each} cores`}`
  if (holder === null) return `${all}, all in this process:`
  const link = linked === null ? '' : `, ${linked}`
  const processes = processesOf(flags)
  const held = `in ${processes} ${processes === 1 ? holder : HOLDERS[holder]}${link}:`
  if (isRemote(flags)) return `${all} on workers, ${held}`
  return processes === cores ? `${all}, each a ${holder}${link}:` : `${all} ${held}`
}
