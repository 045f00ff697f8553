import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ClusterSession } from '../../../../src/actors/cluster-session.js'
import type { Partition } from '../../../../src/actors/partition/partition.js'
import { neighbourhood } from '../../../../src/actors/partition/pathways/neighbours.js'
import type { PartitionCall, PartitionOrder } from '../../../../src/actors/partition/remote/partition-calls.js'
import { createRemotePartition } from '../../../../src/actors/partition/remote/remote-partition.js'
import { servePartition } from '../../../../src/actors/partition/remote/serve-partition.js'
import { heldCores } from '../../../../src/actors/partition/replies/held-core.js'
import { replyReader } from '../../../../src/actors/partition/replies/read-replies.js'
import { createTaskEncoder } from '../../../../src/actors/partition/tasks/task-encoder.js'
import { openLocalPartitions } from '../../../../src/actors/partition/wiring/open-local-partitions.js'
import { createSession } from '../../../../src/actors/session/create-session.js'
import { createClusterSession } from '../../../../src/actors/session-over-cluster.js'
import { createClusterTracer } from '../../../../src/actors/trace/cluster-tracer.js'
import { AntidromeError, InputError } from '../../../../src/events/errors.js'
import { definePlacement } from '../../../../src/hardware/define-placement.js'
import type { SessionState } from '../../../../src/learning/session.js'
import { defineNetwork } from '../../../../src/network/description/define-network.js'
import { poisson } from '../../../../src/network/description/emitting-sources.js'
import { source } from '../../../../src/network/description/groups.js'
import { normal, uniform } from '../../../../src/network/description/initializers.js'
import {
  connect,
  dense,
  fixedProbability,
  perSource,
  perSynapse,
} from '../../../../src/network/description/projections.js'
import { li } from '../../../../src/network/models/li.js'
import { lif } from '../../../../src/network/models/lif.js'
import type { Link } from '../../../../src/streams/link.js'
import { firstTrial } from '../../../support/arbitrary-stream.js'
import { casesOf } from '../../../support/cases-of.js'
import { differenceOfBits } from '../../../support/same-bits.js'
import { streamed } from '../../../support/streamed.js'
import { watchAll } from '../../../support/watch-all.js'
import { ADAM, FIVE_UNITS, step } from '../../small-networks.js'
import { linkedPair } from '../../supervision/linked-pair.js'
import { type Forgery, forged, forgeriesOf, type Path, partAt, pathsIn } from './forged-values.js'

const CASES = casesOf({ short: 30, long: 2000 })
const SEED = 3

type OrderName = PartitionOrder['order']
const NEURON = { tauMem: 20, tauSyn: 5, threshold: 1 }

/** Groups of every kind that are cut, shared delays, synapses that are drawn, and a source that emits by itself. */
const NETWORK = defineNetwork({
  groups: {
    in: source(5),
    noise: poisson(3, { rate: 50 }),
    hidden: lif(64, { ...NEURON, tauMem: Array.from({ length: 64 }, (_, n) => 20 + n / 64) }),
    out: lif(3, NEURON),
    readout: li(33, { tauMem: 20, tauSyn: 5 }),
  },
  projections: [
    connect('in', 'hidden', dense(normal(1.5, 0.8)), { delay: perSynapse(uniform(0, 5)) }),
    connect('noise', 'hidden', dense(normal(0.1, 0.05)), { delay: 1 }),
    connect('hidden', 'readout', fixedProbability(0.5, normal(0.2, 0.1)), { delay: perSource(uniform(1, 2)) }),
    connect('hidden', 'out', dense(normal(0.3, 0.1)), { delay: 1 }),
  ],
})
const PLACEMENT = definePlacement(NETWORK, [
  [
    { group: 'in', start: 0, end: 5 },
    { group: 'hidden', start: 0, end: 32 },
    { group: 'readout', start: 32, end: 33 },
  ],
  [
    { group: 'noise', start: 0, end: 3 },
    { group: 'hidden', start: 32, end: 64 },
    { group: 'readout', start: 0, end: 32 },
    { group: 'out', start: 0, end: 3 },
  ],
])
const TRIALS = { count: 2, until: 30, inputs: FIVE_UNITS }
const LABELS = Uint8Array.of(0, 1)
const LABELLED = { ...TRIALS, labels: LABELS }
const COUNT = { kind: 'spikeCount', group: 'out', tau: 20 } as const
const READOUT = { kind: 'vMax', group: 'readout' } as const
const MEMORY = { rss: 1, heapUsed: 1, arrayBuffers: 1 }
const STEP = step({ optimizer: ADAM, rates: { weights: 0.01, delays: 0.01, taus: 0.01, bias: 0.01, thresholds: 0.01 } })

