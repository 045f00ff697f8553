import { afterEach, describe, expect, test, vi } from 'vitest'
import type { ClusterSession } from '../../../src/actors/cluster-session.js'
import { openCluster } from '../../../src/actors/open-cluster.js'
import { createPartition } from '../../../src/actors/partition/wiring/create-partition.js'
import { createTraceEvents } from '../../../src/actors/trace/trace-events.js'
import type { TraceRecord } from '../../../src/actors/trace/trace-record.js'
import { placeOnCores } from '../../../src/hardware/place-on-cores.js'
import { singleCore } from '../../../src/hardware/single-core.js'
import type { TraceEvent } from '../../../src/storage/trace-file.js'
import { inTurn } from '../../support/in-turn.js'
import { repeatTrains } from '../../support/repeat-trains.js'
import { expectTrace } from '../../support/trace-laws.js'
import { built } from '../built-cluster.js'
import { NETWORK, TRIALS } from '../layered-network.js'
import { LABELS, step } from '../small-networks.js'

const PLACEMENT = placeOnCores(NETWORK, 2)

afterEach(() => {
  vi.restoreAllMocks()
})

/** Two steps ahead of each other, and a trial. */
async function workOn(session: ClusterSession): Promise<unknown> {
  const trials = { ...TRIALS, labels: LABELS }
  const steps = [session.train(trials, step()), (session.trainAhead ?? session.train)(trials, step())]
  return [await Promise.all(steps), await session.simulate(TRIALS), await session.save()]
}

async function eventsOf(session: ClusterSession): Promise<readonly TraceEvent[]> {
  return [...createTraceEvents()(await session.trace())]
}

const namesOf = (events: readonly TraceEvent[], kind: TraceEvent['ph']) =>
  new Set(events.filter(({ ph }) => ph === kind).map(({ name }) => name))

describe.each(['local', ...inTurn(['thread', 'websocket'] as const, 0)] as const)(
  'a cluster over %s that is traced',
  (transport) => {
    test('tells what everybody did when, and ends with the same bits', async () => {
      await using plain = await openCluster(NETWORK, PLACEMENT, { transport: 'local' })
      await using session = await built.openCluster(NETWORK, PLACEMENT, { transport, trace: true })
      expect(await workOn(session)).toEqual(await workOn(plain))
      const events = await eventsOf(session)
      expectTrace(events)
      expect(Math.min(...events.map(({ ts }) => ts))).toBe(0)
      const named = events.filter(({ name }) => name === 'process_name').map(({ args }) => args?.name)
      const workers = session.workers.map(({ core, kind, id }) => `core ${core}, ${kind} ${id}`)
      expect(named).toEqual(['coordinator', ...(transport === 'local' ? ['core 0', 'core 1'] : workers)])
      for (const group of ['hidden', 'out'])
        for (const verb of ['begin', 'receive', 'advance', 'begin backward', 'backward', 'take returned'])
          expect(namesOf(events, 'X')).toContain(`${verb} ${group}`)
      for (const name of [
        'forward',
        'backward',
        'evaluate loss',
        'sum gradient',
        'optimizer step',
        'report',
        'order run',
      ])
        expect(namesOf(events, 'X')).toContain(name)
      for (const name of ['run', 'step', 'save']) expect(namesOf(events, 'b')).toContain(name)
      // Every message over the link is joined to its arrival, every order to its run.
      const traffic = await session.traffic()
      const flows = events.filter(({ ph }) => ph === 's')
      expect(flows.filter(({ name }) => name === 'link').length).toBe(
        traffic.reduce((sum, { sent }) => sum + sent.messages, 0),
      )
      expect(flows.filter(({ name }) => name === 'session').length).toBe(2 * 3)
      expect(new Set(events.flatMap(({ args }) => (args?.run === undefined ? [] : [args.run])))).toEqual(
        new Set([0, 1, 2, 3]),
      )
      const taken = await session.trace()
      expect(taken.cores.map(({ events: { start } }) => start.length)).toEqual([0, 0])
    })
  },
)

