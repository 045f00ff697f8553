import { Command } from 'commander'
import type { ClusterSession } from '../actors/open-cluster.js'
import { byName, entryOf } from '../events/by-name.js'
import { InputError } from '../events/errors.js'
import { firingStatistics } from '../learning/firing-statistics.js'
import type { Recording } from '../learning/session.js'
import type { Network } from '../network/description/network.js'
import { canSpike, respondsInSpikes } from '../network/models/models.js'
import { nameList, someText } from '../network/reading/flag-values.js'
import { digestOf } from '../storage/named-numbers.js'
import { recordedNumbers } from '../storage/recording/recorded-numbers.js'
import { folderOf } from './checkpoint/checkpoint-place.js'
import { requirePlacedChip, withPlacement } from './chip/flags/placement-flag.js'
import { leavesNothing } from './interruption.js'
import { requireRemote } from './join/require-remote.js'
import { warnOfLateInput } from './late-input.js'
import { areMetricsWanted, watchMetrics } from './metrics/watch-metrics.js'
import { type Outputs, outputsOf } from './outputs/outputs.js'
import { addTrialFlags, readTaskOrTrial, type TrialFlags } from './read-trial.js'
import { recordSimulation } from './recording/record-simulation.js'
import { addRecordingFlags, type RecordingFlags, requireRecordingFlags } from './recording/recording-flags.js'
import { simulatedDigest } from './recording/simulated-digest.js'
import { restarting } from './restarting.js'
import { addMetricsFlags, type MetricsFlags } from './run-flags.js'
import { joined, jsonLine, type Shown, shown } from './shown.js'
import { addSizeFlags, type SizeFlags, simulationTaskNames } from './simulation-tasks.js'
import { formatTable } from './table.js'
import type { Terminal } from './terminal.js'
import { addTraceFlag, requireTraceFile, type TraceFlags } from './trace/trace-flag.js'
import { createTracing } from './trace/watch-trace.js'
import { trialOnCores } from './trial-on-cores.js'
import { tellNotes, type Warning, warn } from './warn.js'

/** An end that any network may have; a run that is recorded needs none. */
const ENDLESS = Number.MAX_VALUE

const NOTHING_RECORDED: Warning = Object.freeze({
  code: 'NOTHING_RECORDED',
  message: 'no lif group to record; name others with --record.',
})

interface SimulateFlags extends TrialFlags, MetricsFlags, SizeFlags, RecordingFlags, TraceFlags {
  readonly record?: readonly string[]
}

/** `antidrome simulate <network>`: the spikes of one trial. */
export function simulateCommand(terminal: Terminal): Command {
  const command = new Command('simulate')
    .description(
      'Simulate one trial of a network file and print its spikes; of li groups, the maxima of the voltages. Of a task, how ' +
        'often and how regularly its groups fire, and with --json their spikes.',
    )
    .argument(
      '<network>',
      `network file, or a task: ${simulationTaskNames().join(', ')}`,
      someText('network', 'a file or a task'),
    )
    .option('--record <groups>', 'groups to print, with commas (default: all lif groups)', nameList('--record'))
  return addTraceFlag(addMetricsFlags(addTrialFlags(addSizeFlags(addRecordingFlags(command))))).action(
    (name: string, flags: SimulateFlags) => simulate(name, flags, outputsOf(command, terminal), terminal),
  )
}

async function simulate(name: string, flags: SimulateFlags, outputs: Outputs, terminal: Terminal): Promise<void> {
  requireRecordingFlags(flags)
  requirePlacedChip(flags)
  requireRemote(flags)
  await requireTraceFile(flags, outputs, { '--out': flags.out, '--checkpoint': folderOf(flags.checkpoint) })
  if (flags.out !== undefined) return record(name, { ...flags, out: flags.out }, outputs, terminal)
  const { network, trials } = await readTaskOrTrial(name, flags)
  warnOfLateInput(trials, flags, terminal)
  const groups = groupsOf(network, flags)
  const tracing = createTracing(flags, outputs, terminal)
  const simulateIt = async (session: ClusterSession) => {
    await using _watch = await watchMetrics(session, flags, terminal)
    await using trace = await tracing.watch(session)
    const recording = await session.simulate(trials, { record: groups })
    await trace.finish()
    return recording
  }
  const placed = await withPlacement(network, flags, terminal)
  const recording = await trialOnCores(network, placed, simulateIt, {
    metrics: areMetricsWanted(flags),
    trace: tracing.isWanted,
    signal: tracing.signal,
    onNote: tellNotes(terminal, flags.json),
    ...restarting(placed, terminal),
    left: flags.trace === undefined ? leavesNothing : () => `${flags.trace} keeps the trace.`,
  })
  const results = groups.map((group) => resultOf(group, recording, trials.until))
  if (results.length === 0) warn(terminal, flags.json, NOTHING_RECORDED)
  const isTask = simulationTaskNames().includes(name)
  for (const result of results)
    if (flags.json) terminal.out(jsonLine(result))
    else if (!isTask) terminal.out(joined([tableOf(result), shown`\n`]))
  if (isTask) (flags.json ? terminal.err : terminal.out)(firingTable(network, recording, trials.until))
  terminal.out(simulatedDigest(digestOfResults(network, results), flags))
}

