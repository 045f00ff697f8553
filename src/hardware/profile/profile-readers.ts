import { recordOf } from '../../network/reading/read-fields.js'
import { listOf } from '../../network/reading/read-list.js'
import { anyNumberThat, integerFrom } from '../../network/reading/read-number.js'
import { type Reader, readBoolean, readRecord, readString, wordOf } from '../../network/reading/read-value.js'
import type * as parts from './chip-profile.js'
import { figuresOf, type PartReaders, recordWith } from './part-readers.js'
import {
  CHANCE,
  COUNT,
  COUNT_OR_NONE,
  energyIn,
  figureIn,
  POSITIVE,
  PROVENANCES,
  readName,
  readText,
} from './read-figure.js'

const TOPOLOGIES = ['mesh', 'torus', 'hexagonalTorus', 'crossbar'] as const
const SOURCED: PartReaders<parts.Sourced> = { provenance: wordOf(PROVENANCES), source: readText }
const readWhole = anyNumberThat({
  code: 'CHIP_INVALID',
  expected: 'an integer from 1',
  holds: (value) => Number.isSafeInteger(value) && value >= 1,
})

const readChip = recordWith<parts.ChipLayout>(
  {
    ...SOURCED,
    topology: wordOf(TOPOLOGIES),
    columns: readWhole,
    rows: readWhole,
    coresPerTile: readWhole,
    tileOrder: wordOf(['column-major', 'row-major'] as const),
    sharedSynapseBits: figureIn('bit', COUNT),
  },
  { coresPerTile: 1, tileOrder: 'row-major', sharedSynapseBits: null },
)

const readChips = recordWith<parts.ChipArray>(
  {
    ...SOURCED,
    topology: wordOf(TOPOLOGIES),
    columns: readWhole,
    rows: readWhole,
    perBoard: figureIn('chips', COUNT),
  },
  { columns: 1, rows: 1, perBoard: null },
)

const readRouting = recordWith<parts.ChipRouting>(
  {
    ...SOURCED,
    order: wordOf(['xy', 'longestFirst'] as const),
    multicast: readBoolean,
    tableEntries: figureIn('entries', COUNT),
  },
  { tableEntries: null },
)

type MemoryOf<Kind> = Omit<Extract<NonNullable<parts.SynapseMemory>, { readonly kind: Kind }>, 'kind'>

const readList = figuresOf<MemoryOf<'list'>>({ bits: figureIn('bit', COUNT) })
const readCount = figuresOf<MemoryOf<'count'>>({ synapses: figureIn('synapses', COUNT) })
const readCrossbar = figuresOf<MemoryOf<'crossbar'>>({
  rows: figureIn('axons', COUNT),
  columns: figureIn('neurons', COUNT),
  axonTypes: figureIn('types', COUNT),
})

const readMemory: Reader<parts.SynapseMemory> = (value, field) => {
  if (value === null) return null
  const { kind: given, ...fields } = readRecord(value, field)
  const kind = wordOf(['list', 'crossbar', 'count'] as const)(given, `${field}.kind`)
  switch (kind) {
    case 'list':
      return { kind, ...readList(fields, field) }
    case 'crossbar':
      return { kind, ...readCrossbar(fields, field) }
    case 'count':
      return { kind, ...readCount(fields, field) }
  }
}

const readCore = figuresOf<parts.CoreLimits>({
  neurons: figureIn('neurons', COUNT),
  synapses: readMemory,
  axonsIn: figureIn('axons', COUNT),
  axonsOut: figureIn('axons', COUNT),
  axonsOutPerUnit: figureIn('axons', COUNT),
})

const bits = figureIn('bit', COUNT)
const bitsOrNone = figureIn('bit', COUNT_OR_NONE)
const ticks = figureIn('ticks', COUNT_OR_NONE)
const readFormats = figuresOf<parts.ChipFormats>({
  weightBits: bits,
  weightLevels: figureIn('levels', COUNT),
  delayBits: bitsOrNone,
  delayMinTicks: ticks,
  delayMaxTicks: ticks,
  targetBits: bitsOrNone,
  thresholdBits: bits,
  decayBits: bits,
  packetBits: bits,
  payloadBits: bitsOrNone,
})

