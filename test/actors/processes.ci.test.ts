import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'
import type { ClusterOptions } from '../../src/actors/cluster-options.js'
import type { ClusterSession, Restart } from '../../src/actors/cluster-session.js'
import type { Session } from '../../src/learning/session.js'
import { defineNetwork } from '../../src/network/description/define-network.js'
import { source } from '../../src/network/description/groups.js'
import { normal, uniform } from '../../src/network/description/initializers.js'
import { connect, dense, perSynapse } from '../../src/network/description/projections.js'
import { lif } from '../../src/network/models/lif.js'
import { builtFile } from '../support/built-file.js'
import { isLong } from '../support/cases-of.js'
import { expectSameBits } from '../support/same-bits.js'
import { built, childrenOf, isAlive, placement } from './built-cluster.js'
import { NETWORK, TRIALS } from './layered-network.js'
import { COUNT, LABELS, step } from './small-networks.js'

const LIF = { tauMem: 20, tauSyn: 5, threshold: 1 } as const

/** Seven blocks of neurons in two layers, all of which every core hears of. */
const DEEP = defineNetwork({
  groups: { in: source(5), hidden: lif(160, LIF), out: lif(40, LIF) },
  projections: [
    connect('in', 'hidden', dense(normal(1.5, 0.8)), { delay: perSynapse(uniform(0, 5)) }),
    connect('hidden', 'out', dense(normal(0.1, 0.05)), { delay: 1 }),
  ],
})
const CORES = 6
const SPREAD = built.placeOnCores(DEEP, CORES)
const LABELLED = { ...TRIALS, labels: LABELS }
const LEARN = step({ rates: { weights: 0.01, delays: 0.1, thresholds: 0.001 } })
/** Nobody is called silent because the machine is busy, and nobody says a word for no other reason than that. */
const PATIENT = { seed: 7, silence: 600_000, heartbeat: 150_000 } as const

afterEach(() => {
  expect(childrenOf(process.pid)).toEqual([])
})

/** What a session comes to. So few runs that no credit is told back: when it is, and with how many others, is chance. */
async function courseOf(session: Session) {
  return {
    gradient: await session.gradient(TRIALS, COUNT, LABELS),
    steps: [await session.train(LABELLED, LEARN), await session.train(LABELLED, LEARN)],
    parameters: await session.parameters(),
  }
}

/** What is counted on the links; counters of a session here go on. */
async function countsOf(cluster: ClusterSession) {
  const traffic = await cluster.traffic()
  return traffic.map(({ core, peer, sent, received }) => ({ core, peer, sent: { ...sent }, received: { ...received } }))
}

const idsOf = ({ workers }: ClusterSession) => new Set(workers.map(({ id }) => id))

async function outcomeOf(options: ClusterOptions) {
  await using cluster = await built.openCluster(DEEP, SPREAD, { ...PATIENT, ...options })
  const [course, counts] = [await courseOf(cluster), await countsOf(cluster)]
  return { course, counts, workers: cluster.workers, coreWorkers: idsOf(cluster).size }
}

describe('six cores', () => {
  const SPREADS = [
    { transport: 'thread', processes: 3 },
    { transport: 'websocket', processes: 2 },
    ...(isLong()
      ? ([
          { transport: 'thread', processes: 1 },
          { transport: 'websocket', processes: 1 },
          { transport: 'unix', processes: 2 },
        ] as const)
      : []),
  ] as const
  const alone = outcomeOf({ transport: 'thread' })

  test.each(SPREADS)('over $transport on $processes come to the same, and count the same', async (options) => {
    await using here = await built.open(DEEP, { seed: 7 })
    const { course, counts, workers, coreWorkers } = await outcomeOf(options)
    expectSameBits(course, await courseOf(here))
    expect(coreWorkers).toBe(options.processes)
    expect(workers.map(({ core }) => core)).toEqual([0, 1, 2, 3, 4, 5])
    expect(counts.length).toBeGreaterThan(CORES)
    expect(counts).toEqual((await alone).counts)
  })

  test('are a thread or process each where a transport is named, and nothing else is said', async () => {
    expect((await alone).coreWorkers).toBe(CORES)
  })

  test('share the hardware threads of the machine where nothing is said', async () => {
    await using cluster = await built.openCluster(DEEP, SPREAD, { seed: 7 })
    expect(idsOf(cluster).size).toBe(Math.min(CORES, availableParallelism()))
  })
})