async function record(
  name: string,
  flags: SimulateFlags & { readonly out: string },
  outputs: Outputs,
  terminal: Terminal,
): Promise<void> {
  await outputs.folder('--out', flags.out)
  const checkpoint = folderOf(flags.checkpoint)
  if (checkpoint !== undefined) await outputs.folder('--checkpoint', checkpoint)
  const isTask = simulationTaskNames().includes(name)
  const end = flags.until ?? (isTask ? undefined : ENDLESS)
  const { network, trials } = await readTaskOrTrial(name, { ...flags, ...(end === undefined ? {} : { until: end }) })
  const groups = groupsOf(network, flags)
  requireSpikes(network, groups)
  warnOfLateInput(trials, flags, terminal)
  const until = trials.until === ENDLESS ? Number.POSITIVE_INFINITY : trials.until
  const placed = await withPlacement(network, flags, terminal)
  const request = { network, trials: { ...trials, until }, record: groups, flags: placed, out: flags.out, outputs }
  await recordSimulation(request, terminal)
}

/** The groups to record. */
function groupsOf(network: Network, { record }: SimulateFlags): readonly string[] {
  if (record !== undefined) requireGroups(network, record)
  return record ?? network.groups.filter(respondsInSpikes).map(({ name }) => name)
}

function requireSpikes({ groups }: Network, record: readonly string[]): void {
  const spiking = groups.filter(canSpike).map(({ name }) => name)
  const silent = record.find((name) => !spiking.includes(name))
  if (silent === undefined && record.length > 0) return
  throw new InputError({
    code: 'RECORD_KIND',
    field: '--record',
    found: silent === undefined ? 'no group' : `"${silent}", a readout`,
    expected: `groups that spike: ${spiking.join(', ')}`,
  })
}

function requireGroups({ groups }: Network, record: readonly string[]): void {
  const stranger = record.find((name) => !groups.some((group) => group.name === name))
  if (stranger === undefined) return
  throw new InputError({
    code: 'GROUP_UNKNOWN',
    field: '--record',
    found: `"${stranger}"`,
    expected: `groups of the network: ${groups.map(({ name }) => name).join(', ')}`,
  })
}

type GroupResult =
  | { readonly group: string; readonly times: Float64Array; readonly units: Uint32Array }
  | { readonly group: string; readonly vMax: Float64Array; readonly vMaxTimes: Float64Array }

function resultOf(group: string, { spikes, maxima }: Recording, until: number): GroupResult {
  const peaks = entryOf(maxima, group)
  if (peaks !== undefined) return { group, vMax: peaks.values, vMaxTimes: peaks.times }
  const { times = new Float64Array(0), units = new Uint32Array(0) } = entryOf(spikes, group) ?? {}
  // A source holds the spikes of its file; those at or after the end never happen.
  const end = times.findIndex((time) => time >= until)
  return end < 0 ? { group, times, units } : { group, times: times.slice(0, end), units: units.slice(0, end) }
}

/** Groups are in the order of the network, whatever the order in which they were asked for. */
function digestOfResults({ groups }: Network, results: readonly GroupResult[]): string {
  const rank = ({ group }: GroupResult) => groups.findIndex(({ name }) => name === group)
  const inOrder = [...results].sort((a, b) => rank(a) - rank(b))
  return digestOf(
    recordedNumbers({
      spikes: byName(inOrder.flatMap((result) => ('vMax' in result ? [] : [[result.group, result] as const]))),
      maxima: byName(
        inOrder.flatMap((result) =>
          'vMax' in result ? [[result.group, { values: result.vMax, times: result.vMaxTimes }] as const] : [],
        ),
      ),
    }),
  )
}

function tableOf(result: GroupResult): Shown {
  if ('vMax' in result) {
    const { vMax, vMaxTimes } = result
    const rows = Array.from(vMax, (value, unit) => [unit, value, vMaxTimes[unit] as number])
    return joined([shown`${result.group}\n`, formatTable(['unit', 'vMax', 'time (ms)'], rows)])
  }
  const { times, units } = result
  const spikes = `${times.length} spike${times.length === 1 ? '' : 's'}`
  const rows = Array.from(times, (time, k) => [time, units[k] as number])
  const head = shown`${result.group}: ${spikes}\n`
  return rows.length === 0 ? head : joined([head, formatTable(['time (ms)', 'unit'], rows)])
}

/** How often and how regularly the recorded groups fired until then. */
function firingTable({ groups }: Network, { spikes }: Recording, until: number): Shown {
  const rows = groups.flatMap(({ name, size }) => {
    const trains = entryOf(spikes, name)
    if (trains === undefined) return []
    const { rate, cv } = firingStatistics(trains, size, until)
    return [[name, trains.times.length, rate.toFixed(2), cv === null ? '-' : cv.toFixed(3)]]
  })
  return formatTable(['group', 'spikes', 'rate (Hz)', 'cv of intervals'], rows)
}
