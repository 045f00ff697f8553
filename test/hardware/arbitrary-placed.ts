import fc from 'fast-check'
import { type Chip, mesh } from '../../src/hardware/chip.js'
import { defineNetwork } from '../../src/network/description/define-network.js'
import { source } from '../../src/network/description/groups.js'
import { normal, uniform } from '../../src/network/description/initializers.js'
import type { GroupSpec, Network } from '../../src/network/description/network.js'
import {
  type Connection,
  type ConnectOptions,
  connect,
  dense,
  perSynapse,
  synapses,
} from '../../src/network/description/projections.js'
import { lif } from '../../src/network/models/lif.js'

/** Sizes around the borders of blocks. */
const size = fc.oneof(fc.integer({ min: 1, max: 130 }), fc.constantFrom(31, 32, 33, 64, 96, 97))

const delay: fc.Arbitrary<ConnectOptions> = fc.oneof(
  fc.constantFrom<ConnectOptions>({}, { delay: 0 }, { delay: 0.05 }, { delay: 0.1 }, { delay: 2 }),
  fc.constantFrom<ConnectOptions>({ delay: perSynapse(uniform(0, 5)) }, { delay: perSynapse(normal(3, 0.1)) }),
  fc.constantFrom<ConnectOptions>({ delay: perSynapse(uniform(0.5, 5)) }, { delay: perSynapse(uniform(0.02, 1)) }),
)

interface Named {
  readonly name: string
  readonly group: GroupSpec
}

function connection(from: Named, to: Named): fc.Arbitrary<Connection> {
  const ends = fc.record({ source: fc.nat(from.group.size - 1), target: fc.nat(to.group.size - 1) })
  const listed = fc.array(ends, { maxLength: 12 }).map((list) => synapses(list.map((pair) => ({ ...pair, weight: 1 }))))
  const pattern = fc.oneof({ weight: 2, arbitrary: fc.constant(dense(1)) }, { weight: 1, arbitrary: listed })
  return fc.tuple(pattern, delay).map(([what, options]) => connect(from.name, to.name, what, options))
}

/** Networks of a few groups of up to 130 neurons, with and without cycles, delays of every kind on them. */
export const blockNetwork: fc.Arbitrary<Network> = fc
  .array(fc.record({ kind: fc.constantFrom('source', 'lif', 'lif'), size }), { maxLength: 4 })
  .chain((others) => fc.tuple(size, fc.constant(others)))
  .chain(([first, others]) => {
    const groups = [{ kind: 'lif', size: first }, ...others].map(({ kind, size }, k): Named => {
      const group = kind === 'source' ? source(size) : lif(size, { tauMem: 20, tauSyn: 5, threshold: 1 })
      return { name: `g${k}`, group }
    })
    const neurons = groups.filter(({ group }) => group.kind !== 'source')
    const pair = fc.record({ from: fc.constantFrom(...groups), to: fc.constantFrom(...neurons) })
    const connections = fc.array(
      pair.chain(({ from, to }) => connection(from, to)),
      { maxLength: 6 },
    )
    return connections.map((projections) =>
      defineNetwork<Record<string, GroupSpec>>({
        groups: Object.fromEntries(groups.map(({ name, group }) => [name, group])),
        projections,
      }),
    )
  })

const limit = (max: number) => fc.option(fc.integer({ min: 1, max }), { nil: Number.POSITIVE_INFINITY })

export const smallChip: fc.Arbitrary<Chip> = fc
  .record({
    columns: fc.integer({ min: 1, max: 4 }),
    rows: fc.integer({ min: 1, max: 3 }),
    neuronsPerCore: limit(200),
    synapsesPerCore: limit(20_000),
  })
  .map(mesh)
