import { InputError } from '../../events/errors.js'
import { describeValue } from '../../network/reading/describe-value.js'
import { partOf } from '../../network/reading/read-fields.js'
import { listOf } from '../../network/reading/read-list.js'
import { integerFrom, numberThat, readCount, readNonNegative, readNumber } from '../../network/reading/read-number.js'
import { nullOr, type Reader, readBoolean, readString, wordOf } from '../../network/reading/read-value.js'
import { COMPUTATION_READERS } from '../computation-options.js'
import type { HeldCore } from '../supervision/cluster-spec.js'
import type { CoreWorkerEnd } from '../supervision/failure-report.js'
import { readListenerAddress } from '../supervision/read-start-report.js'
import type {
  CoreWorkerReport,
  Engaged,
  EngageOrder,
  LookOrder,
  ReleaseOrder,
  SealedSpec,
  Stranger,
  TakenSlot,
  WorkerOffer,
  WorkerOrder,
  WorkerVersions,
} from './fleet-messages.js'
import type { OrderEpoch } from './order-epoch.js'

/*
 * A message over a rendezvous may come from any sender: each reader raises `InputError` FIELD_TYPE, FIELD_MISSING and
 * similar codes for a message that is not of its kind. Unknown fields are ignored: the sender may be of a later
 * version.
 */

/** A text that is shown to people: short, and without what a terminal would obey. */
const readLabel: Reader<string> = (value, field) => {
  const text = readString(value, field)
  if (text.length <= MOST_LABEL && !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text)) return text
  throw new InputError({
    code: 'OPTION_OUT_OF_RANGE',
    field,
    found: `a text of ${text.length} characters`,
    expected: `at most ${MOST_LABEL} characters, none of them a control character`,
  })
}
const MOST_LABEL = 300
const MOST_WORDS = 4000

const readHash: Reader<string> = (value, field) => {
  const text = readString(value, field)
  if (/^[0-9a-f]{32}$/.test(text)) return text
  throw new InputError({
    code: 'OPTION_OUT_OF_RANGE',
    field,
    found: describeValue(text),
    expected: '32 hexadecimal digits',
  })
}

const readMs = numberThat({ expected: '1 to 10^9 ms', holds: (value) => value >= 1 && value <= 1e9 })

const STAMP = partOf<OrderEpoch>({ run: readLabel, epoch: readCount, start: integerFrom(1) })
const VERSIONS = partOf<WorkerVersions>({ antidrome: readLabel, protocol: readCount, arithmetic: readCount })
const TAKEN = partOf<TakenSlot>({ run: readLabel, epoch: readCount, cores: listOf(readCount), pid: readNumber })
const STRANGER = partOf<Stranger>({ id: readLabel, name: readLabel, versions: VERSIONS })
const OFFER = partOf<WorkerOffer>({
  id: readLabel,
  name: readLabel,
  machine: readLabel,
  pid: readNumber,
  slots: readCount,
  taken: listOf(TAKEN),
  isLeaving: readBoolean,
  isDialled: readBoolean,
  versions: VERSIONS,
  hardwareThreads: readCount,
  load: readNonNegative,
  freeMemory: readNonNegative,
  sealKey: readLabel,
  clock: readNumber,
  uptime: readNonNegative,
})
const HELD = partOf<HeldCore>({ core: readCount, secret: readString })
const readHeld: Reader<readonly HeldCore[]> = (value, field) => {
  const cores = listOf(HELD)(value, field)
  if (cores.length > 0 && new Set(cores.map(({ core }) => core)).size === cores.length) return cores
  throw new InputError({
    code: 'OPTION_OUT_OF_RANGE',
    field,
    found: cores.length === 0 ? 'none' : `cores ${cores.map(({ core }) => core).join(', ')}`,
    expected: 'one core or more, each once',
  })
}
const SPEC = partOf<SealedSpec>({
  structure: readHash,
  placement: readHash,
  ...COMPUTATION_READERS,
  replicas: integerFrom(1),
  metrics: readBoolean,
  trace: readBoolean,
  silence: readMs,
  heartbeat: readMs,
  startLimit: readMs,
  coordinatorSilence: readMs,
  maxFrame: numberThat({
    expected: 'a number of bytes',
    holds: (value) => Number.isInteger(value) && value >= 16 && value <= 1 << 30,
  }),
  cores: readHeld,
  mostLinks: integerFrom(1),
  links: wordOf(['direct', 'nats'] as const),
  endSecret: readLabel,
})
const ENGAGE = partOf<EngageOrder>({
  type: wordOf(['engage'] as const),
  stamp: STAMP,
  session: readLabel,
  host: readCount,
  sealed: readString,
})
const RELEASE = partOf<ReleaseOrder>({
  type: wordOf(['release'] as const),
  stamp: STAMP,
  host: readCount,
  force: readBoolean,
})
const LOOK = partOf<LookOrder>({ type: wordOf(['look'] as const), stamp: STAMP })
const ORDERS = { engage: ENGAGE, release: RELEASE, look: LOOK } as const
const ENGAGED = partOf<Engaged>({ door: readListenerAddress, pid: readNumber })
const END: Reader<CoreWorkerEnd> = (value, field) => {
  const { lastWords } = partOf<Pick<CoreWorkerEnd, 'lastWords'>>({ lastWords: readString })(value, field)
  const { exitCode, signal } = value as CoreWorkerEnd
  return {
    exitCode: nullOr(readNumber)(exitCode, `${field}.exitCode`),
    signal: nullOr(readLabel)(signal, `${field}.signal`),
    // Whatever else a terminal would obey.
    lastWords: lastWords.slice(0, MOST_WORDS).replaceAll(/[^\P{C}\n\t]/gu, '?'),
  }
}
const REPORT = partOf<CoreWorkerReport>({
  type: wordOf(['ended'] as const),
  stamp: STAMP,
  host: readCount,
  secret: readLabel,
  end: END,
})

export const readOffer = (value: unknown): WorkerOffer => OFFER(value, 'offer')
/** What workers of every version report. */
export const readStranger = (value: unknown): Stranger => STRANGER(value, 'offer')
export const readOrderEpoch = (value: unknown): OrderEpoch => STAMP(value, 'stamp')
export const readEngaged = (value: unknown): Engaged => ENGAGED(value, 'reply')
export const readCoreWorkerReport = (value: unknown): CoreWorkerReport => REPORT(value, 'report')

export function readOrder(value: unknown): WorkerOrder {
  const { type } = partOf<Pick<WorkerOrder, 'type'>>({ type: wordOf(['engage', 'release', 'look'] as const) })(
    value,
    'order',
  )
  return ORDERS[type](value, 'order')
}

export function readSealedSpec(text: string): SealedSpec {
  return SPEC(parsed(text), 'order.sealed')
}

/** What the parser says of a text would show some of it. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new InputError({
      code: 'FIELD_TYPE',
      field: 'order.sealed',
      found: 'another text',
      expected: 'a text in JSON',
    })
  }
}