describe.each([2, 3])('%i replicas that are traced', (replicas) => {
  test('record what they send, wait for and add, with its bytes, and end with the same bits', async () => {
    const count = 32 * replicas
    const trials = { ...TRIALS, count, inputs: { in: repeatTrains(TRIALS.inputs.in!, count) } }
    const labelled = { ...trials, labels: Uint8Array.from({ length: count }, (_, k) => k % 2) }
    const open = (trace: boolean) => openCluster(NETWORK, PLACEMENT, { transport: 'local', replicas, trace })
    await using plain = await open(false)
    await using session = await open(true)
    const result = await session.train(labelled, step())
    expect(result).toEqual(await plain.train(labelled, step()))
    const trace = await session.trace()
    expect(trace.cores.map(({ name }) => name).toSorted()).toEqual(
      Array.from({ length: 2 * replicas }, (_, k) => `core ${k} (core ${k % 2} of replica ${k >> 1})`),
    )
    const events = [...createTraceEvents()(trace)]
    expectTrace(events)
    // The order of every replica of a core is joined to its run.
    expect(events.filter(({ name, ph }) => name === 'session' && ph === 's').length).toBe(2 * replicas)
    expect(
      events
        .filter(({ name, ph }) => name === 'session' && ph === 'f')
        .map(({ pid }) => pid - 1)
        .toSorted(),
    ).toEqual(Array.from({ length: 2 * replicas }, (_, k) => k))
    const bytesOf = (stage: string, cores: readonly number[]) =>
      events
        .filter(({ pid, name, ph }) => cores.includes(pid - 1) && name === stage && ph === 'X')
        .reduce((sum, { args }) => sum + Number(args?.bytes), 0)
    const traffic = await session.traffic()
    for (const core of [0, 1]) {
      const members = Array.from({ length: replicas }, (_, replica) => core + 2 * replica)
      const shared = traffic
        .filter((link) => members.includes(link.core) && members.includes(link.peer))
        .reduce((sum, { sent }) => sum + sent.split.sharedValues, 0)
      const sent = bytesOf('send sums', members)
      expect(sent).toBe(8 * shared)
      expect(sent).toBeGreaterThan(0)
      expect(bytesOf('wait for sums', members)).toBe(sent)
      // Of two, each adds up both vectors; of more, each adds an equal part of all and takes the sums of the others.
      const all = replicas === 2 ? sent / 2 : sent / (2 * (replicas - 1))
      expect(bytesOf('add sums', members)).toBe(replicas === 2 ? 4 * all : replicas * all)
      expect(bytesOf('take sums', members)).toBe(replicas === 2 ? 0 : (replicas - 1) * all)
    }
    const sums = events.filter(({ name }) => name === 'send vector sums')
    expect(sums.length).toBeGreaterThan(0)
    expect(events.filter(({ name }) => name === 'take vector sums').length).toBe(sums.length)
  })
})

test('without a trace nobody looks at the clock for one, and it says so', async () => {
  const clock = vi.spyOn(process, 'hrtime')
  const open = (trace: boolean) => openCluster(NETWORK, PLACEMENT, { transport: 'local', trace })
  await using plain = await open(false)
  await workOn(plain)
  await expect(plain.trace()).rejects.toMatchObject({ code: 'TRACE_OFF' })
  expect(clock).not.toHaveBeenCalled()
  await using traced = await open(true)
  await workOn(traced)
  expect(clock).toHaveBeenCalled()
})

test('a cluster wants to be told clearly whether to trace', async () => {
  const wrong = openCluster(NETWORK, PLACEMENT, { trace: 1 as unknown as boolean })
  await expect(wrong).rejects.toMatchObject({ code: 'CLUSTER_OPTION_INVALID', mistake: { field: 'options.trace' } })
})

test('the spans of kernels and optimisers are those that their seconds count', async () => {
  // Passes by one with each look of the stopwatch, which looks twice at everything it counts.
  let time = 0
  const seconds = () => time++
  const traced = createPartition({
    ...{ network: NETWORK, seed: 1, placement: singleCore(NETWORK), core: 0, links: new Map() },
    ...{ seconds, trace: () => time },
  })
  const { loss, rates } = step()
  await traced.run({
    number: 1,
    run: {
      trials: TRIALS,
      loss: { loss, labels: LABELS, silentLabelHinge: 0, silentHinge: {} },
      ...{ gradients: true, inputTimes: false, biasGradient: false, stopAfterFirst: false, undefinedSlope: 'ignore' },
    },
    ...{ record: [], report: 'squares', learned: ['weights'] },
    // biome-ignore lint/suspicious/noThenProperty: a step that follows
    then: { step: { ...step(), rates }, scale: 1, undoable: false },
  })
  const trace = await traced.trace()
  const counted = await traced.kernelSeconds()
  expect(counted).toBeGreaterThan(10)
  expect(lengthsOf(trace, ({ category, name }) => category === 'kernel' || /gradient|optimizer/.test(name))).toBe(
    2 * counted,
  )
  expect(lengthsOf(trace, ({ name }) => name === 'run')).toBeGreaterThanOrEqual(2 * counted)
  await traced.close()
})

function lengthsOf(
  { labels, events: { label, start, end } }: TraceRecord,
  isCounted: (label: TraceRecord['labels'][number]) => boolean,
): number {
  const counted = labels.map(isCounted)
  return label.reduce((sum, place, k) => sum + (counted[place] ? (end[k] as number) - (start[k] as number) : 0), 0)
}
