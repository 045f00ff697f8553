import fc from 'fast-check'
import { actor } from '../../../src/network/description/actor-group.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { poisson } from '../../../src/network/description/emitting-sources.js'
import { source } from '../../../src/network/description/groups.js'
import { uniform } from '../../../src/network/description/initializers.js'
import type { GroupSpec, Network } from '../../../src/network/description/network.js'
import {
  type Connection,
  type ConnectOptions,
  connect,
  oneToOne,
  perSource,
  perSynapse,
  synapses,
} from '../../../src/network/description/projections.js'
import { type LiParameters, li } from '../../../src/network/models/li.js'
import { type LifParameters, lif } from '../../../src/network/models/lif.js'
import { ARRIVALS, type Arrivals, type End, FEW, join, LARGE } from './session-synapses.js'

/** The first one most of the time: what engines lack is rare, for one thing of it is enough. */
const mostly = <Kind>(usual: Kind, ...others: readonly Kind[]) =>
  fc.oneof({ weight: 7, arbitrary: fc.constant(usual) }, { weight: 2, arbitrary: fc.constantFrom(...others) })

const arrivals = fc.oneof(
  ...ARRIVALS.map((kind, k) => ({ weight: [8, 6, 5, 2, 2, 2][k]!, arbitrary: fc.constant<Arrivals>(kind) })),
)

const taus = mostly<Partial<LiParameters>>(
  { tauMem: 20, tauSyn: 5 },
  { tauMem: 10, tauSyn: 10 },
  { tauMem: 20, tauSyn: 19 },
  { tauMem: 20, tauSyn: 6 },
  { tauMem: uniform(18, 20), tauSyn: 5 },
  { tauMem: 20, tauSynExc: 5, tauSynInh: 8 },
  { tauMem: uniform(18, 20), tauSynExc: 5, tauSynInh: 8 },
)

const neurons = fc.record({
  taus,
  threshold: fc.constant(uniform(0.9, 1.2)),
  refractory: mostly<LifParameters['refractory']>(0, 2, uniform(0, 1)),
  adaptStep: fc.constantFrom(0, 0.2),
  tauAdapt: mostly<NonNullable<LifParameters['tauAdapt']>>(100, uniform(50, 150)),
  bias: mostly<LifParameters['bias']>(0, 0.4, uniform(-0.2, 0.5)),
  vReset: mostly(0, -0.4, 0.2),
})

const delays = (least: number): fc.Arbitrary<ConnectOptions> =>
  fc.constantFrom<ConnectOptions>(
    ...(least === 0 ? [{}] : []),
    { delay: 1 },
    { delay: perSource(uniform(least, 3)) },
    { delay: perSource(uniform(least, 1)) },
  )

const layer = (fewest: number) =>
  fc.record({
    arrivals,
    neurons,
    size: fc.oneof(
      { weight: 2, arbitrary: fc.integer({ min: fewest, max: 9 }) },
      { weight: 1, arbitrary: fc.integer({ min: 33, max: 36 }) },
    ),
    delays: delays(0),
    delaysPerSynapse: fc.boolean(),
    seed: fc.nat(1000),
  })

type Layer = typeof layer extends (...given: never[]) => fc.Arbitrary<infer T> ? T : never

const sizeOf = ({ arrivals: kind, size }: Layer) => (kind === 'large rule' ? LARGE : size)

/** Around them everything goes event by event. */
const SHORT_WAITS: readonly ConnectOptions[] = [{ delay: 0.07 }, {}]

/** Spikes that come back: to a from itself, or from b; in whole windows, in very short ones, or at once. */
const back = fc.record({
  way: fc.constantFrom('a a', 'b a'),
  wait: fc.oneof({ weight: 4, arbitrary: delays(1) }, { weight: 1, arbitrary: fc.constantFrom(...SHORT_WAITS) }),
})

const RELAY = new URL('../../../demos/modules/relay.js', import.meta.url)

/** An actor that its own spikes come back to: straight, by way of a, or of another actor. */
const relay = fc.record({
  way: fc.constantFrom('itself', 'a', 'another'),
  size: fc.constantFrom(3, 34),
  wait: fc.constantFrom(0.1, 0.6, 2.5),
})
type Relay = typeof relay extends fc.Arbitrary<infer T> ? T : never

/** Of a relay, what it hears of `in`, and the cycle; its units send to a few each, so that spikes do not multiply. */
function relayed({ way, size, wait }: Relay, sources: number, a: End) {
  const hold = { hold: 0.3 }
  const last = size - 1
  const hears = synapses(Array.from({ length: size }, (_, unit) => [unit % sources, unit, 0.5 + unit / 100, 1]))
  const ring = synapses([
    [0, last, 0.6, wait],
    [last, 1, 0.5, wait + 0.3],
    [1, 0, 0.4, wait],
  ])
  const few = synapses([0, 1, 2].map((unit) => [unit % a.size, unit, 0.5, wait]))
  return {
    groups: {
      relay: actor(size, RELAY, hold),
      ...(way === 'another' ? { other: actor(size, RELAY, hold) } : {}),
    },
    connections: [
      connect('in', 'relay', hears),
      ...(way === 'itself' ? [connect('relay', 'relay', ring)] : []),
      ...(way === 'a' ? [connect('a', 'relay', few)] : []),
      ...(way === 'another' ? [connect('relay', 'other', oneToOne(0.4)), connect('other', 'relay', ring)] : []),
    ],
  }
}

