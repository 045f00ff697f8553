import { expect, test } from 'vitest'
import { open } from '../../src/actors/open.js'
import { SPIKE_TIMES_DEFAULTS } from '../../src/data/patterns/spike-times.js'
import { temporalPatternTrains } from '../../src/data/patterns/temporal-pattern-trains.js'
import { TEMPORAL_PATTERNS_DEFAULTS } from '../../src/data/patterns/temporal-patterns.js'
import { timedPatternTrains } from '../../src/data/patterns/timed-patterns.js'
import { createTrainsDataset } from '../../src/data/trains-dataset.js'
import { placeOnCores } from '../../src/hardware/place-on-cores.js'
import { evaluateSplit } from '../../src/learning/evaluate-split.js'
import type { Labels } from '../../src/learning/labels.js'
import { adam } from '../../src/learning/optimizers/adam.js'
import type { Session } from '../../src/learning/session.js'
import { openSurrogate } from '../../src/learning/surrogate/open-surrogate.js'
import type { Task } from '../../src/learning/task.js'
import { train } from '../../src/learning/train.js'
import type { TrainingPoint } from '../../src/learning/training-point.js'
import { defineNetwork } from '../../src/network/description/define-network.js'
import { source } from '../../src/network/description/groups.js'
import { connect, oneToOne } from '../../src/network/description/projections.js'
import { li } from '../../src/network/models/li.js'
import { lif } from '../../src/network/models/lif.js'
import { decodeCheckpoint, encodeCheckpoint } from '../../src/storage/checkpoint/checkpoint-file.js'
import { built } from '../actors/built-cluster.js'
import { trainsOf } from '../learning/trains.js'
import { mistakeOf } from '../network/mistake-of.js'
import { expectSameBits } from '../support/same-bits.js'

const CLASSES = 300
const LEAKY = { tauMem: 10, tauSyn: 5 } as const
const SEEN = [44, 299, 255, 256, 43, 0]

/** Unit k of the input is class k, and drives readout k. */
const NETWORK = defineNetwork({
  groups: { input: source(CLASSES), output: li(CLASSES, LEAKY), spiking: lif(CLASSES, { ...LEAKY, threshold: 0.4 }) },
  projections: [connect('input', 'output', oneToOne(4)), connect('input', 'spiking', oneToOne(4))],
})

const TRAINS = trainsOf(SEEN.map((unit) => [{ time: 1, unit }]))
const TRIALS = { count: SEEN.length, until: 30, inputs: { input: TRAINS }, labels: Uint16Array.from(SEEN) }
const VMAX = { kind: 'vMax', group: 'output' } as const
const FIRST = { kind: 'firstSpike', group: 'spiking', tau0: 0.5, alpha: 0.003, tau1: 6.4 } as const

const dataset = () => createTrainsDataset({ trains: TRAINS, labels: TRIALS.labels, classes: CLASSES, units: CLASSES })
const TASK: Task = {
  ...{ name: 'many', train: dataset(), validation: dataset(), test: dataset(), until: 30, loss: VMAX },
  network: NETWORK,
}

const SESSIONS: Record<string, () => Promise<Session> | Session> = {
  'on one core': () => open(NETWORK),
  'on two cores': () => open(NETWORK, { placement: placeOnCores(NETWORK, 2) }),
  'in two threads': () => built.openCluster(NETWORK, placeOnCores(NETWORK, 2), { transport: 'thread' }),
  'on a grid': () => openSurrogate(NETWORK),
}

test.each(Object.entries(SESSIONS))('300 classes are told apart %s', async (_, opened) => {
  const session = await opened()
  for (const loss of [VMAX, FIRST]) {
    const { predictions, losses } = await session.evaluate(TRIALS, loss)
    expect([...predictions]).toEqual(SEEN)
    // Were a label another one, its loss would be above that of guessing, or none.
    expect(losses.every((each) => each !== null && each < Math.log(CLASSES))).toBe(true)
  }
  const { gradients } = await session.gradient(TRIALS, VMAX, TRIALS.labels)
  const falling = [...(gradients.projections['input->output']?.weights ?? [])].flatMap((g, k) => (g < 0 ? [k] : []))
  expect(falling).toEqual(SEEN.toSorted((a, b) => a - b))
  const points: TrainingPoint[] = []
  const options = { optimizer: adam({ learningRate: 0.01 }), epochs: 1, batch: 4, keepBest: true }
  for await (const epoch of train(session, TASK, { ...options, afterStep: async (now) => void points.push(now()) }))
    expect([epoch.trainAccuracy, epoch.validationAccuracy]).toEqual([1, 1])
  const { accuracy } = await evaluateSplit(session, TASK.test, TASK)
  expect(accuracy).toBe(1)
  // What a training that goes on knows of its epoch is carried by checkpoints.
  const head = { kind: 'training', writer: '', identity: {}, position: {} } as const
  const parts = encodeCheckpoint({ head, body: points.at(-1) })
  const { body } = decodeCheckpoint(Buffer.concat(parts))
  expectSameBits(body, points.at(-1))
  expect((body as TrainingPoint).tally.labels).toBeInstanceOf(Uint16Array)
  expect([...(points.at(-1)?.tally.labels ?? [])].toSorted((a, b) => a - b)).toEqual(SEEN.toSorted((a, b) => a - b))
  await session.close()
})

test.each<{ readonly why: string; readonly labels: Labels; readonly code: string }>([
  { why: 'bytes, which would be other labels', labels: Uint8Array.from(SEEN), code: 'FIELD_TYPE' },
  { why: 'a class too many', labels: Uint16Array.of(...SEEN.slice(1), 300), code: 'LOSS_LABEL_RANGE' },
])('labels of 300 classes cannot be $why', async ({ labels, code }) => {
  await using session = await open(NETWORK)
  await expect(session.evaluate({ ...TRIALS, labels }, VMAX)).rejects.toMatchObject({ code })
  const given = { trains: TRAINS, labels, classes: CLASSES, units: CLASSES }
  const field = code === 'FIELD_TYPE' ? 'labels' : 'labels[5]'
  expect(mistakeOf(() => createTrainsDataset(given))).toMatchObject({ field })
})

test('a data set whose labels are too narrow is not trained on', async () => {
  await using session = await open(NETWORK)
  const narrow = { ...dataset(), labels: Uint8Array.from(SEEN) }
  const options = { optimizer: adam({ learningRate: 0.01 }), epochs: 1 }
  const mistake = mistakeOf(() => train(session, { ...TASK, train: narrow }, options))
  expect(mistake).toMatchObject({ code: 'FIELD_TYPE', field: 'train.labels' })
})

test('generated tasks have labels as wide as they need', () => {
  const temporal = { ...TEMPORAL_PATTERNS_DEFAULTS, classes: 300 }
  expect(Math.max(...temporalPatternTrains(temporal, 'train', 2000).labels)).toBeGreaterThan(290)
  const timed = { ...SPIKE_TIMES_DEFAULTS, patterns: 300 }
  expect(timedPatternTrains(timed, 'train', 600).labels[599]).toBe(299)
  expect(temporalPatternTrains({ ...temporal, classes: 256 }, 'train', 9).labels).toBeInstanceOf(Uint8Array)
})
