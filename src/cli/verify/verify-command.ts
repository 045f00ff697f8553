import { Command } from 'commander'
import { chooseTransport, type Transport } from '../../actors/transport.js'
import { EVERY_TRANSPORT, OWN_TRANSPORTS, TRANSPORTS } from '../../actors/transport-table.js'
import { MOST_THREADS } from '../../dynamics/kernels/kernel-threads.js'
import { RunError } from '../../events/errors.js'
import { mostCores } from '../../hardware/place.js'
import { moduleReferences } from '../../network/modules/module-references.js'
import { someOf, someText, wholeNumberList } from '../../network/reading/flag-values.js'
import { requirePlacedChip, requirePlacement } from '../chip/flags/placement-flag.js'
import { readPlacement } from '../chip/flags/read-placement.js'
import { warnOfNoLatency } from '../chip/flags/warn-of-no-latency.js'
import { addEventFlags } from '../events/event-flags.js'
import { addFlags, flagsOf } from '../flag-record.js'
import { interruptible, interruptibly, leavesNothing } from '../interruption.js'
import { REMOTE_FLAGS, type RemoteFlags } from '../join/join-flags.js'
import { isRemote, requireRemote } from '../join/require-remote.js'
import { warnOfLateInput } from '../late-input.js'
import { addLearningFlags } from '../learning-flags.js'
import { linkFlagsFor, openOnCores, placementFor, refuseIdleLinkFlags, requireProcesses } from '../open-on-cores.js'
import { processClock } from '../process-clock.js'
import { addInputFlags } from '../read-trial.js'
import { refuseFlags } from '../refuse-flags.js'
import { restarting } from '../restarting.js'
import {
  addComputationFlags,
  addPlacedChipFlag,
  addReplicasFlag,
  explainTransports,
  LINK_FLAGS,
  PLACEMENT_FLAGS,
  type PlacementFlag,
} from '../run-flags.js'
import { joined, jsonLine, type Shown, shown } from '../shown.js'
import { addSizeFlags, simulationTaskNames } from '../simulation-tasks.js'
import { formatTable } from '../table.js'
import { isTaskFile } from '../task-module/task-file.js'
import { addTaskFlag, subjectName, type TaskFlag } from '../task-module/task-flag.js'
import { taskNames } from '../tasks.js'
import type { Terminal } from '../terminal.js'
import { tellNotes } from '../warn.js'
import {
  compareSpreads,
  REFERENCE,
  type Spread,
  type SpreadReport,
  spreadsOf,
  type Verdict,
} from './compare-spreads.js'
import { type SubjectFlags, subjectOf, VERIFY_EPOCHS } from './verify-subject.js'

interface VerifyFlags
  extends SubjectFlags,
    TaskFlag,
    RemoteFlags,
    Pick<PlacementFlag, 'placement' | 'chipLatency' | 'chip'> {
  readonly cores?: readonly number[]
  readonly transport?: readonly Transport[]
  readonly processes?: readonly number[]
  readonly threads?: readonly number[]
}

const DEFAULT_CORES: readonly number[] = [1, 2, 4]
const DEFAULT_THREADS: readonly number[] = [1]
/** What the cores are by default beside --join: processes of workers. */
const REMOTE = [chooseTransport({ address: true, restarts: false })]

/** `antidrome verify <task|network>`: the same bits on every placement, or the first difference. */
export function verifyCommand(terminal: Terminal): Command {
  const command = new Command('verify')
    .description('Run the same on several placements and numbers of threads and compare every bit to one process.')
    .argument(
      '[task|network]',
      `network file, or a task: ${[...taskNames(), ...simulationTaskNames()].join(', ')}`,
      someText('task|network', 'a task or a file'),
    )
    .option(
      '--cores <list>',
      `numbers of cores, with commas (default: "${DEFAULT_CORES.join(',')}", as far as there are blocks of 32 neurons)`,
      wholeNumberList('--cores', 1),
    )
    .option(
      '--transport <list>',
      `what the cores are, with commas: ${explainTransports()} (default: "${OWN_TRANSPORTS.join(',')}", beside --join "${REMOTE.join(',')}", which are workers then)`,
      someOf('--transport', EVERY_TRANSPORT),
    )
    .option(
      '--processes <list>',
      'numbers of processes or threads that hold the cores, with commas (default: one per core)',
      wholeNumberList('--processes', 1),
    )
    .option(
      '--threads <list>',
      `numbers of threads per core, with commas (default: "${DEFAULT_THREADS.join(',')}")`,
      wholeNumberList('--threads', 1, MOST_THREADS),
    )
  addReplicasFlag(addPlacedChipFlag(addFlags(addComputationFlags(command), PLACEMENT_FLAGS)))
  addLearningFlags(addFlags(command, { ...LINK_FLAGS, ...REMOTE_FLAGS }), String(VERIFY_EPOCHS))
  return addInputFlags(addSizeFlags(addTaskFlag(addEventFlags(command))))
    .option(
      '--loss <file>',
      'loss file (default: k times the k-th spike time of the last lif group, added up)',
      someText('--loss', 'a file'),
    )
    .action((name: string | undefined, flags: VerifyFlags) =>
      verify(subjectName(name, flags, 'task|network'), flags, terminal),
    )
}

