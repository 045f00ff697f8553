import fc from 'fast-check'
import { defineNetwork } from '../../src/network/description/define-network.js'
import { source } from '../../src/network/description/groups.js'
import type { Initializer } from '../../src/network/description/initializers.js'
import { constant, normal, uniform } from '../../src/network/description/initializers.js'
import type { GroupSpec, Network, Quantity } from '../../src/network/description/network.js'
import {
  type Connection,
  type ConnectOptions,
  connect,
  dense,
  fixedInDegree,
  fixedOutDegree,
  fixedProbability,
  oneToOne,
  perSource,
  perSynapse,
  synapses,
} from '../../src/network/description/projections.js'
import { li } from '../../src/network/models/li.js'
import { lif } from '../../src/network/models/lif.js'
import { arbitraryEmission } from '../../src/testing/arbitrary-emission.js'

const anyNumber = fc.double({ noNaN: true, noDefaultInfinity: true })
const between = (min: number, max: number) => fc.double({ min, max, noNaN: true })

const anyInitializer: fc.Arbitrary<Initializer> = fc.oneof(
  fc.tuple(between(-3, 3), between(0, 2)).map(([mean, std]) => normal(mean, std)),
  fc.tuple(between(-3, 0), between(0, 3)).map(([low, high]) => uniform(low, high)),
  between(-3, 3).map(constant),
)

/** Numbers, lists and distributions whose every value lies in the range. */
function quantityIn(min: number, max: number, count: number): fc.Arbitrary<Quantity> {
  return fc.oneof(
    between(min, max),
    fc.array(between(min, max), { minLength: count, maxLength: count }),
    fc.tuple(between(min, max), between(min, max)).map(([a, b]) => uniform(Math.min(a, b), Math.max(a, b))),
  )
}

function quantities<Field extends string>(ranges: Record<Field, readonly [number, number]>, size: number) {
  const entries = Object.entries<readonly [number, number]>(ranges)
  return fc.record(
    Object.fromEntries(entries.map(([field, [min, max]]) => [field, quantityIn(min, max, size)])),
  ) as fc.Arbitrary<Record<Field, Quantity>>
}

function anyGroup(size: number): fc.Arbitrary<GroupSpec> {
  const synaptic = fc.oneof(
    quantities({ tauSyn: [0.1, 50] }, size),
    quantities({ tauSynExc: [0.1, 50], tauSynInh: [0.1, 50] }, size),
  )
  const lifRanges = {
    tauMem: [0.1, 50],
    threshold: [0.5, 2],
    vReset: [-1, 0.4],
    bias: [-1, 2],
    refractory: [0, 5],
    tauAdapt: [1, 100],
    adaptStep: [0, 1],
  } as const
  return fc.oneof(
    fc.constant(source(size)),
    arbitraryEmission(size),
    fc.tuple(quantities(lifRanges, size), synaptic).map(([own, taus]) => lif(size, { ...own, ...taus })),
    fc
      .tuple(quantities({ tauMem: [0.1, 50], bias: [-1, 1] }, size), synaptic)
      .map(([own, taus]) => li(size, { ...own, ...taus })),
  )
}

const matrix = <T>(entry: fc.Arbitrary<T>, targets: number, sources: number) => {
  const row = fc.array(entry, { minLength: sources, maxLength: sources })
  return fc.array(row, { minLength: targets, maxLength: targets })
}

function anyDense(from: Named, to: Named): fc.Arbitrary<Connection> {
  const [sources, targets] = [from.group.size, to.group.size]
  const weights = fc.oneof(anyNumber, anyInitializer, matrix(fc.option(anyNumber, { freq: 4 }), targets, sources))
  const delay = fc.oneof(
    sharedDelay(sources),
    fc.oneof(quantityIn(0, 9, sources * targets), matrix(between(0, 9), targets, sources)).map(perSynapse),
  )
  return fc.tuple(weights, fc.option(delay)).map(([w, d]) => connect(from.name, to.name, dense(w), optional(d)))
}

