import { afterEach, expect, test } from 'vitest'
import type { RunError } from '../../../src/events/errors.js'
import type { Network } from '../../../src/network/description/network.js'
import { trainsOf } from '../../learning/trains.js'
import { expectSameBits } from '../../support/same-bits.js'
import { built, childrenOf, eventually } from '../built-cluster.js'
import { moduleOf, RELAYED, TRIALS } from './relay-network.js'

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

async function failureOf(running: Promise<unknown>): Promise<RunError> {
  const error = await running.then(
    () => null,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(built.RunError)
  return error as RunError
}

test.each(['thread', 'websocket'] as const)(
  'gradients through an actor have the same bits over %s',
  async (transport) => {
    await using here = await built.open(RELAYED, { seed: 3 })
    await using session = await built.openCluster(RELAYED, built.placeOnCores(RELAYED, 3), { seed: 3, transport })
    expectSameBits(await session.gradient(TRIALS, LOSS, LABELS), await here.gradient(TRIALS, LOSS, LABELS))
  },
)

test.each(['thread', 'websocket'] as const)(
  'a promise that is broken over %s ends the run by its name',
  async (transport) => {
    const network = actorBehindSource('broken', { breaks: 'late' })
    await using session = await built.openCluster(network, apart(network), { transport })
    const error = await failureOf(session.simulate(INPUT))
    expect(error.code).toBe('ACTOR_BROKEN')
    expect(error.details).toMatchObject({ group: 'own', verb: 'advance', time: 0, module: moduleOf('broken').href })
  },
)

test('a module that hangs in a process of its own is told by name', async () => {
  const network = actorBehindSource('hanging', { from: 0 })
  await using session = await built.openCluster(network, apart(network), { transport: 'websocket', silence: 4000 })
  const error = await failureOf(session.simulate(INPUT))
  expect(error.code).toBe('CORE_DIED')
  expect(error.message).toMatch(
    /advance of the actor "own" in trial 0 from 0 ms \(file:.*hanging\.js\) has not come back/,
  )
})
