import { afterEach, expect, test } from 'vitest'
import type { Network } from '../../../src/network/description/network.js'
import { trainsOf } from '../../learning/trains.js'
import { failureOf as failureIn } from '../../support/failure-of.js'
import { inTurn } from '../../support/in-turn.js'
import { expectSameBits } from '../../support/same-bits.js'
import { built, childrenOf, eventually } from '../built-cluster.js'
import { LOOPED, moduleOf, RELAYED, TRIALS } from './relay-network.js'

const LOSS = { kind: 'spikeCount', group: 'out', tau: 20 } as const
const LABELS = Uint8Array.from([0, 1, 2])
const INPUT = { count: 1, until: 20, inputs: { in: trainsOf([[{ time: 1, unit: 0 }]]) } }

afterEach(async () => {
  await eventually(() => childrenOf(process.pid).length === 0)
})

function actorBehindSource(name: string, options: Record<string, string | number>): Network {
  return built.defineNetwork({
    groups: { in: built.source(1), own: built.actor(2, moduleOf(name), options) },
    projections: [built.connect('in', 'own', built.dense(1), { delay: 1 })],
  })
}

const apart = (network: Network) =>
  built.definePlacement(
    network,
    network.groups.map(({ name, size }) => [{ group: name, start: 0, end: size }]),
  )

const failureOf = (running: Promise<unknown>) => failureIn(running, built.RunError)

const TRANSPORTS = ['thread', 'websocket'] as const

test.each([
  ['through an actor', RELAYED, 0],
  ['around a loop with an actor', LOOPED, 1],
] as const)('gradients %s have the same bits on few and many partitions', async (_, network, turn) => {
  await using here = await built.open(network, { seed: 3 })
  const whole = await here.gradient(TRIALS, LOSS, LABELS)
  for (const { key } of network.projections)
    expect(whole.gradients.projections[key]!.weights.some((each) => each !== 0)).toBe(true)
  for (const [k, transport] of TRANSPORTS.entries())
    for (const cores of inTurn([4, 2, 3, 1], turn + 2 * k)) {
      const placement = built.placeOnCores(network, cores)
      expect(placement.cores.length).toBe(cores)
      await using session = await built.openCluster(network, placement, { seed: 3, transport })
      expectSameBits(await session.gradient(TRIALS, LOSS, LABELS), whole)
    }
})

test.each(TRANSPORTS)('a promise that is broken over %s ends the run by its name', async (transport) => {
  const network = actorBehindSource('broken', { breaks: 'late' })
  await using session = await built.openCluster(network, apart(network), { transport })
  const error = await failureOf(session.simulate(INPUT))
  expect(error.code).toBe('ACTOR_BROKEN')
  expect(error.details).toMatchObject({ group: 'own', verb: 'advance', time: 0, module: moduleOf('broken').href })
})