/** What is asked of a session so that its partitions are given every order that has a reply of more than nothing. */
const ASKED: Readonly<Record<string, (session: ClusterSession, partitions: readonly Partition[]) => Promise<unknown>>> =
  {
    simulate: (session) => session.simulate(TRIALS, { record: ['in', 'noise', 'hidden', 'out', 'readout'] }),
    evaluate: (session) => session.evaluate(LABELLED, READOUT),
    gradient: (session) => session.gradient(TRIALS, COUNT, LABELS),
    train: (session) => session.train(LABELLED, STEP),
    clipped: (session) => session.train(LABELLED, { ...STEP, clipNorm: 1e-3 }),
    async watched(session) {
      const seen = watchAll(session)
      await session.train(LABELLED, STEP)
      return seen
    },
    async squares(session, partitions) {
      await session.gradient(TRIALS, COUNT, LABELS)
      return Promise.all(partitions.map((each) => each.squares(['weights', 'delays', 'taus', 'bias'], 0.5)))
    },
    async saved(session) {
      await session.train(LABELLED, STEP)
      return { state: await session.save(), parameters: await session.parameters() }
    },
    async restored(session) {
      await session.restore(await trainedState())
      return session.save()
    },
    streamed: (session) =>
      streamed(session, { until: 20, inputs: firstTrial(TRIALS), record: ['hidden', 'out'], segment: 8 }, 2),
    readings: async (session, partitions) => {
      await session.simulate(TRIALS)
      await Promise.all([session.kernelSeconds(), session.metrics(), session.trace()])
      const statuses = await Promise.all(partitions.map((partition) => partition.status()))
      return { traffic: await session.traffic(), memory: await session.memoryTraffic(), statuses }
    },
  }

/** A reply on its way: of which call to which partition, counted per order. */
interface Sent {
  readonly core: number
  readonly name: OrderName
  readonly value: unknown
  readonly order: PartitionOrder
}

/** Partitions behind links, whose replies may be changed on their way. */
async function opened(change: (sent: Sent) => unknown = ({ value }) => value) {
  const computation = { kernel: 'simd', spikeLimit: 100, threads: 1, seed: SEED, metrics: true } as const
  const options = { network: NETWORK, placement: PLACEMENT, memory: () => MEMORY, trace: () => 0 }
  const { partitions, close } = await openLocalPartitions(options, computation)
  const { neighbours } = neighbourhood(NETWORK, PLACEMENT)
  const heldBy = heldCores({ network: NETWORK, placement: PLACEMENT, seed: SEED, neighbours })
  const remote = await Promise.all(
    partitions.map(async (partition) => {
      const { core } = partition
      const { coordinator, partition: there } = await linkedPair(core)
      const orders = new Map<number, PartitionOrder>()
      there.messages$.subscribe({
        next: (message) => {
          const { type, id, call } = (message as unknown as { readonly value: PartitionCall }).value as never as {
            readonly type: string
            readonly id: number
            readonly call: PartitionOrder
          }
          if (type === 'call') orders.set(id, call)
        },
        error: () => undefined,
      })
      const send: Link['send'] = (message) => {
        const { type, id, value } = (message as unknown as { readonly value: unknown }).value as {
          readonly type: string
          readonly id: number
          readonly value: unknown
        }
        const order = orders.get(id)
        if (type !== 'reply' || order === undefined) return there.send(message)
        there.send({ kind: 'value', value: { type, id, value: change({ core, name: order.order, order, value }) } })
      }
      servePartition({ ...there, send }, partition, createTaskEncoder(() => undefined).on(core, NETWORK))
      return createRemotePartition(coordinator, core, { readReply: replyReader(heldBy(core)) })
    }),
  )
  const parts = { network: NETWORK, placement: PLACEMENT, partitions: remote }
  const failed = new Promise<never>(() => undefined)
  const tracer = createClusterTracer(() => 0)
  const session = createClusterSession(createSession({ ...parts }, { seed: SEED }), {
    ...parts,
    ...{ workers: [], tracer, failure: () => null, failed },
  })
  const end = async () => {
    await Promise.all(partitions.map((partition) => partition.close()))
    await close()
  }
  return { session, remote, end }
}

let trained: Promise<SessionState> | null = null

/** What a session has learned whose replies nothing changes. */
function trainedState(): Promise<SessionState> {
  trained ??= opened().then(async ({ session, end }) => {
    await session.train(LABELLED, STEP)
    const state = await session.save()
    await end()
    return state
  })
  return trained
}

/** All replies of a core to one order of one question, without forgery. */
interface TrueReply extends Sent {
  readonly asked: string
  /** Of the replies of this core to such orders. */
  readonly place: number
}

let known: Promise<readonly TrueReply[]> | null = null

/** Those of every question; asked once for all tests. */
function trueReplies(): Promise<readonly TrueReply[]> {
  known ??= askAll()
  return known
}

async function askAll(): Promise<readonly TrueReply[]> {
  const replies: TrueReply[] = []
  for (const [asked, ask] of Object.entries(ASKED)) {
    const places = new Map<string, number>()
    const { session, remote, end } = await opened((sent) => {
      const key = `${sent.core} ${sent.name}`
      const place = places.get(key) ?? 0
      places.set(key, place + 1)
      replies.push({ ...sent, value: structuredClone(sent.value), asked, place })
      return sent.value
    })
    await ask(session, remote)
    await end()
  }
  return replies
}

