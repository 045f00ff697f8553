import { chunksOf, type DealtTrials, dealTrials, requireChunks } from '../../dynamics/parameters/deal-trials.js'
import { sumTraffic } from '../../dynamics/traffic/memory-traffic.js'
import { byName, entryOf } from '../../events/by-name.js'
import { InternalError } from '../../events/errors.js'
import { joinTrials } from '../../events/join-trials.js'
import type { SpikeTrains } from '../../events/spike-trains.js'
import { type TrialRange, trialsOf } from '../../events/trial-range.js'
import type { SliceFiring, SliceVoltageMaxima } from '../../learning/diagnosis/merge-diagnosis.js'
import type { SquaresPart } from '../../learning/gradient-squares.js'
import type { Outcome } from '../../learning/losses/outcome.js'
import type { Maxima } from '../../learning/session.js'
import { differenceBetween } from '../../learning/task-fingerprint.js'
import { joinRows } from '../../numerics/join-rows.js'
import { combineTree, type TreePart } from '../../numerics/tree-nodes.js'
import type { Run } from '../group/run.js'
import { gatherReports } from './gather-reports.js'
import type { Partition, PreparedTask, RunOrder, RunReport } from './partition.js'

/**
 * The partition of a core: the only one, or all of its replicas as one.
 *
 * @param onDealt called after each run that all replicas have computed a part of; default: not called
 */
export function replicated(replicas: readonly Partition[], onDealt: () => void = () => undefined): Partition {
  const [first, ...others] = replicas as readonly [Partition, ...Partition[]]
  return others.length === 0 ? first : createReplicatedPartition([first, ...others], onDealt)
}

/**
 * Replicas of a partition, as one: each computes some of the trials of a mini-batch, the bits are those of one that
 * computes all.
 *
 * A training step is dealt by chunks of trials, whose sums the replicas add up between them; then each of them takes the
 * whole step. Runs without gradients are dealt without sums. A watched step is computed whole by every replica, and what
 * asks for gradients themselves, or goes on from a state, by the first one alone.
 */
function createReplicatedPartition(replicas: readonly [Partition, ...Partition[]], onDealt: () => void): Partition {
  const [first] = replicas
  /** The first mini-batch has a chunk for each; a later one, also of a state that is continued, may be what is left of the data. */
  let isChecked = false

  const every = async <Result>(work: (replica: Partition) => Promise<Result>): Promise<Result> => {
    const [result] = (await Promise.all(replicas.map(work))) as [Result]
    return result
  }

  /** In what replicas differ: what they would compute together would be of two networks. Null: they are alike. */
  let difference: InternalError | null = null

  async function run(order: RunOrder): Promise<RunReport> {
    if (difference !== null) throw difference
    switch (formOf(order)) {
      case 'alone':
        return first.run(order)
      case 'mirrored':
        return (await gather(order.number, () => order))[0] as RunReport
      case 'dealt': {
        const { count } = order.run.trials
        if (order.run.gradients && !isChecked) requireChunks(count, replicas.length)
        isChecked ||= order.run.gradients
        const dealt = dealTrials(count, replicas.length)
        const reports = await gather(order.number, (replica) => partOf(order, dealt, replica))
        onDealt()
        return joinReports(order, dealt, reports)
      }
    }
  }

  async function gather(number: number, orderFor: (replica: number) => RunOrder): Promise<readonly RunReport[]> {
    const running = replicas.map((replica, r) => replica.run(orderFor(r)))
    const reports = await gatherReports(running, () => abort(number))
    difference = differenceIn(reports)
    if (difference !== null) throw difference
    return reports
  }

  function abort(number: number): void {
    for (const replica of replicas) replica.abort(number)
  }

  const { prepare, prepareLoss } = first
  return {
    ...first,
    run,
    abort,
    ...(prepare === undefined
      ? {}
      : { prepare: (...task) => prepared(replicas.map((each) => each.prepare?.(...task))) }),
    ...(prepareLoss === undefined
      ? {}
      : { prepareLoss: (...loss) => every(async (each) => each.prepareLoss?.(...loss)) }),
    memoryTraffic: async () => sumTraffic(await Promise.all(replicas.map((each) => each.memoryTraffic()))),
    update: (order) => every((replica) => replica.update(order)),
    undo: (from) => every((replica) => replica.undo(from)),
    restore(slices) {
      isChecked = true
      difference = null
      return every((replica) => replica.restore(slices))
    },
    close: () => every((replica) => replica.close()),
  }
}

