import { readFileSync } from 'node:fs'
import { yinYang, yinYangPreset } from '../dist/data/index.js'
import { placeOnCores } from '../dist/hardware/index.js'
import { type ClusterSession, openCluster, type StepOptions, type Task } from '../dist/index.js'
import type { Figure } from './figure.js'

const CORES = [1, 2, 4]
const LEARN = ['weights', 'delays', 'thresholds'] as const
const BATCH = 32
/** Steps before the first one that counts: the compiler warms up. */
const WARM_UP = 150
const STEPS = 300

/** What one core's trained mini-batch costs on the wire and outside its kernels. */
interface Measured {
  readonly cores: number
  readonly bytesPerSpike: number
  readonly bytesPerGradientEvent: number
  readonly messagesPerBatch: number
  /** Share of the partitions' wall time that they do not spend in kernels and optimisers, waiting included. */
  readonly outside: number
  /** Of all processes. */
  readonly processorSecondsPerSample: number
  readonly samplesPerSecond: number
}

/** Yin-Yang over websockets on 1, 2 and 4 partitions, each a process. */
export async function linkBenchmarks(): Promise<readonly Figure[]> {
  const all: Measured[] = []
  for (const cores of CORES) all.push(await measure(cores))
  const [one] = all
  return all.flatMap(({ cores, ...each }): readonly Figure[] => {
    const name = (what: string) => `Yin-Yang 120 hidden, batch 32, ${cores} partitions over websockets: ${what}`
    const perBatch: readonly Figure[] = [
      { ...of(name('bytes per spike'), each.bytesPerSpike, 'bytes'), rival: 'its time as a double', rivalValue: 8 },
      {
        ...of(name('bytes per gradient event'), each.bytesPerGradientEvent, 'bytes'),
        rival: 'its value as a double',
        rivalValue: 8,
      },
      {
        ...of(name('messages per mini-batch between partitions'), each.messagesPerBatch, 'messages'),
        rival: 'two per pair of partitions',
        rivalValue: cores * (cores - 1),
      },
    ]
    return [
      ...(cores === 1 ? [] : perBatch),
      { ...of(name('outside kernels'), each.outside, 'of wall time'), rival: 'all of it', rivalValue: 1 },
      {
        ...of(name('processor time'), 1e6 * each.processorSecondsPerSample, 'us/sample'),
        rival: '1 partition',
        rivalValue: 1e6 * (one?.processorSecondsPerSample ?? Number.NaN),
      },
      {
        ...of(name('training'), each.samplesPerSecond, 'samples/s'),
        rival: '1 partition',
        rivalValue: one?.samplesPerSecond ?? Number.NaN,
      },
    ]
  })
}

const of = (benchmark: string, value: number, unit: string) => ({ benchmark, value, unit })

async function measure(cores: number): Promise<Measured> {
  const task = yinYang(yinYangPreset([...LEARN]).task)
  const session = await openCluster(task.network, placeOnCores(task.network, cores), { seed: 1 })
  await trainSteps(session, task, WARM_UP)
  const before = await standOf(session)
  const started = performance.now()
  await trainSteps(session, task, STEPS)
  const seconds = (performance.now() - started) / 1000
  const after = await standOf(session)
  await session.close()
  const grown = (of: keyof typeof after) => after[of] - before[of]
  return {
    cores,
    bytesPerSpike: grown('forwardBytes') / grown('spikes'),
    bytesPerGradientEvent: grown('backwardBytes') / grown('gradientEvents'),
    messagesPerBatch: grown('messages') / STEPS,
    outside: 1 - grown('kernelSeconds') / (cores * seconds),
    processorSecondsPerSample: grown('processorSeconds') / (STEPS * BATCH),
    samplesPerSecond: (STEPS * BATCH) / seconds,
  }
}

async function trainSteps(session: ClusterSession, { train, loss, until }: Task, steps: number): Promise<void> {
  const step: StepOptions = {
    loss,
    optimizer: { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
    rates: { weights: 0.005, delays: 0.1, thresholds: 0.001 },
    bounds: { delays: [0, 20], thresholds: [0.5, Infinity] },
    clipNorm: Infinity,
    silentLabelHinge: 1,
    silentHinge: {},
    silentWeightStep: {},
  }
  for (let k = 0; k < steps; k++) {
    const samples = Uint32Array.from({ length: BATCH }, (_, sample) => (k * BATCH + sample) % train.size)
    const labels = Uint8Array.from(samples, (sample) => train.labels[sample] as number)
    await session.train({ count: BATCH, until, inputs: train.encode(samples), labels }, step)
  }
}

/** Sums over all links and processes so far. Layers run one way, so that a link's direction carries spikes or gradients. */
async function standOf(session: ClusterSession) {
  const traffic = await session.traffic()
  const total = (of: (sent: (typeof traffic)[number]['sent']) => number) =>
    traffic.reduce((sum, { sent }) => sum + of(sent), 0)
  const kernelSeconds = (await session.kernelSeconds()).reduce((sum, seconds) => sum + seconds, 0)
  return {
    spikes: total(({ spikes }) => spikes),
    gradientEvents: total(({ gradientEvents }) => gradientEvents),
    forwardBytes: total(({ spikes, bytes }) => (spikes > 0 ? bytes : 0)),
    backwardBytes: total(({ gradientEvents, bytes }) => (gradientEvents > 0 ? bytes : 0)),
    messages: total(({ messages }) => messages),
    kernelSeconds,
    processorSeconds: session.workers.reduce((sum, { id }) => sum + processorSecondsOf(id), ownSeconds()),
  }
}

function ownSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

/** Linux counts in hundredths of a second. */
function processorSecondsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
    .replace(/^.*\) /s, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}