const nanoseconds = figureIn('ns')
const readTime = recordWith<parts.ChipTime>(
  {
    mode: wordOf(['stepped', 'continuous'] as const),
    tick: figureIn('ms', POSITIVE),
    speedup: figureIn('1', POSITIVE),
    step: nanoseconds,
    barrier: listOf(recordWith<parts.BarrierPoint>({ chips: readWhole, time: nanoseconds }, {})),
    tileBarrier: listOf(recordWith<parts.TileBarrierPoint>({ tiles: readWhole, time: nanoseconds }, {})),
  },
  { tick: null, speedup: null, step: null, barrier: [], tileBarrier: [] },
)

const picojoules = energyIn('pJ')
const watts = energyIn('W')
const readEnergy = figuresOf<parts.ChipEnergy>({
  synapse: picojoules,
  synapseBackward: picojoules,
  weightUpdate: picojoules,
  idle: picojoules,
  neuronUpdate: picojoules,
  spikeOut: picojoules,
  packetOut: picojoules,
  spikeInTile: picojoules,
  hopX: picojoules,
  hopY: picojoules,
  chipCrossing: picojoules,
  routerBit: energyIn('pJ/bit'),
  staticPerChip: watts,
  staticPerActiveCore: watts,
  staticPerBoard: watts,
})

const readLatency = figuresOf<parts.ChipLatency>({
  synapse: nanoseconds,
  idle: nanoseconds,
  neuronUpdate: nanoseconds,
  spikeOut: nanoseconds,
  packetOut: nanoseconds,
  packetIn: nanoseconds,
  spikeInTile: nanoseconds,
  hopX: nanoseconds,
  hopY: nanoseconds,
  chipCrossing: nanoseconds,
})

const packets = figureIn('packets/s', POSITIVE)
const bitRate = figureIn('bit/s', POSITIVE)
const readLinks = figuresOf<parts.ChipLinks>({
  tilePacketsPerSecond: packets,
  tileBitsPerSecond: bitRate,
  chipPacketsPerSecond: packets,
  chipBitsPerSecond: bitRate,
  allPacketsPerSecond: packets,
  allBitsPerSecond: bitRate,
})

const share = figureIn('1')
const readNoise = figuresOf<parts.ChipNoise>({
  thresholdMismatch: share,
  weightMismatch: share,
  delayMismatch: share,
  jitter: figureIn('tauSyn'),
  spikeLoss: figureIn('1', CHANCE),
})

const readDeadCore = recordOf<parts.DeadCore>({ chip: integerFrom(0), core: integerFrom(0) })
const readDeadLink = recordOf<parts.DeadLink>({
  x: integerFrom(0),
  y: integerFrom(0),
  towards: wordOf(['east', 'north', 'northeast'] as const),
})

const PROFILE_READERS: PartReaders<parts.ChipProfile> = {
  name: readName,
  comments: listOf(readString),
  chip: readChip,
  chips: readChips,
  routing: readRouting,
  core: readCore,
  formats: readFormats,
  time: readTime,
  energy: readEnergy,
  latency: readLatency,
  links: readLinks,
  noise: readNoise,
  deadCores: listOf(readDeadCore),
  deadLinks: listOf(readDeadLink),
}

/** A whole profile, each part by itself; parts of figures that are left out are unknown. */
export function readProfile(value: unknown): parts.ChipProfile {
  const leftOut: Partial<parts.ChipProfile> = {
    comments: [],
    core: readCore({}, 'core'),
    formats: readFormats({}, 'formats'),
    energy: readEnergy({}, 'energy'),
    latency: readLatency({}, 'latency'),
    links: readLinks({}, 'links'),
    noise: readNoise({}, 'noise'),
    deadCores: [],
    deadLinks: [],
  }
  return recordWith<parts.ChipProfile>(PROFILE_READERS, leftOut)(value, '$')
}