async function verify(name: string, flags: VerifyFlags, terminal: Terminal): Promise<void> {
  const { join, replicas = 1, processes = [], threads = DEFAULT_THREADS, json } = flags
  const { transport = join === undefined ? OWN_TRANSPORTS : REMOTE } = flags
  requireRemoteSpreads(flags, transport)
  refuseIdleLinkFlags(flags, transport)
  requirePlacedChip(flags)
  const subject = await subjectOf(name, flags)
  if (subject.trials !== undefined) warnOfLateInput(subject.trials, flags, terminal)
  const { network } = subject
  requirePlacement(flags)
  const placed = flags.placement === undefined ? null : (await readPlacement(network, flags.placement, flags)).placed
  if (placed !== null) warnOfNoLatency(terminal, json, { ...flags, placed })
  const isLate = placed?.latencies !== undefined
  if (isLate) refuseFlags(flags, ['cores'], 'latencies are those of a placement, and others have other results')
  const own = flags.cores ?? (placed === null ? DEFAULT_CORES.filter((count) => count <= mostCores(network)) : [])
  const cores = placed === null ? own : [...new Set([...own, placed.cores.length])]
  requireProcesses({ cores: Math.max(...cores), replicas, processes: Math.max(...processes) })
  // With latencies, whatever lies elsewhere on the chip computes something else.
  const reference = isLate ? { ...REFERENCE, cores: placed.cores.length } : REFERENCE
  const spreads = spreadsOf(cores, transport, threads, processes, reference, replicas)
  // Whatever does not fit is refused before anything runs.
  const placementOn = (count: number) => (count === placed?.cores.length ? placed : placementFor(network, count))
  const placements = new Map([...cores, reference.cores].map((count) => [count, placementOn(count)]))
  const reports: SpreadReport[] = []
  const report = (done: SpreadReport) => {
    reports.push(done)
    if (json) terminal.out(jsonLine(done))
  }
  const run = async (spread: Spread, signal: AbortSignal) => {
    if (terminal.screen !== null)
      terminal.err(shown`${spreads.indexOf(spread) + 1} of ${spreads.length}: ${describeSpread(spread)} …\n`)
    const remote = isRemote({ ...flags, transport: spread.transport }) ? flagsOf(REMOTE_FLAGS, flags) : {}
    const links = linkFlagsFor(spread.transport, flags)
    const { seed, kernel, spikeLimit } = flags
    const options = { seed, kernel, spikeLimit, ...spread, ...links, ...remote }
    await using session = await openOnCores(subject.network, options, {
      placement: placements.get(spread.cores),
      signal,
      onNote: tellNotes(terminal, json),
      ...restarting(options, terminal),
    })
    return await subject.results(interruptible(session, signal))
  }
  const verdict = await interruptibly(
    leavesNothing,
    (signal) => compareSpreads(spreads, { run: (spread) => run(spread, signal), report, seconds: processClock().wall }),
    isTaskFile(name) || flags.allowModules === true || moduleReferences(network).length > 0,
  )
  terminal.out(json ? jsonLine(verdict) : verdictTable(reports, verdict))
  requireEqual(verdict)
}

/** Of several transports beside `--join`, those between processes are workers. */
function requireRemoteSpreads(flags: VerifyFlags, transports: readonly Transport[]): void {
  const others =
    flags.join === undefined ? transports.filter((each) => TRANSPORTS[each].workers === 'always') : transports
  const named = others.filter((each) => TRANSPORTS[each].holder !== null)
  for (const transport of named.length === 0 ? (['auto'] as const) : named) requireRemote({ ...flags, transport })
}

/** Every run with its digest, and whether all are the same. */
export function verdictTable(reports: readonly SpreadReport[], verdict: Verdict): Shown {
  const others = (['replicas', 'processes'] as const).filter((field) => {
    return reports.some(({ [field]: count }) => count !== undefined)
  })
  const rows = reports.map(({ cores, transport, threads, seconds, digest, ...spread }) => {
    return [cores, transport, ...others.map((field) => spread[field] ?? 1), threads, seconds.toFixed(2), digest]
  })
  const table = formatTable(['cores', 'transport', ...others, 'threads', 'seconds', 'digest'], rows)
  return verdict.equal ? joined([table, shown`All the same, to the last bit.\n`]) : table
}

/** Raises `RunError` PLACEMENTS_DIFFER, naming the first difference. */
export function requireEqual(verdict: Verdict): void {
  if (verdict.equal) return
  const { where, reference, found, ...spread } = verdict.difference
  throw new RunError({
    code: 'PLACEMENTS_DIFFER',
    message: `${where} is ${found} on ${describeSpread(verdict.difference)}, but ${reference} on ${describeSpread(verdict.placements[0] ?? REFERENCE)}.`,
    details: { where, ...spread },
  })
}

/** Such as `2 cores, thread`, `2 replicas of 1 core, websocket, --processes 2`, or `1 core, local, 4 threads each`. */
function describeSpread({ cores, replicas, transport, processes, threads }: Spread): string {
  const copies = replicas === undefined ? '' : `${replicas} replicas of `
  const place = `${copies}${cores} core${cores === 1 ? '' : 's'}, ${transport}`
  const dealt = processes === undefined ? '' : `, --processes ${processes}`
  return `${place}${dealt}${threads === 1 ? '' : `, ${threads} threads each`}`
}