interface Case {
  readonly reply: TrueReply
  readonly path: Path
  readonly forgery: Forgery
}

/** Every forgery of every part of every reply. */
function casesIn(replies: readonly TrueReply[]): readonly Case[] {
  return replies.flatMap((reply) =>
    pathsIn(reply.value).flatMap((path) => {
      const holder = path.length === 0 ? null : partAt(reply.value, path.slice(0, -1))
      return forgeriesOf(partAt(reply.value, path), holder).map((forgery) => ({ reply, path, forgery }))
    }),
  )
}

/** Where any number may be right: whether it is finite is known when all parts are there. */
const ANY_NUMBER = /gradients|largest|sums|inputReturned|watched|columns|readouts.*maxima|watermark/
/** A trial may have no loss. */
const MAY_BE_NULL = /outcome\.losses\.\d/
const OF_ALL = /gradients|largest|sums|inputReturned|memories/

test('a forged reply changes nothing, or ends by an error that names the core and the field', async () => {
  const replies = await trueReplies()
  expect(new Set(replies.map(({ name }) => name)).size).toBeGreaterThanOrEqual(12)
  const cases = casesIn(replies)
  const expected = new Map<string, unknown>()
  for (const [asked, ask] of Object.entries(ASKED)) {
    const { session, remote, end } = await opened()
    expected.set(asked, await ask(session, remote))
    await end()
  }
  let refused = 0
  await fc.assert(
    fc.asyncProperty(fc.nat(cases.length - 1), fc.nat(7), async (number, choice) => {
      const { reply, path, forgery } = cases[number] as Case
      const field = [reply.name, ...path].join('.')
      let place = 0
      const { session, remote, end } = await opened((sent) => {
        const isIt = sent.core === reply.core && sent.name === reply.name && place++ === reply.place
        return isIt ? forged(sent.value, path, forgery, choice) : sent.value
      })
      const found: unknown = await (ASKED[reply.asked] as (typeof ASKED)[string])(session, remote).then(
        (result) => ({ result }),
        (error: unknown) => ({ error }),
      )
      await end()
      const { error, result } = found as { readonly error?: unknown; readonly result?: unknown }
      if (error !== undefined) {
        if (isOfAll(error) && OF_ALL.test(field)) return
        refused++
        expect(error, field).toMatchObject({ code: 'LINK_FAILED', details: { peer: `core ${reply.core}` } })
        expect((error as Error).cause, field).toBeInstanceOf(InputError)
        expect(((error as Error).cause as InputError).mistake.field.split(/[.[]/)[0], field).toBe(reply.name)
        return
      }
      // What no rule tells from a true number is a lie that is believed.
      const isPlausible = ['negative', 'huge'].includes(forgery) || ANY_NUMBER.test(field) || MAY_BE_NULL.test(field)
      if (!isPlausible) expect(differenceOfBits(result, expected.get(reply.asked)), `${forgery} ${field}`).toBe(null)
    }),
    { numRuns: CASES, seed: 1 },
  )
  expect(refused).toBeGreaterThan(CASES / 3)
})

/** Errors that only all parts of a result together can show. */
function isOfAll(error: unknown): boolean {
  return (
    error instanceof AntidromeError &&
    ['GRADIENT_NOT_FINITE', 'GRADIENT_OVERFLOW', 'STATES_DIFFER'].includes(error.code)
  )
}

test('no list and no array may be longer or shorter than what was asked for', async () => {
  const { neighbours } = neighbourhood(NETWORK, PLACEMENT)
  const heldBy = heldCores({ network: NETWORK, placement: PLACEMENT, seed: SEED, neighbours })
  const exact = ['run', 'squares', 'parameters', 'save', 'traffic']
  const cases = casesIn(await trueReplies()).filter(({ reply, path, forgery }) => {
    return exact.includes(reply.name) && ['longer', 'shorter'].includes(forgery) && !path.includes('watched')
  })
  expect(cases.length).toBeGreaterThan(200)
  for (const { reply, path, forgery } of cases) {
    const value = forged(reply.value, path, forgery, 0)
    // Of nothing there is nothing less.
    if (differenceOfBits(value, reply.value) === null) continue
    const read = () => replyReader(heldBy(reply.core))(reply.order as never, value)
    expect(read, `${forgery} ${[reply.name, ...path].join('.')}`).toThrow(InputError)
  }
})

test('no slice and no link is told of twice in the place of another', async () => {
  const { neighbours } = neighbourhood(NETWORK, PLACEMENT)
  const heldBy = heldCores({ network: NETWORK, placement: PLACEMENT, seed: SEED, neighbours })
  const replies = (await trueReplies()).filter(({ name }) => ['squares', 'parameters', 'save'].includes(name))
  expect(replies.length).toBeGreaterThan(3)
  for (const { core, order, value } of replies) {
    const [first, , ...others] = value as readonly unknown[]
    expect(() => replyReader(heldBy(core))(order as never, [first, first, ...others]), order.order).toThrow(InputError)
  }
})
