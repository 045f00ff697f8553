import { type MemoryTraffic, TRAFFIC_CATEGORIES, type Traffic } from '../../../dynamics/traffic/memory-traffic.js'
import { arrayThat, doublesThat } from '../../../network/reading/read-array.js'
import { listOf, oneOfEach } from '../../../network/reading/read-list.js'
import {
  integerFrom,
  type NumberRule,
  readAnyNumber,
  readCount,
  readNonNegative,
} from '../../../network/reading/read-number.js'
import { nullOr, type Reader, readPlain, readString, wordOf } from '../../../network/reading/read-value.js'
import { formOf } from '../../../network/reading/read-variant.js'
import type { LinkTraffic, TrafficSplit } from '../../../streams/link.js'
import type { PartitionTrace, TraceColumns, TraceLabel, TraceTrack } from '../../trace/trace-record.js'
import type { MemoryUse, PartitionMetrics, PartitionTraffic } from '../partition.js'
import type { PartitionStatus, Wait } from '../status.js'
import type { HeldCore } from './held-core.js'
import { sameAs } from './read-slices.js'

const LINK = formOf<LinkTraffic>({
  spikes: readCount,
  gradientEvents: readCount,
  messages: readCount,
  bytes: readCount,
  split: formOf<TrafficSplit>({
    spikes: readCount,
    gradients: readCount,
    lossSpikes: readCount,
    lossGradients: readCount,
    lossValues: readCount,
    sharedValues: readCount,
    listeners: readCount,
    control: readCount,
  }),
})

/** Of each link of a core. */
export function trafficReader(neighbours: readonly number[]): Reader<readonly PartitionTraffic[]> {
  const readers = neighbours.map((peer) => {
    return [`core ${peer}`, formOf<PartitionTraffic>({ peer: sameAs(peer), sent: LINK, received: LINK })] as const
  })
  return oneOfEach(new Map(readers), ({ peer }) => `core ${String(peer)}`)
}

const BYTES = formOf<Traffic>({ read: readNonNegative, written: readNonNegative })

export const readMemoryTraffic = formOf(
  Object.fromEntries(TRAFFIC_CATEGORIES.map((category) => [category, BYTES])),
) as Reader<MemoryTraffic>

export function metricsReader({ core, neighbours }: Pick<HeldCore, 'core' | 'neighbours'>): Reader<PartitionMetrics> {
  return formOf<PartitionMetrics>({
    core: sameAs(core),
    synapticEvents: readNonNegative,
    spikes: readNonNegative,
    queuedSpikes: readNonNegative,
    watermarkLag: readNonNegative,
    kernelSeconds: readNonNegative,
    memory: formOf<MemoryUse>({
      rss: readNonNegative,
      heapUsed: readNonNegative,
      arrayBuffers: readNonNegative,
    }),
    links: trafficReader(neighbours),
  })
}

export function statusReader(core: number): Reader<PartitionStatus> {
  return formOf<PartitionStatus>({
    run: nullOr(readCount),
    progress: readCount,
    waits: listOf(
      formOf<Wait>({
        core: sameAs(core),
        actor: readString,
        state: readString,
        link: readString,
        stream: readString,
        awaited: wordOf(['spikes', 'gradients', 'a vector'] as const),
        sender: readString,
        watermark: readAnyNumber,
      }),
    ),
  })
}

export function traceReader(core: number): Reader<PartitionTrace> {
  const read = formOf<PartitionTrace>({
    core: sameAs(core),
    tracks: listOf(formOf<TraceTrack>({ name: readString, peer: nullOr(integerFrom(-1)) })),
    labels: listOf(
      formOf<TraceLabel>({
        name: readString,
        category: wordOf(['kernel', 'actor', 'link', 'learning', 'session'] as const),
        shape: wordOf(['span', 'instant', 'async'] as const),
        flow: nullOr(wordOf(['begins', 'ends'] as const)),
        amount: nullOr(wordOf(['bytes', 'spikes', 'repeated'] as const)),
      }),
    ),
    events: readPlain as Reader<never>,
    lost: readCount,
    until: readNonNegative,
  })
  return (value, field) => {
    const record = read(value, field)
    return { ...record, events: columnsReader(record)(record.events, `${field}.events`) }
  }
}

/** One number per event in each column. */
function columnsReader({ tracks, labels }: Pick<PartitionTrace, 'tracks' | 'labels'>): Reader<TraceColumns> {
  return (value, field) => {
    const { length } = arrayThat(
      Uint32Array,
      below(tracks.length),
      null,
    )((value as TraceColumns).track, `${field}.track`)
    const numbers = arrayThat(Uint32Array, below(2 ** 32), length)
    const doubles = doublesThat(length)
    return formOf<TraceColumns>({
      track: arrayThat(Uint32Array, below(tracks.length), length),
      label: arrayThat(Uint32Array, below(labels.length), length),
      start: doubles,
      end: doubles,
      run: numbers,
      flow: numbers,
      amount: doubles,
    })(value, field)
  }
}

const below = (count: number): NumberRule => ({ expected: `a number below ${count}`, holds: (value) => value < count })
