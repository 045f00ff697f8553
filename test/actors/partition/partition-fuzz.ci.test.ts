import { setImmediate } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import type { ActorPartition } from '../../../src/actors/partition/actor-partition.js'
import type { RunOrder } from '../../../src/actors/partition/partition.js'
import { arrivalAt, type LayoutRun, messageLayouts } from '../../../src/actors/partition/pathways/message-layouts.js'
import { pathwayTable } from '../../../src/actors/partition/pathways/pathway-table.js'
import { createPartition } from '../../../src/actors/partition/wiring/create-partition.js'
import { AntidromeError } from '../../../src/events/errors.js'
import { definePlacement } from '../../../src/hardware/define-placement.js'
import { firstSpike, liIntegral, vMax } from '../../../src/learning/define-loss.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import { normal } from '../../../src/network/description/initializers.js'
import { connect, dense, fixedProbability } from '../../../src/network/description/projections.js'
import { li } from '../../../src/network/models/li.js'
import { lif } from '../../../src/network/models/lif.js'
import { createLink } from '../../../src/streams/links/create-link.js'
import { createMailbox } from '../../../src/streams/mailbox.js'
import { createManualClock, IDENTITY, TOKEN } from '../../suites/link-fixture.js'
import { HELLO } from '../../suites/link-raw-peer.js'
import { casesOf } from '../../support/cases-of.js'
import { createDice, type Dice } from '../../support/hostile-frames.js'
import { createHostileNeighbour } from '../../support/hostile-neighbour.js'

const FRAMES = casesOf({ short: 8000, long: 1_000_000 })
/** One frame in so many of a run is hostile. */
const MISCHIEF = 30
/** Frames at the begin of a run that come too late, whose bits are any. */
const LATE = 600
/** In bytes, of what is live in the end beside what was at half-time. */
const MOST_GROWTH = 8 << 20
const UNTIL = 8

const UNPUNISHED = { labels: null, silentLabelHinge: 0, silentHinge: {} }

const NEURON = { tauMem: 20, tauSyn: 5, threshold: 1 }

/** Both cores hear spikes, gradients and vectors: a recurrent group with a shared delay is cut, and so is a readout. */
const NETWORK = defineNetwork({
  groups: {
    input: source(2),
    hidden: lif(33, NEURON),
    output: lif(2, NEURON),
    readout: li(33, { tauMem: 20, tauSyn: 5 }),
  },
  projections: [
    connect('input', 'hidden', dense(normal(3, 1))),
    // One core has to say which units are heard, the other waits for it.
    connect('hidden', 'hidden', fixedProbability(0.5, normal(0.2, 0.1)), { delay: 2 }),
    connect('hidden', 'output', dense(normal(0.3, 0.1)), { delay: 1 }),
    connect('input', 'readout', dense(normal(0.3, 0.1))),
  ],
})
const PLACEMENT = definePlacement(NETWORK, [
  [
    { group: 'input', start: 0, end: 2 },
    { group: 'hidden', start: 32, end: 33 },
    { group: 'readout', start: 0, end: 32 },
  ],
  [
    { group: 'hidden', start: 0, end: 32 },
    { group: 'output', start: 0, end: 2 },
    { group: 'readout', start: 32, end: 33 },
  ],
])
const TABLE = pathwayTable(NETWORK, PLACEMENT)
const LAYOUTS = messageLayouts(NETWORK, TABLE)
const LOSSES = [null, firstSpike('output'), vMax('readout'), liIntegral('readout', { tau: 5 })]

const arrivalOf = (core: number, run: LayoutRun) => (stream: number) => arrivalAt(core, LAYOUTS.get(stream), run)

/** What the streams to a core may bring, in any run. */
const KINDS = [0, 1].map((core) => {
  const runs = LOSSES.map((loss): LayoutRun => {
    return { loss: loss && { ...UNPUNISHED, loss }, inputTimes: true, trials: { count: 1 } }
  })
  const found = [...LAYOUTS.keys()].flatMap((stream) => {
    const [arrival] = runs.flatMap((run) => arrivalOf(core, run)(stream) ?? [])
    return arrival === undefined ? [] : [[stream, arrival.kind] as const]
  })
  return new Map(found)
})

/** Streams on which a core has to be told who is heard, with how many units. */
const AWAITED = [0, 1].map((core) => {
  const untold = TABLE.routes.filter(({ source, isWhole }) => source.core === core && !isWhole)
  return new Map(untold.map(({ stream, source }) => [stream, source.end - source.start]))
})