/** What the replicas have made of a task; the first reason why one of them cannot make it, or has made another one. */
async function prepared(made: readonly (Promise<PreparedTask> | undefined)[]): Promise<PreparedTask> {
  const tasks = (await Promise.all(made)).filter((task) => task !== undefined)
  const [first] = tasks as [PreparedTask]
  for (const [replica, task] of tasks.entries()) {
    if ('reason' in task) return task
    if ('reason' in first) return first
    const difference = differenceBetween(task.fingerprint, first.fingerprint)
    if (difference !== null) return { reason: `replica ${replica} makes another one than replica 0: ${difference}` }
  }
  return first
}

function formOf({ run, report, record, watch }: RunOrder): 'dealt' | 'mirrored' | 'alone' {
  if (run.segment !== undefined || report === 'gradients') return 'alone'
  if (!run.gradients) return watch === undefined ? 'dealt' : 'alone'
  return watch === undefined && record.length === 0 ? 'dealt' : 'mirrored'
}

/** What one replica is ordered. */
function partOf(order: RunOrder, dealt: readonly DealtTrials[], replica: number): RunOrder {
  const { range } = dealt[replica] as DealtTrials
  const { run, samples } = order
  const share = { chunks: chunksOf(run.trials.count), nodes: dealt.map(({ node }) => node) }
  return {
    ...order,
    run: runOf(run, range),
    ...(run.gradients ? { share } : {}),
    ...(samples === undefined
      ? {}
      : { samples: { ...samples, numbers: samples.numbers.subarray(range.start, range.end) } }),
  }
}

function runOf(run: Run, range: TrialRange): Run {
  const { trials, loss, noise, microBatch, ...rest } = run
  const { start, end } = range
  const count = end - start
  const inputs = byName(Object.entries(trials.inputs).map(([name, trains]) => [name, trialsOf(trains, range)]))
  return {
    ...rest,
    trials: { ...trials, count, inputs },
    firstTrial: start,
    isPart: run.gradients,
    loss: loss === null ? null : { ...loss, labels: loss.labels?.subarray(start, end) ?? null },
    ...(microBatch === undefined || microBatch >= count ? {} : { microBatch }),
    ...(noise === undefined ? {} : { noise: { ...noise, firstTrial: noise.firstTrial + start } }),
  }
}

/**
 * The report of a mini-batch from those of the parts that replicas have computed: what is said of trials stands in their
 * order, numbers of spikes are added, and sums of doubles are those of the tree over chunks.
 *
 * @param reports by replica
 */
function joinReports(
  { run: { trials } }: Pick<RunOrder, 'run'>,
  dealt: readonly DealtTrials[],
  reports: readonly RunReport[],
): RunReport {
  const [first] = reports as readonly [RunReport]
  const counted = reports.filter((_, replica) => dealt[replica]?.node !== null)
  const sum = (numberOf: (report: RunReport) => number) =>
    counted.reduce((total, report) => total + numberOf(report), 0)
  const parts = counted.map(
    (report, k): Counted => ({ report, node: (dealt[k] as DealtTrials).node as Counted['node'] }),
  )
  return {
    ...first,
    spikes: byName(
      Object.keys(first.spikes).map((name) => [
        name,
        joinTrains(
          trials.count,
          counted.map(({ spikes }) => entryOf(spikes, name) as SpikeTrains),
        ),
      ]),
    ),
    maxima: byName(
      Object.keys(first.maxima).map((name) => [
        name,
        joinMaxima(counted.map(({ maxima }) => entryOf(maxima, name) as Maxima)),
      ]),
    ),
    outcome: joinOutcomes(counted.map(({ outcome }) => outcome)),
    emitted: sum(({ emitted }) => emitted),
    grazing: sum(({ grazing }) => grazing),
    pairs: sum(({ pairs }) => pairs),
    silent: sum(({ silent }) => silent),
    hiddenSpikes: sum(({ hiddenSpikes }) => hiddenSpikes),
    firing: first.firing.map((_, slice) => joinFiring(counted.map(({ firing }) => firing[slice] as SliceFiring))),
    readouts: first.readouts.map((_, slice) => joinVoltages(chunksOf(trials.count), parts, slice)),
  }
}

