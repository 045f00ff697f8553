import { createHash } from 'node:crypto'
import type { ClusterSession } from '../../actors/open-cluster.js'
import { entryOf } from '../../events/by-name.js'
import type { Trials } from '../../learning/session.js'
import type { Network } from '../../network/description/network.js'
import { moduleReferences } from '../../network/modules/module-references.js'
import { networkIdentity } from '../../storage/checkpoint/network-identity.js'
import { holdsRecording, holdsSegments } from '../../storage/recording/earlier-recording.js'
import { continueRecording, type Recorder, startRecording } from '../../storage/recording/record.js'
import { recordingDigest } from '../../storage/recording/recorded-numbers.js'
import type { RecordingDescription } from '../../storage/recording/recording-manifest.js'
import { folderOf } from '../checkpoint/checkpoint-place.js'
import { identityOfPlace } from '../chip/flags/placement-flag.js'
import { describeEnd, interruptibly, untilOpened } from '../interruption.js'
import { areMetricsWanted, watchMetrics } from '../metrics/watch-metrics.js'
import { openOnCores } from '../open-on-cores.js'
import { beforeRun } from '../outputs/before-run.js'
import type { Outputs } from '../outputs/outputs.js'
import { processClock } from '../process-clock.js'
import type { TrialFlags } from '../read-trial.js'
import { restarting } from '../restarting.js'
import type { MetricsFlags } from '../run-flags.js'
import { joined, jsonLine, shown } from '../shown.js'
import { formatTable } from '../table.js'
import type { Terminal } from '../terminal.js'
import type { TraceFlags } from '../trace/trace-flag.js'
import { createTracing, eitherSignal } from '../trace/watch-trace.js'
import { say, tellNotes } from '../warn.js'
import type { RecordingFlags } from './recording-flags.js'
import { simulatedDigest } from './simulated-digest.js'
import { openSimulationKeeper, type SimulationBody, type SimulationKeeper, timeOf } from './simulation-keeper.js'

/** In s of work. */
const CHECKPOINT_PAUSE = 10

export interface RecordingRequest {
  readonly network: Network
  readonly trials: Trials
  readonly record: readonly string[]
  readonly flags: TrialFlags & RecordingFlags & MetricsFlags & TraceFlags
  readonly out: string
  readonly outputs: Outputs
}

/** Simulates one trial of any length, its spikes written to a folder segment by segment; prints how many there were. */
export async function recordSimulation(request: RecordingRequest, terminal: Terminal): Promise<void> {
  const { network, trials, flags, out, outputs } = request
  const checkpoint = folderOf(flags.checkpoint)
  const tell = (line: string) => say(terminal, line)
  const description = describe(request)
  const course = { identity: description.identity, until: trials.until }
  const survival = restarting(flags, terminal)
  let left = () => (checkpoint === undefined ? 'nothing was recorded.' : describeEnd(checkpoint, false))
  const leaves = () => left()
  const result = await interruptibly(
    leaves,
    async (interruption) => {
      const tracing = createTracing(flags, outputs, terminal)
      const signal = eitherSignal(interruption, tracing.signal)
      await using keeper =
        checkpoint === undefined
          ? null
          : await beforeRun('--checkpoint', () => openSimulationKeeper(checkpoint, flags, course, tell))
      if (checkpoint !== undefined) left = () => describeEnd(checkpoint, keeper?.keepsAny() ?? false)
      signal.throwIfAborted()
      // A run that is stopped ends between two segments, and its cores must live until then.
      const opening = untilOpened(signal)
      const wanted = { metrics: areMetricsWanted(flags), trace: tracing.isWanted }
      const options = {
        signal: opening.signal,
        ...survival,
        onNote: tellNotes(terminal, flags.json),
        ...wanted,
      }
      await using session = await openOnCores(network, flags, options)
      opening.opened()
      await using _watch = await watchMetrics(session, flags, terminal)
      await using trace = await tracing.watch(session)
      const from = keeper?.from ?? null
      await using recorder = await beforeRun('--out', () => openRecorder(out, description, flags, from))
      if (checkpoint === undefined) left = () => `${out} keeps what was recorded.`
      const recorded = await run(request, { session, recorder, keeper, signal })
      await trace.finish()
      return recorded
    },
    moduleReferences(network).length > 0,
  )
  report(result, description, flags, terminal)
  terminal.out(simulatedDigest(await recordingDigest(out), flags))
}