function orderOf(number: number, dice: Dice): RunOrder {
  const count = 1 + dice(2)
  const chosen = LOSSES[dice(LOSSES.length)] ?? null
  const loss = chosen && { ...UNPUNISHED, labels: new Uint8Array(count), loss: chosen }
  const gradients = loss !== null && dice(2) === 0
  const offsets = Uint32Array.from({ length: count + 1 }, (_, trial) => 2 * trial)
  const times = Float64Array.from({ length: 2 * count }, (_, k) => k % 2)
  const inputs = { input: { offsets, times, units: Uint32Array.from(times) } }
  return {
    number,
    record: ['hidden'],
    report: gradients ? 'gradients' : 'nothing',
    learned: [],
    run: {
      trials: { count, until: UNTIL, inputs },
      loss,
      gradients,
      inputTimes: gradients && dice(2) === 0,
      biasGradient: gradients,
      stopAfterFirst: false,
      undefinedSlope: 'refuse',
    },
  }
}

/** What came of the partitions. */
interface Tally {
  frames: number
  hostile: number
  /** Runs that ended well, and that were refused. */
  done: number
  refused: number
}

/** A partition whose one neighbour is hostile, until their link ends; then it must let go of its run. */
async function outlive(core: number, dice: Dice, tally: Tally): Promise<void> {
  const mailbox = createMailbox()
  const clock = createManualClock()
  const neighbour = createHostileNeighbour(KINDS[core] as (typeof KINDS)[number], AWAITED[core]!, dice)
  const nameOf = (stream: number) => (KINDS[core]?.has(stream) ? 'group' : undefined)
  const peer = 1 - core
  const options = {
    role: 'accept',
    index: core,
    peers: [peer],
    identity: IDENTITY,
    token: TOKEN,
    clock,
    nameOf,
  } as const
  const link = createLink(neighbour.port, options)
  // The SIMD kernel is compiled anew for every partition.
  const kernel = dice(8) === 0 ? 'simd' : 'reference'
  const placed = { network: NETWORK, seed: 1, placement: PLACEMENT, core, kernel } as const
  const partition = createPartition({ ...placed, links: new Map([[peer, link]]), deliver: mailbox.deliver })
  let isOver = false
  link.messages$.subscribe({
    error: () => {
      isOver = true
    },
    complete: () => {
      isOver = true
    },
  })
  neighbour.hello({ ...HELLO, index: peer, expected: core })
  for (let number = 1; !isOver; number++) {
    const order = orderOf(number, dice)
    neighbour.begin({ number, trials: order.run.trials.count, until: UNTIL, arrivalOf: arrivalOf(core, order.run) })
    let isSettled = false
    const running = settled(partition, order).then((end) => {
      tally[end]++
      isSettled = true
    })
    await setImmediate()
    neighbour.flood(LATE)
    tally.frames += LATE
    expect(isOver).toBe(false)
    while (!isSettled && !isOver) {
      for (let k = 0; k < 40 && !isOver; k++) {
        neighbour.act(MISCHIEF)
        tally.frames++
        mailbox.drain()
      }
      await setImmediate()
      mailbox.drain()
    }
    for (let turn = 0; !isSettled; turn++) {
      if (turn === 20) expect.unreachable(`frame ${tally.frames}: ${partition.waiting()?.actors.join()} wait for ever`)
      mailbox.drain()
      await setImmediate()
    }
    await running
  }
  tally.hostile += neighbour.hostile
  await partition.close()
  expect(clock.ticking).toBe(0)
}

async function settled(partition: ActorPartition, order: RunOrder): Promise<'done' | 'refused'> {
  try {
    await partition.run(order)
    return 'done'
  } catch (error) {
    if (!(error instanceof AntidromeError)) throw error
    return 'refused'
  }
}

/** What is live in this process, in bytes. */
async function liveBytes(): Promise<number> {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  if (typeof collect !== 'function') throw new Error('no garbage collector to call')
  // Memory of WebAssembly goes a turn after whoever held it.
  for (let turn = 0; turn < 3; turn++) {
    collect()
    await setImmediate()
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

test(`partitions outlive ${FRAMES} frames of hostile neighbours: no crash, no hang, no memory that stays`, async () => {
  const dice = createDice(91)
  expect(AWAITED.map(({ size }) => size)).toEqual([0, 1])
  const tally: Tally = { frames: 0, hostile: 0, done: 0, refused: 0 }
  while (tally.frames < FRAMES / 2) await outlive(dice(2), dice, tally)
  const halfTime = await liveBytes()
  while (tally.frames < FRAMES) await outlive(dice(2), dice, tally)
  expect((await liveBytes()) - halfTime).toBeLessThan(MOST_GROWTH)
  // Neither all good nor all bad: runs end well, and runs are broken off.
  expect(tally.done).toBeGreaterThan(FRAMES / 5000)
  expect(tally.refused).toBeGreaterThan(FRAMES / 5000)
  expect(tally.hostile).toBeGreaterThan(FRAMES / 2)
})
