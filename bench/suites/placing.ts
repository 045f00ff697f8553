import { type ChipProfile, meshProfile, placeOnChip, withChips } from '../../dist/hardware/index.js'
import type { Network } from '../../dist/index.js'
import { SEED } from '../measure/count-spikes.js'
import { ownSeconds } from '../measure/processor-time.js'
import { placedInOrder, spikeHops } from '../measure/spike-hops.js'
import { convolution, denseLayers, hiddenLattice, randomRecurrent, ring, sheet } from '../placing-networks.js'
import type { Finding, Settings } from '../suite.js'

/** A network, a mesh with one core a tile, and what is to be gained over groups in order at least. */
interface Row {
  readonly name: string
  readonly network: () => Network
  readonly perCore: number
  readonly columns: number
  readonly rows: number
  readonly bar: number
}

const CONVOLUTION = { perCore: 256, columns: 6, rows: 6 }

const ROWS: readonly Row[] = [
  { name: 'convolution (channel, y, x)', network: () => convolution('channel, y, x'), ...CONVOLUTION, bar: 3.5 },
  { name: 'convolution (y, x, channel)', network: () => convolution('y, x, channel'), ...CONVOLUTION, bar: 2.5 },
  { name: '784-350-10', network: () => denseLayers(784, 350, 10), perCore: 32, columns: 7, rows: 6, bar: 1.35 },
  {
    name: '784-256-256-256-128-10',
    network: () => denseLayers(784, 256, 256, 256, 128, 10),
    ...{ perCore: 64, columns: 6, rows: 5, bar: 1.2 },
  },
  { name: 'sheet 100 x 100', network: () => sheet(100, 0.1), perCore: 256, columns: 8, rows: 5, bar: 1.2 },
  { name: 'ring of 10,000', network: () => ring(10_000, 0.1), perCore: 256, columns: 8, rows: 5, bar: 1 },
  { name: 'random 10,000', network: () => randomRecurrent(10_000, 100), perCore: 256, columns: 8, rows: 5, bar: 1 },
]

/** Placing on chips: links that spikes take, and the CPU time to find it. */
export async function* placingSuite({ quick }: Settings): AsyncGenerator<Finding> {
  const effort = quick ? 'quick' : 'full'
  for (const row of quick ? ROWS.slice(0, 3) : ROWS) yield* gainOf(row, effort)
  yield crossingsOf(effort)
  if (quick) return
  for (const side of [10, 20]) yield latticeOf(side)
}

/** How many times fewer links, beside the bar; and the CPU time it took, beside the three that 40 cores may take. */
function* gainOf({ name, network: make, perCore, columns, rows, bar }: Row, effort: 'quick' | 'full') {
  const network = make()
  const profile = meshProfile({ columns, rows, neuronsPerCore: perCore })
  const { placement, seconds } = timed(network, profile, effort)
  const before = spikeHops(network, profile, placedInOrder(network, profile, perCore)).links
  const after = spikeHops(network, profile, placement).links
  const title = `${name}, ${perCore} a core, ${columns} x ${rows}`
  const counts = { 'spike-hops in order': before, 'spike-hops': after, cores: placement.cores.length }
  yield {
    ...{ name: `${title}: gain`, value: before / after, unit: 'times' },
    ...{ against: [{ name: 'bar', value: bar }], counts },
  }
  yield { name: `${title}: CPU time`, value: seconds, unit: 's', against: [{ name: 'bar', value: 3 }] }
}

/** Links between chips where one large mesh is four small ones. */
function crossingsOf(effort: 'quick' | 'full'): Finding {
  const network = convolution('channel, y, x')
  const profile = withChips(meshProfile({ columns: 3, rows: 3, neuronsPerCore: 256 }), { columns: 2, rows: 2 })
  const before = spikeHops(network, profile, placedInOrder(network, profile, 256))
  const after = spikeHops(network, profile, timed(network, profile, effort).placement)
  return {
    name: 'convolution (channel, y, x) on 4 chips of 3 x 3: chip crossings',
    ...{ value: after.crossings, unit: 'links', against: [{ name: 'in order', value: before.crossings }] },
    counts: { 'links in order': before.links, links: after.links },
  }
}

function latticeOf(side: number): Finding {
  const network = hiddenLattice(side)
  const profile = meshProfile({ columns: side, rows: side, neuronsPerCore: 32 })
  const { placement, seconds } = timed(network, profile, 'full')
  const ideal = 4 * side * (side - 1)
  return {
    name: `lattice ${side} x ${side}, hidden by shuffling`,
    ...{ value: spikeHops(network, profile, placement).links, unit: 'spike-hops' },
    ...{ against: [{ name: 'ideal', value: ideal }], counts: { seconds } },
  }
}

function timed(network: Network, profile: ChipProfile, effort: 'quick' | 'full') {
  const started = ownSeconds()
  const placement = placeOnChip(network, profile, { seed: SEED, effort })
  return { placement, seconds: ownSeconds() - started }
}
