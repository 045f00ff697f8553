import { fileURLToPath } from 'node:url'
import type { SpikeBatch } from '../../dist/events/spike-batch.js'
import * as here from '../../dist/index.js'
import { echoBytes, returnToSpikes, sendBytes, sendSpikes } from '../measure/link-speed.js'
import { median } from '../measure/median.js'
import { openOther } from '../measure/other-version.js'
import { type TrafficCost, trafficCost } from '../measure/traffic-cost.js'
import { openBarePair, openLinkPair } from '../measure/websocket-pair.js'
import { countWire, type WireCount } from '../measure/wire-count.js'
import type { Figure, Finding, Settings } from '../suite.js'

/** Of mini-batches: one of 32 samples of Yin-Yang, one of 128 of the shape of MNIST. */
const BATCHES = [
  { trials: 32, spikes: 960 },
  { trials: 128, spikes: 46_080 },
] as const
const CORES = [1, 2, 4]
const ENTRY = fileURLToPath(new URL('../../dist/index.js', import.meta.url))
const SAID: Readonly<Record<keyof WireCount, string>> = {
  orders: 'orders',
  reports: 'reports',
  between: 'between partitions',
}

/** Links over websockets: alone beside bare websockets, and what they cost a training on 1, 2 and 4 partitions. */
export async function* linksSuite(settings: Settings): AsyncGenerator<Finding> {
  for (const shape of BATCHES) yield* speedOf(shape.trials, shape.spikes, settings)
  yield* wireFigures(settings)
  let one: TrafficCost | null = null
  for (const cores of CORES) {
    const cost = await trafficCost(cores, settings)
    one ??= cost
    yield* trafficFigures(cores, cost, one)
  }
}

async function* speedOf(trials: number, spikes: number, { quick }: Settings): AsyncGenerator<Figure> {
  const batch = batchOf(trials, spikes)
  const [count, rounds] = quick ? [3, 1] : [Math.ceil(4e6 / spikes), 9]
  const trips = quick ? 3 : 300
  const [link, bare] = [await openLinkPair(), await openBarePair()]
  try {
    await sendSpikes(link, batch, count, 1)
    const before = link.near.sent.bytes
    await sendSpikes(link, batch, count, 2)
    const bytes = Math.round((link.near.sent.bytes - before) / count)
    await sendBytes(bare, bytes, count)
    // In turns, so that whatever the machine does meets both alike.
    const rates: { readonly own: number; readonly bare: number }[] = []
    for (let round = 0; round < rounds; round++) {
      const own = (count * spikes) / (await sendSpikes(link, batch, count, 3 + round))
      rates.push({ own, bare: (count * spikes) / (await sendBytes(bare, bytes, count)) })
    }
    const name = `${spikes} spikes a batch`
    const value = median(rates.map(({ own }) => own))
    const ratios = rates.map(({ own, bare }) => own / bare)
    const range = [Math.min(...ratios), Math.max(...ratios)] as const
    const against = [{ name: 'bare websocket, the same bytes', value: value / median(ratios), range }]
    yield { name: `link, ${name}: throughput`, value, unit: 'spikes/s', against, counts: { 'bytes a batch': bytes } }
    const own = 1000 * median(await returnToSpikes(link, batch, trips, 3 + rounds))
    const rival = { name: 'bare websocket, the same bytes', value: 1000 * median(await echoBytes(bare, bytes, trips)) }
    yield { name: `link, ${name}: round trip, gradients back`, value: own, unit: 'us', against: [rival] }
  } finally {
    await Promise.all([link.close(), bare.close()])
  }
}

/** What is said for a mini-batch, beside what another version says. */
async function* wireFigures(settings: Settings): AsyncGenerator<Finding> {
  const own = await countWire(here, ENTRY, settings.quick)
  const other = yield* openOther(settings)
  const before = other === null ? null : await countWire(other.build, other.entry, settings.quick)
  for (const [share, what] of Object.entries(SAID) as readonly (readonly [keyof WireCount, string])[])
    for (const [of, unit] of [
      ['frames', 'frames/mini-batch'],
      ['bytes', 'bytes/mini-batch'],
    ] as const) {
      const against = before === null ? [] : [{ name: settings.against.name, value: before[share][of] }]
      yield { name: `Yin-Yang 120 hidden, batch 32, 2 partitions: ${what}`, value: own[share][of], unit, against }
    }
}

function batchOf(trials: number, spikes: number): SpikeBatch {
  const perTrial = spikes / trials
  return {
    stream: 'hidden',
    sequence: 0,
    window: { start: 0, end: 40 },
    offsets: Uint32Array.from({ length: trials + 1 }, (_, trial) => trial * perTrial),
    times: Float64Array.from({ length: spikes }, (_, k) => (40 * (k % perTrial)) / perTrial),
    units: Uint32Array.from({ length: spikes }, (_, k) => (k * 7) % 350),
  }
}

function* trafficFigures(cores: number, cost: TrafficCost, one: TrafficCost): Generator<Figure> {
  const figure = (name: string, value: number, unit: string, rival: string, rivalValue: number): Figure => ({
    ...{ name: `Yin-Yang 120 hidden, batch 32, ${cores} partitions: ${name}`, value, unit },
    against: [{ name: rival, value: rivalValue }],
  })
  if (cores > 1) {
    const double = 'its number as a double'
    yield figure('wire, forward', cost.bytesPerSpike, 'bytes/spike', double, 8)
    yield figure('wire, backward', cost.bytesPerGradientEvent, 'bytes/gradient event', double, 8)
    const least = 'two per pair of partitions'
    yield figure('messages', cost.messagesPerBatch, 'messages/mini-batch', least, cores * (cores - 1))
  }
  yield figure('outside kernels', cost.outside, 'of wall time', 'all of it', 1)
  yield figure('processor time', cost.processorTime, 'us/sample', '1 partition', one.processorTime)
  yield figure('training', cost.samplesPerSecond, 'samples/s', '1 partition', one.samplesPerSecond)
}