function anySparse(from: Named, to: Named): fc.Arbitrary<Connection> {
  const ends = [fc.nat(from.group.size - 1), fc.nat(to.group.size - 1), anyNumber] as const
  const plain = fc.tuple(fc.array(fc.tuple(...ends), { maxLength: 6 }), fc.option(sharedDelay(from.group.size)))
  const delayed = fc.array(fc.tuple(...ends, between(0, 9)), { minLength: 1, maxLength: 6 })
  return fc.oneof(
    plain.map(([list, d]) => connect(from.name, to.name, synapses(list), optional(d))),
    delayed.map((list) => connect(from.name, to.name, synapses(list))),
  )
}

const drawn = (min: number, max: number) =>
  fc.oneof(
    between(min, max),
    fc.tuple(between(min, max), between(min, max)).map(([a, b]) => uniform(Math.min(a, b), Math.max(a, b))),
  )

function anyRule(from: Named, to: Named): fc.Arbitrary<Connection> {
  const [sources, targets] = [from.group.size, to.group.size]
  const options = fc.record({ selfConnections: fc.boolean(), multiple: fc.constant(true) })
  const once = { selfConnections: true, multiple: false }
  const weights = drawn(-3, 3)
  const patterns = [
    fc.tuple(fc.integer({ min: 1, max: sources }), weights).map(([degree, w]) => fixedInDegree(degree, w, once)),
    fc.tuple(fc.integer({ min: 1, max: targets }), weights).map(([degree, w]) => fixedOutDegree(degree, w, once)),
    fc.tuple(fc.double({ min: 0.01, max: 1, noNaN: true }), weights).map(([p, w]) => fixedProbability(p, w)),
    ...(sources === targets ? [weights.map(oneToOne)] : []),
    ...(sources > 1 && targets > 1
      ? [fc.tuple(fc.integer({ min: 1, max: 9 }), weights, options).map(([d, w, o]) => fixedInDegree(d, w, o))]
      : []),
  ]
  const delay = fc.oneof(sharedDelay(sources), drawn(0, 9).map(perSynapse))
  return fc
    .tuple(fc.oneof(...patterns), fc.option(delay))
    .map(([pattern, d]) => connect(from.name, to.name, pattern, optional(d)))
}

const sharedDelay = (sources: number) => fc.oneof(between(0, 9), quantityIn(0, 9, sources).map(perSource))

const optional = (delay: ConnectOptions['delay'] | null): ConnectOptions => (delay == null ? {} : { delay })

interface Named {
  readonly name: string
  readonly group: GroupSpec
}

/** Valid networks of every shape a description can have; what their distributions draw is valid, too. */
export const anyNetwork: fc.Arbitrary<Network> = fc
  .array(fc.integer({ min: 1, max: 4 }).chain(anyGroup), { minLength: 1, maxLength: 4 })
  .chain((groups) => {
    const named = groups.map((group, index): Named => ({ name: `g${index}.${group.kind}`, group }))
    const pairs = named
      .filter(({ group }) => group.kind !== 'li')
      .flatMap((from) => named.filter(({ group }) => group.kind !== 'source').map((to) => [from, to] as const))
    const connection =
      pairs.length === 0
        ? null
        : fc.constantFrom(...pairs).chain(([a, b]) => fc.oneof(anyDense(a, b), anySparse(a, b), anyRule(a, b)))
    const connections = connection === null ? fc.constant([]) : fc.array(connection, { maxLength: 4 })
    return fc.tuple(fc.constant(named), connections, fc.nat(7))
  })
  .map(([named, connections, mask]) =>
    defineNetwork({
      groups: Object.fromEntries(named.map(({ name, group }) => [name, group])),
      projections: connections.map((connection, index) => {
        const named = ((mask >> index) & 1) === 1
        return named ? { ...connection, options: { ...connection.options, name: `p${index}` } } : connection
      }),
    }),
  )
