import { listOf } from '../../network/reading/read-list.js'
import { readNonNegative, readPositive } from '../../network/reading/read-number.js'
import { type Reader, readString } from '../../network/reading/read-value.js'
import type * as counts from '../counts/chip-counts.js'
import { type PartReaders, recordWith } from '../profile/part-readers.js'
import type { HopCounts } from '../routing/hops.js'

const count = readNonNegative
const orNull =
  <Value>(reader: Reader<Value>): Reader<Value | null> =>
  (value, field) =>
    value === null ? null : reader(value, field)

const perLevel = <Value>(reader: Reader<Value>) =>
  recordWith<counts.PerLevel<Value>>(
    { inCore: reader, inTile: reader, betweenTiles: reader, betweenChips: reader } as PartReaders<
      counts.PerLevel<Value>
    >,
    {},
  )
const hops = recordWith<HopCounts>(
  { east: count, west: count, north: count, south: count, diagonal: count, chip: count },
  {},
)
const neuronSteps = recordWith<counts.NeuronSteps>({ active: count, idle: count }, {})

const STREAM: PartReaders<counts.StreamCounts> = {
  packets: perLevel(count),
  sent: count,
  hops,
  linkCrossings: hops,
  packetBits: orNull(count),
  bytes: perLevel(orNull(count)),
}
const stream = recordWith<counts.StreamCounts>(STREAM, {})
const values = recordWith<counts.ValueCounts>({ ...STREAM, values: count }, {})

const forward = recordWith<counts.ForwardCounts>(
  { ...STREAM, spikes: count, neuronSpikes: count, synapticEvents: count, neuronSteps },
  {},
)
const backward = recordWith<counts.BackwardCounts>(
  { ...STREAM, values: count, spikes: count, synapticEvents: count },
  {},
)
const loss = recordWith<counts.LossCounts>(
  { groups: listOf(readString), spikes: stream, maxima: values, gradients: values },
  {},
)
const size = recordWith<counts.NetworkSize>(
  { neurons: count, spiking: count, synapses: count, zeroWeights: count, pairs: count, parameters: count },
  {},
)
const core = recordWith<counts.CoreCounts>(
  {
    ...{ chip: count, core: count, neurons: count, neuronSteps, neuronSpikes: count, synapticEvents: count },
    ...{ packetsOut: count, packetsIn: count },
  },
  {},
)
const placement = recordWith<counts.ChipCounts['placement']>(
  { coresUsed: count, chipsUsed: count, hash: readString },
  {},
)

/** What `chipCounts` returns, field by field; raises `FIELD_MISSING`, `FIELD_TYPE`, `FIELD_UNKNOWN`, `OPTION_OUT_OF_RANGE`. */
export const readCounts = recordWith<counts.ChipCounts>(
  {
    profile: readString,
    trials: readPositive,
    steps: readPositive,
    tickMs: orNull(readPositive),
    placement,
    network: size,
    forward,
    backward,
    loss,
    update: recordWith<counts.UpdateCounts>({ weights: count }, {}),
    cores: listOf(core),
    zeroEvents: count,
  },
  {},
)