interface RunningParts {
  readonly session: ClusterSession
  readonly recorder: Recorder
  readonly keeper: SimulationKeeper | null
  readonly signal: AbortSignal
}

interface RecordedRun {
  readonly time: number
  /** Spikes per group. */
  readonly counts: Readonly<Record<string, number>>
}

async function run(
  { trials, record, flags }: RecordingRequest,
  { session, recorder, keeper, signal }: RunningParts,
): Promise<RecordedRun> {
  const { segment, checkpointInterval } = flags
  const from = keeper?.from ?? null
  const counts = new Map(Object.entries(from?.counts ?? {}))
  const stream = session.stream({
    until: trials.until,
    inputs: trials.inputs,
    record,
    ...(segment === undefined ? {} : { segment }),
    ...(from === null || from.state === null ? {} : { from: from.state }),
  })
  // A first checkpoint before anything is recorded, so that every recording can be continued.
  if (from === null) await keeper?.write({ state: null, counts: {} })
  const isDue = checkpointTimer(stream.time, checkpointInterval)
  for await (const { window, spikes } of stream) {
    await recorder.append({ window, spikes })
    for (const [group, { times }] of Object.entries(spikes)) counts.set(group, (counts.get(group) ?? 0) + times.length)
    const isLast = signal.aborted || window.end >= trials.until
    if (keeper !== null && (isLast || isDue(window.end))) {
      // Whatever a checkpoint says is recorded must be there.
      await recorder.sync()
      await keeper.write({ state: await stream.saveState(), counts: Object.fromEntries(counts) })
    }
    if (isLast) break
  }
  await recorder.sync()
  if (stream.time < trials.until) signal.throwIfAborted()
  return { time: stream.time, counts: Object.fromEntries(counts) }
}

/** Tells after each segment whether a checkpoint is due. */
function checkpointTimer(start: number, interval: number | undefined): (time: number) => boolean {
  const { wall } = processClock([])
  let [time, moment] = [start, wall()]
  return (now) => {
    const due = interval === undefined ? wall() - moment >= CHECKPOINT_PAUSE : now - time >= interval
    if (due) [time, moment] = [now, wall()]
    return due
  }
}

function describe({ network, trials, record, flags }: RecordingRequest): RecordingDescription {
  const input = createHash('sha256')
  for (const [group, { times, units }] of Object.entries(trials.inputs).sort())
    input.update(`${group}:${times.length}`).update(times).update(units)
  const groups = network.groups.filter(({ name }) => record.includes(name)).map(({ name, size }) => ({ name, size }))
  const { seed, kernel, segment } = flags
  return {
    identity: {
      ...networkIdentity(network, { seed, kernel }),
      ...identityOfPlace(flags),
      input: input.digest('hex'),
      record: groups.map(({ name }) => name).join(','),
      segment: segment === undefined ? 'adaptive' : String(segment),
    },
    groups,
  }
}

/** A recording that is continued is cut off where the run continues; without a checkpoint, only one that has not begun. */
async function openRecorder(
  out: string,
  description: RecordingDescription,
  { resume = false, overwrite = false }: RecordingFlags,
  from: SimulationBody | null,
): Promise<Recorder> {
  const time = timeOf(from)
  const goesOn = from !== null || (resume && !(await holdsSegments(out)))
  if (time > 0 || (goesOn && (await holdsRecording(out)))) return continueRecording(out, description, time)
  return startRecording(out, description, { overwrite })
}

function report(
  { time, counts }: RecordedRun,
  { groups }: RecordingDescription,
  { json }: TrialFlags,
  terminal: Terminal,
): void {
  const lines = groups.map(({ name, size }) => {
    const spikes = entryOf(counts, name) ?? 0
    return { group: name, size, spikes, rate: time === 0 ? 0 : (1000 * spikes) / (size * time), time }
  })
  if (json) for (const line of lines) terminal.out(jsonLine(line))
  else {
    const rows = lines.map(({ group, size, spikes, rate }) => [group, size, spikes, Number(rate.toPrecision(4))])
    terminal.out(joined([shown`${time} ms\n`, formatTable(['group', 'units', 'spikes', 'rate (Hz)'], rows)]))
  }
}
