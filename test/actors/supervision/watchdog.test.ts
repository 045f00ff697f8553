import { expect, test, vi } from 'vitest'
import { pathwayTable } from '../../../src/actors/partition/pathways/pathway-table.js'
import type { OwedReply } from '../../../src/actors/partition/remote/remote-partition.js'
import type { PartitionStatus } from '../../../src/actors/partition/status.js'
import { createPartition } from '../../../src/actors/partition/wiring/create-partition.js'
import { createSession } from '../../../src/actors/session/create-session.js'
import { startWatchdog } from '../../../src/actors/supervision/watchdog.js'
import type { RunError } from '../../../src/events/errors.js'
import { placeOnCores } from '../../../src/hardware/place-on-cores.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import { normal } from '../../../src/network/description/initializers.js'
import type { Network } from '../../../src/network/description/network.js'
import { connect, dense, fixedInDegree } from '../../../src/network/description/projections.js'
import { lif } from '../../../src/network/models/lif.js'
import type { Link } from '../../../src/streams/link.js'
import { createLocalLinks } from '../../../src/streams/links/local-link.js'
import type { Message } from '../../../src/streams/message.js'
import { createManualClock } from '../../suites/link-fixture.js'
import { LIF, NETWORK, TRIALS } from '../layered-network.js'
import { COUNT, LABELS } from '../small-networks.js'

const PLACEMENT = placeOnCores(NETWORK, 3)
const LIMIT = 1000

/** The stream of spikes between two cores that carries those of the hidden group. */
function hiddenStream(from: number, to: number): number {
  const route = pathwayTable(NETWORK, PLACEMENT).routes.find(({ source, core }) => {
    return source.group === 'hidden' && source.core === from && core === to
  })
  return route?.stream ?? Number.NaN
}

/** A session over three cores, of which a link may withhold what it ought to send; and its watchdog. */
function openWatched(isWithheld: (message: Message) => boolean = () => false, network: Network = NETWORK) {
  const cores = PLACEMENT.cores.map(({ core }) => core)
  const links = cores.map(() => new Map<number, Link>())
  const withholding = (link: Link): Link => ({
    ...link,
    send: (message) => {
      if (!isWithheld(message)) link.send(message)
    },
  })
  for (const low of cores)
    for (const high of cores.filter((core) => core > low)) {
      const pair = createLocalLinks(low, high, queueMicrotask)
      links[low]?.set(high, withholding(pair.low))
      links[high]?.set(low, withholding(pair.high))
    }
  const partitions = cores.map((core) =>
    createPartition({ network, seed: 7, placement: PLACEMENT, core, links: links[core] ?? new Map() }),
  )
  const clock = createManualClock()
  const stalls: RunError[] = []
  const end = startWatchdog({ partitions, limit: LIMIT, clock, onStall: (error) => void stalls.push(error) })
  return { session: createSession({ network, placement: PLACEMENT, partitions }, { seed: 7 }), clock, stalls, end }
}

/** Lets time pass, look by look, with everything that happens in between. */
async function pass(clock: ReturnType<typeof createManualClock>, ms: number): Promise<void> {
  for (let look = 0; look < ms; look += LIMIT / 4) {
    clock.advance(LIMIT / 4)
    await new Promise((resolve) => setImmediate(resolve))
  }
}

test('a run in which spikes are withheld is found, with the actor, the link and the watermark it waits for', async () => {
  const stream = hiddenStream(0, 2)
  const { session, clock, stalls } = openWatched((message) => message.kind === 'spikes' && message.stream === stream)
  const running = session.gradient(TRIALS, COUNT, LABELS)
  running.catch(() => undefined)
  await pass(clock, LIMIT)
  expect(stalls).toEqual([])
  await pass(clock, LIMIT)
  expect(stalls).toHaveLength(1)
  expect(stalls[0]).toMatchObject({
    code: 'RUN_STALLED',
    details: { run: 1, core: 2, actor: 'out', link: 'core 0 - core 2', stream: 'hidden', watermark: 0 },
  })
  expect(stalls[0]?.message).toMatch(
    /^Run 1 has stood still for 1000 ms, .*: on core 2 "out" \(forwardThenBackward\) waits for spikes of "hidden" over the link core 0 - core 2, whose watermark is 0 ms\./,
  )
  // Told once, and never again.
  await pass(clock, 3 * LIMIT)
  expect(stalls).toHaveLength(1)
  expect(clock.ticking).toBe(0)
})

