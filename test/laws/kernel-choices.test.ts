import fc from 'fast-check'
import { expect, test } from 'vitest'
import { open } from '../../src/actors/open.js'
import type { KernelChoice } from '../../src/dynamics/kernels/choose-kernel.js'
import type { KernelKind } from '../../src/dynamics/kernels/kernel-kind.js'
import type { Placement } from '../../src/hardware/placement.js'
import { defineNetwork } from '../../src/network/description/define-network.js'
import { source } from '../../src/network/description/groups.js'
import { normal, uniform } from '../../src/network/description/initializers.js'
import type { GroupSpec, Network, Quantity, SynapticTimeConstants } from '../../src/network/description/network.js'
import {
  type ConnectOptions,
  connect,
  dense,
  fixedInDegree,
  type Pattern,
  perSynapse,
  synapses,
} from '../../src/network/description/projections.js'
import { hurriedGroups } from '../../src/network/graph/hurried-groups.js'
import { li } from '../../src/network/models/li.js'
import { lif } from '../../src/network/models/lif.js'
import { arbitraryPlacement } from '../support/arbitrary-placement.js'
import { firstTrial } from '../support/arbitrary-stream.js'
import { casesOf } from '../support/cases-of.js'
import { cutNetworkCase, denseNetworkCase } from '../support/cut-network-case.js'
import { enginesThatRun, engineWithFeed } from '../support/engines-that-run.js'
import { networkCase } from '../support/network-case.js'
import { streamed } from '../support/streamed.js'
import { randomTrains } from '../support/window-case.js'

const UNTIL = 15
const INPUTS = 30
const SIZE = 70

interface Case {
  readonly network: Network
  readonly placement: Placement
}

type Taus = SynapticTimeConstants & { readonly tauMem: Quantity }

/** The first one most of the time: what engines lack is rare, for one thing of it is enough. */
const mostly = <Kind>(usual: Kind, ...others: readonly Kind[]) =>
  fc.oneof({ weight: 7, arbitrary: fc.constant(usual) }, { weight: 2, arbitrary: fc.constantFrom(...others) })

const neurons = fc.record({
  taus: mostly<Taus>(
    { tauMem: 20, tauSyn: 5 },
    { tauMem: 20, tauSyn: 19 },
    { tauMem: uniform(18, 20), tauSyn: 5 },
    { tauMem: 20, tauSynExc: 5, tauSynInh: 8 },
  ),
  refractory: mostly<Quantity>(0, 2, uniform(0, 1)),
  adaptStep: mostly(0, 0.2),
})

function patternFrom(sources: number, isSparse: boolean): fc.Arbitrary<Pattern> {
  const weight = 4 / sources
  const without = (isNull: (n: number, unit: number) => boolean) =>
    dense(
      Array.from({ length: SIZE }, (_, n) => {
        return Array.from({ length: sources }, (__, unit) => (isNull(n, unit) ? null : weight))
      }),
    )
  const few = without((n, unit) => n === 5 && unit === 3)
  const many = without((n, unit) => (n + unit) % 3 === 0)
  const rule = (inDegree: number) => fixedInDegree(inDegree, 4 / inDegree, { multiple: true })
  const others = [few, many, rule(15), synapses([[0, 0, weight]])]
  return isSparse ? mostly(rule(150), ...others, dense(weight)) : mostly(dense(weight), ...others, rule(150))
}

const delay = fc.constantFrom<ConnectOptions>({}, { delay: 1 }, { delay: perSynapse(uniform(0, 2)) })
/** Of what inhibits its own group; a normal delay may be short, whatever is drawn. */
const around = fc.record({
  pattern: fc.constantFrom(dense(-0.01), fixedInDegree(150, -0.01, { multiple: true })),
  delay: fc.constantFrom(1, perSynapse(normal(1, 0.05))),
})

/** A training step that learns nothing. */
const STEP = {
  optimizer: { kind: 'sgd', momentum: 0 },
  rates: {},
  bounds: {},
  clipNorm: 1,
  silentLabelHinge: 0,
  silentWeightStep: {},
} as const