describe('a process of several cores', () => {
  const two = { ...PATIENT, transport: 'websocket', processes: 2 } as const
  const kill = ({ workers }: ClusterSession, core: number) => process.kill(workers[core]?.id ?? Number.NaN, 'SIGKILL')

  test('that is killed is named by all its cores, and ends the session', async () => {
    const cluster = await built.openCluster(NETWORK, placement(3), two)
    await cluster.simulate(TRIALS)
    kill(cluster, 1)
    const failed = await cluster.gradient(TRIALS, COUNT, LABELS).catch((error: unknown) => error)
    const mates = cluster.workers.filter(({ id }) => id === cluster.workers[1]?.id).map(({ core }) => core)
    expect(mates).toHaveLength(2)
    const details = { core: mates[0], cores: mates.join(', '), signal: 'SIGKILL' }
    expect(failed).toMatchObject({ code: 'CORE_DIED', details })
    const message = new RegExp(`^Cores ${mates.join(', ')} died: signal SIGKILL\\. Link core \\d - core \\d: `)
    expect((failed as Error).message).toMatch(message)
    await cluster.close()
    expect(cluster.workers.filter(({ id }) => isAlive(id))).toEqual([])
  })

  test('tells the mistake of any of them', async () => {
    const network = defineNetwork({
      groups: { in: source(1), out: lif(64, { ...LIF, threshold: uniform(-1, 0) }) },
      projections: [connect('in', 'out', dense(2))],
    })
    const opening = built.openCluster(network, built.placeOnCores(network, 2), { transport: 'thread', processes: 1 })
    const here = await built.open(network).catch((error: unknown) => error)
    await expect(opening).rejects.toMatchObject({ name: 'InputError', code: (here as { code: string }).code })
  })

  test('that is killed is started anew with all its cores, and the bits stay', async () => {
    const restarts: Restart[] = []
    const onRestart = (restart: Restart) => void restarts.push(restart)
    await using here = await built.open(NETWORK, { seed: 7 })
    const options = { ...two, restarts: 1, onRestart }
    await using cluster = await built.openCluster(NETWORK, placement(3), options)
    for (let k = 0; k < 4; k++) {
      const call = cluster.train(LABELLED, LEARN)
      if (k === 1) kill(cluster, 1)
      await call
      await here.train(LABELLED, LEARN)
    }
    expectSameBits(await cluster.save(), await here.save())
    expect(restarts.map(({ reason }) => (reason as { code?: string }).code)).toEqual(['CORE_DIED'])
  })
})

test('a process that its coordinator has left before it came to its links ends, and so does its folder of sockets', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'antidrome-left-'))
  // Without a coordinator it would wait as long as this.
  const spec = {
    cores: [{ core: 0, secret: 'ab' }],
    coordinator: null,
    mostLinks: 1,
    startLimit: 60_000,
    silence: null,
  }
  const left = spawn(process.execPath, [fileURLToPath(builtFile('bundle/partition-process.js'))])
  const said: string[] = []
  left.stderr.on('data', (words) => void said.push(String(words)))
  left.stdin.write(`${JSON.stringify({ ...spec, door: { path: join(folder, 'door') } })}\n`)
  left.stdout.once('data', () => left.stdin.end())
  const [code] = await once(left, 'close')
  expect({ code, said, isLeft: existsSync(folder) }).toEqual({ code: 1, said: [], isLeft: false })
})

describe('a number of processes', () => {
  test.each([0, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '2'])('that is %s is refused', async (processes) => {
    const opening = built.openCluster(NETWORK, placement(3), { processes: processes as number })
    await expect(opening).rejects.toMatchObject({
      code: 'CLUSTER_OPTION_INVALID',
      mistake: { field: 'options.processes', expected: 'an integer from 1' },
    })
  })

  test('beyond that of the cores is refused', async () => {
    const opening = built.openCluster(NETWORK, placement(3), { processes: 4 })
    await expect(opening).rejects.toMatchObject({
      code: 'CLUSTER_OPTION_INVALID',
      mistake: { field: 'options.processes', found: '4', expected: 'at most 3, the number of cores' },
    })
  })
})