test('a run in which gradients are withheld is found, too', async () => {
  const stream = hiddenStream(1, 2)
  const { session, clock, stalls } = openWatched((message) => message.kind === 'gradients' && message.stream === stream)
  session.gradient(TRIALS, COUNT, LABELS).catch(() => undefined)
  await pass(clock, 2 * LIMIT)
  expect(stalls[0]?.message).toContain(
    'on core 1 "hidden" (backward) waits for gradients of "hidden" over the link core 1 - core 2',
  )
})

test('so is one that waits for who tells which spikes are heard', async () => {
  const sparse = defineNetwork({
    groups: { in: source(5), hidden: lif(64, LIF), out: lif(3, LIF) },
    projections: [
      connect('in', 'hidden', dense(normal(1.5, 0.8)), { delay: 1 }),
      connect('hidden', 'out', fixedInDegree(8, 2), { delay: 1 }),
    ],
  })
  const { session, clock, stalls } = openWatched((message) => message.kind === 'listeners', sparse)
  session.gradient(TRIALS, COUNT, LABELS).catch(() => undefined)
  await pass(clock, 2 * LIMIT)
  expect(stalls[0]?.message).toMatch(/on core 2 "out" .* waits for spikes of "hidden" over the link core [01] - core 2/)
})

test('neither runs that go on nor long rests between them are stalls', async () => {
  const { session, clock, stalls, end } = openWatched()
  for (let run = 0; run < 3; run++) {
    await session.gradient(TRIALS, COUNT, LABELS)
    await pass(clock, 3 * LIMIT)
  }
  expect(stalls).toEqual([])
  end()
  expect(clock.ticking).toBe(0)
})

const NEVER = () => new Promise<never>(() => undefined)

/** A watchdog over one partition that says that it does nothing, and may owe a reply. */
function openIdle(status: () => Promise<PartitionStatus>, owed: () => OwedReply | null = () => null) {
  const clock = createManualClock()
  const stalls: RunError[] = []
  startWatchdog({
    partitions: [{ core: 3, status, owed }],
    limit: LIMIT,
    clock,
    onStall: (error) => void stalls.push(error),
  })
  return { clock, stalls }
}

test('of cores with replicas the core and its replica are named beside the number', async () => {
  const clock = createManualClock()
  const stalls: RunError[] = []
  const awaited = { stream: 'sums over trials', awaited: 'a vector', watermark: Infinity } as const
  const wait = { core: 3, actor: 'learning', state: 'backward', link: 'core 1 - core 3', sender: 'core 1', ...awaited }
  const status = async (): Promise<PartitionStatus> => ({ run: 1, progress: 0, waits: [wait] })
  const onStall = (error: RunError) => void stalls.push(error)
  startWatchdog({ partitions: [{ core: 3, status }], limit: LIMIT, each: 2, clock, onStall })
  await pass(clock, 2 * LIMIT)
  expect(stalls).toMatchObject([{ code: 'RUN_STALLED', details: { core: 3, link: 'core 1 - core 3' } }])
  expect(stalls[0]!.message).toContain('on core 3 (core 1 of replica 1) "learning" (backward) waits for a vector of')
})

test('a partition that computes does not answer, and is waited for; one that never does is given up', async () => {
  const status = vi.fn(NEVER)
  const { clock, stalls } = openIdle(status)
  await pass(clock, 59 * LIMIT)
  expect(status).toHaveBeenCalledTimes(1)
  expect(stalls).toEqual([])
  await pass(clock, 2 * LIMIT)
  expect(stalls).toMatchObject([{ code: 'CORE_SILENT', details: { core: 3, order: 'status' } }])
  expect(clock.ticking).toBe(0)
})

test.each([
  { order: 'run', limits: 1 },
  { order: 'save', limits: 1 },
  // The code of a user runs as long as it does.
  { order: 'prepare', limits: 60 },
  { order: 'prepareLoss', limits: 60 },
] as const)('one that owes a reply to $order, and says it does nothing, is given up', async ({ order, limits }) => {
  let id = 1
  const { clock, stalls } = openIdle(
    async () => ({ run: null, progress: 5, waits: [] }),
    () => ({ id, order }),
  )
  await pass(clock, limits * LIMIT - LIMIT / 2)
  // Another one is owed by now.
  id = 2
  await pass(clock, limits * LIMIT - LIMIT / 2)
  expect(stalls).toEqual([])
  await pass(clock, 2 * LIMIT)
  expect(stalls).toMatchObject([{ code: 'CORE_SILENT', details: { core: 3, order } }])
})
