import type { MemoryTraffic } from '../../../dynamics/traffic/memory-traffic.js'
import type { SquaresPart } from '../../../learning/gradient-squares.js'
import type { SplitFingerprint, TaskFingerprint } from '../../../learning/task.js'
import { integerFrom, readNonNegative } from '../../../network/reading/read-number.js'
import { type Reader, readRecord, readString } from '../../../network/reading/read-value.js'
import { formOf } from '../../../network/reading/read-variant.js'
import type { UnitStates } from '../../group/run.js'
import type { PartitionTrace } from '../../trace/trace-record.js'
import type {
  PartitionMetrics,
  PartitionTraffic,
  PreparedTask,
  RunReport,
  SliceParameters,
  SliceState,
} from '../partition.js'
import type { PartitionOrder } from '../remote/partition-calls.js'
import type { PartitionStatus } from '../status.js'
import type { HeldCore } from './held-core.js'
import { metricsReader, readMemoryTraffic, statusReader, traceReader, trafficReader } from './read-readings.js'
import { runReportReader, squaresReader } from './read-run-report.js'
import { sameAs, slicesReader, statesReader, unitStatesReader } from './read-slices.js'

type OrderName = PartitionOrder['order']

/** An order of one kind. */
export type OrderOf<Name extends OrderName> = Extract<PartitionOrder, { readonly order: Name }>

/** What is replied to each order. */
export interface Replies {
  readonly run: RunReport
  readonly prepare: PreparedTask
  readonly prepareLoss: null
  readonly squares: readonly SquaresPart[]
  readonly states: readonly UnitStates[]
  readonly update: null
  readonly undo: null
  readonly parameters: readonly SliceParameters[]
  readonly save: readonly SliceState[]
  readonly restore: null
  readonly status: PartitionStatus
  readonly traffic: readonly PartitionTraffic[]
  readonly kernelSeconds: number
  readonly memoryTraffic: MemoryTraffic
  readonly metrics: PartitionMetrics
  readonly trace: PartitionTrace
  readonly close: null
}

const DONE = () => sameAs(null)

/** How the reply to each order is read. */
const READERS: {
  readonly [Name in OrderName]: (held: HeldCore, order: OrderOf<Name>) => Reader<Replies[Name]>
} = {
  run: (held, { run }) => runReportReader(held, run),
  prepare: () => readPrepared,
  prepareLoss: DONE,
  squares: ({ slices }, { learned }) => squaresReader(slices, learned),
  states: (held) => unitStatesReader(held),
  update: DONE,
  undo: DONE,
  parameters: ({ slices }) => slicesReader(slices, 'parameters'),
  save: ({ slices }, { remembered }) => statesReader(slices, remembered),
  restore: DONE,
  status: ({ core }) => statusReader(core),
  traffic: ({ neighbours }) => trafficReader(neighbours),
  kernelSeconds: () => readNonNegative,
  memoryTraffic: () => readMemoryTraffic,
  metrics: (held) => metricsReader(held),
  trace: ({ core }) => traceReader(core),
  close: DONE,
}

/** Checks what a partition has replied to an order, and gives it its type. */
export type ReadReply = <Name extends OrderName>(order: OrderOf<Name>, value: unknown) => Replies[Name]

/**
 * Replies come from other processes, which may be of other people: each is held against its order, and against what the
 * core holds. Raises `InputError` that names the field, such as `run.outcome.losses[3]`.
 */
export function replyReader(held: HeldCore): ReadReply {
  return (order, value) => {
    const name = order.order as typeof order.order & OrderName
    const readerOf = READERS[name] as (held: HeldCore, order: PartitionOrder) => Reader<never>
    return readerOf(held, order)(value, name)
  }
}

const SPLIT = formOf<SplitFingerprint>({ size: integerFrom(0), labels: readString, inputs: readString })
const FINGERPRINT = formOf<TaskFingerprint>({ train: SPLIT, validation: SPLIT, test: SPLIT })

const readPrepared: Reader<PreparedTask> = (value, field) =>
  'reason' in readRecord(value, field)
    ? formOf<{ readonly reason: string }>({ reason: readString })(value, field)
    : formOf<{ readonly fingerprint: TaskFingerprint }>({ fingerprint: FINGERPRINT })(value, field)
