import { setTimeout } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
// Processes start from the build alone, so whatever starts them comes from there, too.
import { clusterSettings } from '../../dist/actors/cluster-options.js'
import { type Fleet, openFleet } from '../../dist/actors/fleet/fleet.js'
import { openFleetWorker } from '../../dist/actors/fleet/fleet-worker.js'
import { ownVersions } from '../../dist/actors/fleet/join-fleet.js'
import { openLauncher } from '../../dist/actors/open-elsewhere.js'
import { createSession } from '../../dist/actors/session/create-session.js'
import { startCluster } from '../../dist/actors/supervision/start-cluster.js'
import { AntidromeError } from '../../dist/events/errors.js'
import { createSealKeys } from '../../dist/rendezvous/seal.js'
import { systemClock } from '../../dist/streams/system-clock.js'
import { open } from '../../src/actors/open.js'
import { createRandomStream, type RandomStream } from '../../src/numerics/random-stream.js'
import { childrenOf, eventually, placement } from '../actors/built-cluster.js'
import { NETWORK, TRIALS } from '../actors/layered-network.js'
import { COUNT, LABELS } from '../actors/small-networks.js'
import { createMemoryBoard } from '../rendezvous/memory-rendezvous.js'
import { HASTY } from '../suites/rendezvous-suite.js'
import { casesOf } from '../support/cases-of.js'
import { expectSameBits } from '../support/same-bits.js'

const CASES = casesOf({ short: 2, long: 60 })
const AT_A_TIME = 3
const SEED = 7
const NUMBERS = { ...HASTY, patience: 4_000 }
/** In ms: less than the time a request has, and more. */
const LONGEST_DELAY = 400

/** Each message is late by another time; some come twice, some get lost on their way or on their way back. */
function createFaults(random: RandomStream): (deliver: () => Promise<string>) => Promise<string> {
  let draws = 0
  const draw = () => random.uniform(draws++)
  const never = () => new Promise<string>(() => undefined)
  return async (deliver) => {
    const [fault, before, after] = [draw(), draw(), draw()]
    if (fault < 0.1) return never()
    await setTimeout(LONGEST_DELAY * before ** 4)
    const reply = deliver()
    if (fault < 0.3) void setTimeout(LONGEST_DELAY * after).then(deliver)
    else if (fault < 0.4) return never()
    await setTimeout(LONGEST_DELAY * after ** 4)
    return await reply
  }
}

/** The gradient of a new start at the workers. */
async function gradientOn(fleet: Fleet) {
  const settings = clusterSettings({ transport: 'websocket', seed: SEED })
  const cores = placement(2)
  const launcher = await openLauncher(NETWORK, cores, settings, fleet)
  const { partitions, supervisor } = await startCluster({ network: NETWORK, placement: cores, launcher, ...settings })
  const parts = { partitions, microBatchOf: () => Number.POSITIVE_INFINITY, close: supervisor.close }
  const session = createSession({ network: NETWORK, placement: cores, ...parts }, { seed: SEED })
  try {
    return await session.gradient(TRIALS, COUNT, LABELS)
  } finally {
    await session.close()
  }
}

/** A run that starts twice: how often it came to an end that is not an error. */
async function course(seed: number, isRight: (gradient: unknown) => void): Promise<number> {
  const carry = createFaults(createRandomStream(seed, 'faults'))
  const board = createMemoryBoard({ clock: systemClock(), numbers: NUMBERS, carry })
  const workers = await Promise.all(
    ['a', 'b', 'c'].map(async (name) => {
      const versions = ownVersions()
      return openFleetWorker({
        rendezvous: board.join(name),
        identity: { id: name, name, machine: name, pid: 1, versions },
        condition: () => ({ hardwareThreads: 1, load: 0, freeMemory: 1, clock: 0, uptime: 0 }),
        slots: 1,
        listenerOf: () => ({ host: '127.0.0.1' }),
        server: { servers: 'nats://127.0.0.1' },
        sealKeys: await createSealKeys(),
        onEvent: () => undefined,
      })
    }),
  )
  const onNote = () => undefined
  const options = { processes: 2, wait: 2_000, versions: ownVersions(), insecure: false, onNote }
  const fleet = await openFleet({ rendezvous: board.join('coordinator'), ...options })
  let ends = 0
  for (let start = 0; start < 2; start++)
    try {
      isRight(await gradientOn(fleet))
      ends++
    } catch (error) {
      if (!(error instanceof AntidromeError) || error.code === 'INTERNAL') throw error
    }
  await fleet[Symbol.asyncDispose]()
  await Promise.all(workers.map((worker) => worker.stop()))
  return ends
}

const children = new Set(childrenOf(process.pid))
afterAll(() => eventually(() => childrenOf(process.pid).every((child) => children.has(child))))

test('messages that are late, lost, doubled or out of order end a run by name, or change nothing', async () => {
  await using here = await open(NETWORK, { seed: SEED })
  const expected = await here.gradient(TRIALS, COUNT, LABELS)
  const isRight = (gradient: unknown) => expectSameBits(gradient, expected)
  const ends: number[] = []
  const seeds = Array.from({ length: CASES }, (_, seed) => seed)
  const next = async () => {
    for (let seed = seeds.pop(); seed !== undefined; seed = seeds.pop()) ends.push(await course(seed, isRight))
  }
  await Promise.all(Array.from({ length: AT_A_TIME }, next))
  // Most of it is put right by asking again.
  expect(ends.filter((count) => count > 0).length).toBeGreaterThanOrEqual(CASES / 2)
})