interface Counted {
  readonly report: RunReport
  readonly node: TreePart['node']
}

/** Every replica has the whole gradient, and has taken the whole step. */
function differenceIn(reports: readonly RunReport[]): InternalError | null {
  const [one] = reports as readonly [RunReport]
  const replica = reports.findIndex((other) => {
    return !(
      one.step === other.step &&
      Object.is(one.largest, other.largest) &&
      one.squares.length === other.squares.length &&
      one.squares.every((part, k) => areAlike(part, other.squares[k] as SquaresPart))
    )
  })
  if (replica === -1) return null
  return new InternalError(`Replica ${replica} has another gradient than replica 0.`, { replica })
}

function areAlike(a: SquaresPart, b: SquaresPart): boolean {
  return a.term === b.term && a.sums.every((sum, k) => Object.is(sum, b.sums[k]))
}

function joinTrains(trials: number, parts: readonly SpikeTrains[]): SpikeTrains {
  const ofTrials = parts.flatMap((part) =>
    Array.from({ length: part.offsets.length - 1 }, (_, trial) => trialsOf(part, { start: trial, end: trial + 1 })),
  )
  return joinTrials(trials, ofTrials)
}

function joinMaxima(parts: readonly Maxima[]): Maxima {
  return { values: joinRows(parts.map(({ values }) => values)), times: joinRows(parts.map(({ times }) => times)) }
}

function joinOutcomes(parts: readonly (Outcome | null)[]): Outcome | null {
  const outcomes = parts.filter((part) => part !== null)
  if (outcomes.length === 0) return null
  return {
    losses: outcomes.flatMap(({ losses }) => losses),
    predictions: Int32Array.from(outcomes.flatMap(({ predictions }) => [...predictions])),
  }
}

function joinFiring(parts: readonly SliceFiring[]): SliceFiring {
  const [first] = parts as readonly [SliceFiring]
  const sum = (numberOf: (part: SliceFiring) => number) => parts.reduce((total, part) => total + numberOf(part), 0)
  return {
    ...first,
    spikes: first.spikes.map((_, n) => sum(({ spikes }) => spikes[n] as number)),
    pairs: sum(({ pairs }) => pairs),
    silent: sum(({ silent }) => silent),
    saturated: sum(({ saturated }) => saturated),
    grazing: sum(({ grazing }) => grazing),
  }
}

function joinVoltages(chunks: number, parts: readonly Counted[], slice: number): SliceVoltageMaxima {
  const ofParts = parts.map(({ report, node }) => ({ node, ...(report.readouts[slice] as SliceVoltageMaxima) }))
  const [{ group, start, unrisen }] = ofParts as [(typeof ofParts)[number]]
  return {
    group,
    start,
    trials: ofParts.reduce((sum, { trials }) => sum + trials, 0),
    maxima: combineTree(
      chunks,
      ofParts.map(({ node, maxima }): TreePart => ({ node, values: maxima })),
    ),
    unrisen: unrisen.map((_, unit) => ofParts.reduce((sum, part) => sum + (part.unrisen[unit] as number), 0)),
  }
}