/** Groups in -> a -> b, with every synapse and every neuron that an engine may lack. */
const featured = fc.boolean().chain((isSparse) =>
  fc
    .record({
      ...{ a: neurons, b: neurons },
      first: fc.tuple(patternFrom(INPUTS, isSparse), delay),
      more: fc.tuple(patternFrom(INPUTS, isSparse), delay),
      second: fc.tuple(patternFrom(SIZE, isSparse), delay),
      back: fc.oneof({ weight: 2, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: around }),
      ...{ hasMore: fc.boolean(), isReadout: fc.boolean() },
    })
    .map(({ a, b, first, more, second, back, hasMore, isReadout }): Network => {
      const cells = ({ taus, ...rest }: typeof a) => lif(SIZE, { ...taus, ...rest, threshold: 1 })
      return defineNetwork<Readonly<Record<string, GroupSpec>>>({
        groups: { in: source(INPUTS), a: cells(a), b: isReadout ? li(SIZE, b.taus) : cells(b) },
        projections: [
          ...[first, ...(hasMore ? [more] : [])].map(([pattern, options]) => connect('in', 'a', pattern, options)),
          ...(back === null ? [] : [connect('a', 'a', back.pattern, { delay: back.delay })]),
          connect('a', 'b', ...second),
        ],
      })
    }),
)

/** Cuts of groups that spikes may go around at once would be refused. */
const placed = (network: Network): fc.Arbitrary<Case> =>
  fc.record({
    network: fc.constant(network),
    placement: arbitraryPlacement(network, hurriedGroups(network).size > 0 ? 1 : 2),
  })

const others = fc.oneof(cutNetworkCase, denseNetworkCase, networkCase('recurrent'), networkCase('immediate'))
const anyCase = fc
  .oneof({ weight: 2, arbitrary: featured }, { weight: 1, arbitrary: others.map(({ network }) => network) })
  .chain(placed)

test('every group runs on the engine that its session tells, in runs of every kind', async () => {
  const tally = new Map<string, number>()
  const count = (what: string) => tally.set(what, (tally.get(what) ?? 0) + 1)

  async function expectEngines(
    kernels: readonly KernelChoice[],
    runs: string,
    work: () => Promise<unknown>,
  ): Promise<void> {
    const told = kernels.map((choice) => {
      return [choice.group, engineWithFeed(choice.engine, choice.feed)]
    })
    expect(await enginesThatRun(work), runs).toEqual(Object.fromEntries(told))
    for (const [, engine] of told) count(`${runs}: ${engine}`)
  }

  await fc.assert(
    fc.asyncProperty(anyCase, mostly<KernelKind>('simd', 'reference'), async ({ network, placement }, kernel) => {
      const { size } = network.groups.find(({ name }) => name === 'in')!
      const inputs = { in: randomTrains(size, 0.03, UNTIL, 2, 'input') }
      const trials = { count: 2, until: UNTIL, inputs }
      const last = network.groups.at(-1)!
      const loss =
        last.kind === 'li'
          ? ({ kind: 'vMax', group: last.name } as const)
          : ({ kind: 'spikeCount', group: last.name, tau: 20 } as const)
      await using session = await open(network, { seed: 2, placement, kernel })
      const { kernels } = session
      const stream = () => streamed(session, { record: [], until: UNTIL, segment: 6, inputs: firstTrial(trials) })
      await expectEngines(kernels, 'simulations', () => session.simulate(trials))
      await expectEngines(kernels, 'streams', stream)
      await expectEngines(kernels, 'gradients', () => session.gradient(trials, loss, Uint8Array.of(0, 0)))
      const hinged = network.groups.filter(({ kind }) => kind === 'lif').map(({ name }) => [name, 0.1] as const)
      const step = { ...STEP, loss, silentHinge: Object.fromEntries(hinged) }
      await expectEngines(kernels, 'a hinge', () => session.train({ ...trials, labels: Uint8Array.of(0, 0) }, step))
      await session.setParameters(await session.parameters())
      await expectEngines(kernels, 'changed parameters', () => session.simulate(trials))
    }),
    { numRuns: casesOf({ short: 14, long: 200 }), seed: 11, endOnFailure: true },
  )
  const engines = ['reference', 'simd own', 'simd shared', 'window own']
  expect([...tally.keys()].toSorted()).toEqual(
    [
      ...engines.map((engine) => `simulations: ${engine}`),
      ...engines.map((engine) => `streams: ${engine}`),
      ...engines.map((engine) => `gradients: ${engine}`),
      ...engines.map((engine) => `a hinge: ${engine}`),
      ...engines.map((engine) => `changed parameters: ${engine}`),
    ].toSorted(),
  )
  expect(Math.min(...tally.values())).toBeGreaterThan(casesOf({ short: 0, long: 10 }))
})