export interface DrawnNetwork {
  readonly network: Network
  /** Units that a label may be of: of b and of r. */
  readonly classes: number
}

/** Groups in, maybe drive, a, b (LIF) and r (LI), maybe actors, with all that engines have in common and that tells them apart. */
export const sessionNetwork: fc.Arbitrary<DrawnNetwork> = fc
  .record({
    ...{
      a: layer(3),
      b: layer(2),
      r: fc.record({ arrivals, taus, size: fc.constantFrom(3, 3, 33), delays: delays(0) }),
    },
    sources: fc.constantFrom(5, 6, 34),
    back: fc.option(back, { freq: 2 }),
    skips: fc.boolean(),
    isDriven: fc.constantFrom(false, false, false, true),
    relay: fc.option(relay, { freq: 2 }),
  })
  .map(({ a, b, r, sources, back: around, skips, isDriven, relay: heard }) => {
    const ends = {
      in: { name: 'in', size: sources },
      a: { name: 'a', size: sizeOf(a) },
      b: { name: 'b', size: sizeOf(b) },
      r: { name: 'r', size: r.size },
    }
    const into = (to: 'a' | 'b', from: End, weight: number, options: ConnectOptions, inDegree?: number) => {
      const drawn = to === 'a' ? a : b
      const { arrivals: kind, delaysPerSynapse, seed } = drawn
      const way = { from, to: ends[to], arrivals: kind, weight, options, seed }
      const joined = join(inDegree === undefined ? way : { ...way, inDegree })
      // Event by event so many arrivals, each by itself, would take minutes.
      const isHurried = to === 'a' && around !== null && SHORT_WAITS.includes(around.wait)
      return kind === 'large rule' && delaysPerSynapse && !isHurried
        ? { ...joined, options: { delay: perSynapse(uniform(0.5, 3)) } }
        : joined
    }
    const forth = [
      into('a', ends.in, 1.8, a.delays),
      into('b', ends.a, 18 / ends.a.size, b.delays),
      ...(skips ? [into('b', ends.in, 6 / sources, {}, FEW)] : []),
      ...(isDriven ? [connect('drive', 'a', oneToOne(0.5), { delay: 1 })] : []),
      join({
        from: ends.b,
        to: ends.r,
        arrivals: r.arrivals === 'large rule' ? 'small rule' : r.arrivals,
        weight: 12 / ends.b.size,
        options: r.delays,
        seed: 1,
      }),
    ]
    const loops: Connection[] = []
    if (around !== null) {
      const from = around.way === 'a a' ? ends.a : ends.b
      const kind = a.arrivals === 'large rule' ? 'large rule' : 'alike'
      const weight = (around.way === 'a a' ? -2 : 1) / from.size
      loops.push(join({ from, to: ends.a, arrivals: kind, weight, options: around.wait, seed: 2, inDegree: FEW }))
    }
    // An actor may not be tied to a cycle around which spikes take next to no time.
    const way = heard?.way === 'a' && around !== null && SHORT_WAITS.includes(around.wait) ? 'itself' : heard?.way
    const relays = heard === null || way === undefined ? null : relayed({ ...heard, way }, sources, ends.a)
    if (heard !== null) {
      const from = { name: 'relay', size: heard.size }
      const kind = a.arrivals === 'large rule' ? 'large rule' : 'alike'
      const way = { from, to: ends.a, arrivals: kind, weight: 1 / from.size, seed: 3, inDegree: FEW } as const
      loops.push(join({ ...way, options: { delay: 0.5 } }))
    }
    const cells = (end: End, { arrivals: kind, neurons: { taus: constants, ...others } }: Layer) => {
      // So large a group would take long on the reference kernel.
      const common = kind === 'large rule' ? { tauMem: 20, tauSyn: 5, tauAdapt: 100 } : constants
      return lif(end.size, { ...others, ...common } as LifParameters)
    }
    const network = defineNetwork<Readonly<Record<string, GroupSpec>>>({
      groups: {
        in: source(sources),
        ...(isDriven ? { drive: poisson(ends.a.size, { rate: 100 }) } : {}),
        a: cells(ends.a, a),
        b: cells(ends.b, b),
        r: li(r.size, { ...r.taus, bias: 0.02 } as LiParameters),
        ...relays?.groups,
      },
      projections: [...forth, ...loops, ...(relays?.connections ?? [])],
    })
    return { network, classes: Math.min(ends.b.size, r.size) }
  })
