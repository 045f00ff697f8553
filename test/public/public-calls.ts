import * as data from '../../src/data/index.js'
import * as hardware from '../../src/hardware/index.js'
import * as antidrome from '../../src/index.js'
import * as storage from '../../src/storage/index.js'
import { architectureText } from '../hardware/sana-fe/architecture-text.js'
import type { PublicCall } from './public-call.js'
import * as fixtures from './public-fixtures.js'

const { NETWORK, TRAINS, TRIALS, LABELLED, LOSS, PLACEMENT, TASK, STEP, IMAGES, FOLDER } = fixtures
const LEAKY = { tauMem: 10, tauSyn: 5, threshold: 1 } as const
const misspelt = (at: number, name: string, meant: string) => ({ at, name, meant })
const closed = { close: (opened: { close(): Promise<void> }) => opened.close() }

/** A group is checked where it becomes a part of a network. */
const inNetwork = {
  after: (group: never) => antidrome.defineNetwork({ groups: { group }, projections: [] }),
}
const asPattern = {
  after: (pattern: never) =>
    antidrome.defineNetwork({
      groups: { input: antidrome.source(2), out: antidrome.lif(2, LEAKY) },
      projections: [antidrome.connect('input', 'out', pattern)],
    }),
}
const asDelay = { after: (delay: never) => connected(antidrome.connect('input', 'out', antidrome.dense(1), { delay })) }
const connected = (connection: ReturnType<typeof antidrome.connect>) =>
  antidrome.defineNetwork({
    groups: { input: antidrome.source(2), out: antidrome.lif(2, LEAKY) },
    projections: [connection as never],
  })
const asLoss = {
  after: async (loss: never) => {
    await using session = await fixtures.opened(NETWORK)
    await session.evaluate(LABELLED, loss)
  },
}
const onOutput = { after: (loss: antidrome.DefinedLoss) => asLoss.after(loss.on('out') as never) }
const asWeights = { after: (weights: never) => asPattern.after(antidrome.dense(weights) as never) }
const asSchedule = {
  after: (schedule: never) => trained({ schedule }),
}
const trained = async (options: object) => {
  await using session = await fixtures.session()
  await antidrome
    .train(session, TASK, { optimizer: antidrome.sgd({ learningRate: 1e-3 }), epochs: 1, ...options })
    [Symbol.asyncIterator]()
    .next()
}

/** Where a training begins. */
const POINT = {
  ...{ epoch: 1, step: 0, best: null },
  tally: {
    ...{ losses: new Float64Array(0), predictions: new Int32Array(0), labels: new Uint8Array(0) },
    ...{ trials: new Uint32Array(0), silentFractions: new Float64Array(0), gradientNorms: new Float64Array(0) },
    grazing: 0,
  },
}

/** Eight samples of two inputs. */
const OWN_TASK = {
  name: 'own',
  dataset: data.createDataset({
    trains: { input: Array.from({ length: 8 }, (_, k) => ({ times: [k, 2 * k], units: [0, 1] })) },
    labels: [0, 1, 0, 1, 0, 1, 0, 1],
  }),
}

/** Eight recordings of two units. */
const TAPS = data.compactRecordings(
  Array.from({ length: 8 }, (_, k) => ({ times: [k, 2 * k], units: [0, 1], label: k % 2, groups: { speaker: k } })),
  { shape: [2] },
)

/** Of the root of the package. */
const ROOT: Readonly<Record<string, PublicCall>> = {
  actor: {
    args: () => [
      2,
      fixtures.RELAY,
      { hold: 1 },
      { whole: true, gradients: 'stop', export: 'createActor', name: 'a.js' },
    ],
    misspelt: misspelt(3, 'hwole', 'whole'),
    ...inNetwork,
  },
  adam: { args: () => [{ learningRate: 0.1, beta1: 0.9, epsilon: 1e-8 }], misspelt: misspelt(0, 'beta3', 'beta1') },
  checkGradient: {
    args: () => [
      {
        ...{ values: Float64Array.of(1), gradient: Float64Array.of(2), step: 1e-3, indices: [0], tolerance: 1e-6 },
        ...{ probe: (values: Float64Array) => ({ value: (values[0] as number) ** 2 }), floor: 1e-3, retries: 2 },
        ...{ levels: 3, noise: 1e-16 },
      },
    ],
    misspelt: misspelt(0, 'tolerence', 'tolerance'),
  },
  connect: {
    args: () => ['input', 'out', antidrome.dense(1), { delay: 1, name: 'one', sign: 'excitatory' }],
    misspelt: misspelt(3, 'dealy', 'delay'),
    after: connected,
  },
  constant: { args: () => [1], ...asWeights },
  constantRate: { args: () => [], ...asSchedule },
  cosineDecay: { args: () => [0.5, 'step'], ...asSchedule },
  decayTo: { args: () => [0.5, 'step'], ...asSchedule },
  defineLoss: {
    args: () => [
      {
        ...{ name: 'mine', observes: 'spikes', labels: 'unit' },
        ...{ evaluate: () => ({ loss: null }), evaluateOnGrid: () => ({ loss: null }) },
      },
    ],
    misspelt: misspelt(0, 'lables', 'labels'),
    ...onOutput,
  },
  defineNetwork: {
    args: () => [{ groups: { a: antidrome.source(1) }, projections: [] }],
    misspelt: misspelt(0, 'projection', 'projections'),
  },
  definePlacement: {
    args: () => [NETWORK, PLACEMENT.cores.map(({ slices }) => slices), { columns: 1 }],
    // A chip has more than its columns.
    misspelt: misspelt(2, 'colums', 'columns'),
  },
  dense: { args: () => [1], ...asPattern },
  easeIn: {
    args: () => [{ factor: 1.1, start: 0.1 }, antidrome.constantRate()],
    misspelt: misspelt(0, 'facter', 'factor'),
    ...asSchedule,
  },
  evaluateSplit: {
    args: async () => [
      await fixtures.session(),
      TASK.test,
      { until: 30, loss: LOSS, batch: 8, draw: 0, firstTrial: 0 },
    ],
    misspelt: misspelt(2, 'bacth', 'batch'),
  },
  exponentialDecay: { args: () => [0.5, 'epoch'], ...asSchedule },
  fanIn: {
    args: () => [{ mean: 1, std: 0.5, rate: 10 }],
    misspelt: misspelt(0, 'sdt', 'std'),
    ...asWeights,
  },
  firingStatistics: { args: () => [TRAINS, 2, 30] },
  firstSpike: {
    args: () => ['out', { tau0: 0.5, alpha: 0.003, tau1: 6.4 }],
    misspelt: misspelt(1, 'tau2', 'tau0'),
    ...asLoss,
  },
  fixedInDegree: {
    args: () => [1, 2, { selfConnections: false, multiple: true }],
    misspelt: misspelt(2, 'multipel', 'multiple'),
    ...asPattern,
  },
  fixedOutDegree: {
    args: () => [1, 2, { selfConnections: false, multiple: true }],
    misspelt: misspelt(2, 'multipel', 'multiple'),
    ...asPattern,
  },
  fixedProbability: {
    args: () => [0.5, 2, { selfConnections: false }],
    misspelt: misspelt(2, 'selfConections', 'selfConnections'),
    ...asPattern,
  },
  drawSettings: {
    args: () => [{ vary: { rate: { uniform: [0, 1] } }, sampler: 'sobol', runs: 4, seed: 1 }],
    misspelt: misspelt(0, 'sampeler', 'sampler'),
  },
  formatNetwork: {
    args: () => [NETWORK, { modules: 'file:///network.json' }],
    misspelt: misspelt(1, 'module', 'modules'),
  },
  inhomogeneousPoisson: {
    args: () => [2, { times: [0, 5], rates: [9, 0], scale: 1 }],
    misspelt: misspelt(1, 'rate', 'rates'),
    ...inNetwork,
  },
  li: { args: () => [2, { tauMem: 10, tauSyn: 5, bias: 0 }], misspelt: misspelt(1, 'baias', 'bias'), ...inNetwork },
  liIntegral: {
    args: () => ['out', { tau: 5, scale: 1, mean: false, smoothing: 0.1, unitsPerClass: 1 }],
    misspelt: misspelt(1, 'scael', 'scale'),
    ...asLoss,
  },
  lif: { args: () => [2, { ...LEAKY, bias: 0 }], misspelt: misspelt(1, 'treshold', 'threshold'), ...inNetwork },
  linear: { args: () => ['out', [1]], ...asLoss },
  lossModule: {
    args: () => [new URL('./modules/loss.js', import.meta.url), { export: 'createLoss', name: 'loss.js', options: {} }],
    misspelt: misspelt(1, 'exports', 'export'),
    ...onOutput,
  },
  mesh: {
    args: () => [{ columns: 1, rows: 1, neuronsPerCore: 99, synapsesPerCore: 99 }],
    misspelt: misspelt(0, 'colums', 'columns'),
  },
  normal: { args: () => [1, 0.1], ...asWeights },
  oneToOne: { args: () => [1], ...asPattern },
  open: {
    args: () => [
      NETWORK,
      {
        seed: 3,
        placement: PLACEMENT,
        kernel: 'simd',
        threads: 1,
        deliver: (work: () => void) => queueMicrotask(work),
      },
    ],
    misspelt: misspelt(1, 'sead', 'seed'),
    ...closed,
  },
  openCluster: {
    // Without options, or another transport, processes would be started.
    args: () => [
      NETWORK,
      PLACEMENT,
      {
        ...{
          transport: 'local',
          seed: 3,
          kernel: 'simd',
          threads: 1,
          microBatch: 8,
          metrics: false,
          trace: false,
          host: 'localhost',
          port: 0,
        },
        ...{ silence: 9000, heartbeat: 900, stall: 9000, startLimit: 9000, restarts: 0, onRestart: () => undefined },
        onNote: () => undefined,
        signal: new AbortController().signal,
      },
    ],
    misspelt: misspelt(2, 'hearbeat', 'heartbeat'),
    ...closed,
  },
  openSurrogate: {
    args: () => [NETWORK, { seed: 3, dt: 1, slope: 5 }],
    misspelt: misspelt(1, 'sloep', 'slope'),
    ...closed,
  },
  parseLoss: { args: () => ['{"kind":"linear","group":"out","coefficients":[1]}', NETWORK, 'loss.json'] },
  operator: {
    args: () => ['file:///router.js', { loss: 0.1 }, { name: 'router.js' }],
    misspelt: misspelt(2, 'nmae', 'name'),
    after: (through: never) => connected(antidrome.connect('input', 'out', antidrome.dense(1), { through: [through] })),
  },
  parseNetwork: {
    args: () => [antidrome.formatNetwork(NETWORK), 'network.json', { modules: 'file:///network.json' }],
    misspelt: misspelt(2, 'module', 'modules'),
  },
  perSource: { args: () => [[1, 2]], ...asDelay },
  perSynapse: { args: () => [1], ...asDelay },
  place: { args: () => [NETWORK, { columns: 1, rows: 1 }], misspelt: misspelt(1, 'colums', 'columns') },
  placeOnCores: { args: () => [NETWORK, 1, 'cores'], free: [2] },
  poisson: {
    args: () => [2, { rate: 9, start: 0, stop: 50 }],
    misspelt: misspelt(1, 'rates', 'rate'),
    ...inNetwork,
  },
  regular: {
    args: () => [2, { period: 9, start: 0, stop: 50 }],
    misspelt: misspelt(1, 'perriod', 'period'),
    ...inNetwork,
  },
  sgd: { args: () => [{ learningRate: 0.1, momentum: 0.5 }], misspelt: misspelt(0, 'momentun', 'momentum') },
  singleCore: { args: () => [NETWORK] },
  source: { args: () => [2], ...inNetwork },
  spikeCount: { args: () => ['out', { tau: 5, smoothing: 0.1 }], misspelt: misspelt(1, 'taw', 'tau'), ...asLoss },
  spikeTrains: { args: () => [[[[1], [4, 5]]]] },
  spikeTimes: {
    args: () => ['out', { targets: TRAINS, tau: 5 }],
    misspelt: misspelt(1, 'target', 'targets'),
    after: async (loss: never) => {
      await using session = await fixtures.opened(NETWORK)
      await session.gradient(TRIALS, loss)
    },
  },
  sweep: {
    args: () => [
      [{ rate: 1 }, { rate: 2 }],
      {
        ...{
          train: async ({ values }: { values: { rate: number } }) => values.rate,
          objective: (rate: number) => rate,
        },
        ...{ better: 'least', seeds: 2, halving: { rungs: [1, 2], keep: 0.5 }, parallel: 2 },
        signal: new AbortController().signal,
      },
    ],
    misspelt: misspelt(1, 'paralel', 'parallel'),
    after: async (steps: AsyncIterable<unknown>) => {
      for await (const _ of steps);
    },
  },
  synapses: { args: () => [[[0, 1, 2]]], ...asPattern },
  totalTraffic: { args: () => [traffic(), ['weights']] },
  trafficBetween: { args: () => [traffic(), traffic()] },
  train: {
    args: async () => [
      await fixtures.session(),
      TASK,
      {
        ...{
          optimizer: antidrome.sgd({ learningRate: 1e-3 }),
          epochs: 1,
          learn: ['weights'],
          loss: TASK.loss,
          batch: 32,
        },
        ...{ seed: 1, schedule: antidrome.constantRate(), rates: { weights: 1e-3 }, bounds: { weights: [-9, 9] } },
        ...{ decay: { weights: 0.1 }, clipNorm: 9, silentLabelHinge: 0, silentHinge: {}, silentWeightStep: {} },
        ...{
          spikeBudget: {},
          dropout: { rates: {} },
          noise: { jitter: 0.1 },
          noiseIn: 'both',
          dropLast: false,
        },
        ...{ patience: 3, keepBest: false, completedEpochs: 0, from: POINT },
        ...{ clock: { wall: () => 0, cpu: () => 0 }, onStep: () => undefined, afterStep: async () => undefined },
        onEpoch: () => undefined,
      },
    ],
    misspelt: misspelt(2, 'epoch', 'epochs'),
    after: (epochs: AsyncIterable<unknown>) => epochs[Symbol.asyncIterator]().next(),
  },
  trainedNetwork: { args: async () => [await fixtures.session(), 0] },
  uniform: { args: () => [0.1, 0.2], ...asWeights },
  untilSpiking: {
    args: () => [
      { network: NETWORK, trials: TRIALS },
      { rate: [0.2, 2], seed: 1, samples: 4 },
    ],
    misspelt: misspelt(1, 'sampels', 'samples'),
  },
  vMax: {
    args: () => ['read', { smoothing: 0.1, unitsPerClass: 1 }],
    misspelt: misspelt(1, 'smoothin', 'smoothing'),
    ...asLoss,
  },
  vanRossum: {
    args: () => ['out', { targets: TRAINS, tau: 5 }],
    misspelt: misspelt(1, 'target', 'targets'),
    ...asLoss,
  },
  warmUp: { args: () => [2, antidrome.constantRate()], ...asSchedule },
}

function traffic(): antidrome.MemoryTraffic {
  const none = { read: 0, written: 0 }
  return { weights: none, gradients: none, state: none, tape: none, spikes: none }
}

/** Of `antidrome/data`. */
const hiddenAsList = { allowed: ['a list as "hidden" of 1.'] }
const LAYERED = {
  ...{ hidden: 5, recurrent: false, readout: 'li', neuron: LEAKY, bias: 0, adaptation: false, learnDelays: false },
  ...{
    adaptive: { adaptStep: 0.1, tauAdapt: 20 },
    weights: { input: { mean: 1, std: 0 } },
    delays: { input: { low: 0, high: 1 } },
  },
}
const PATTERNS = { sizes: { train: 2, validation: 2, test: 2 }, dataSeed: 1, jitter: 0 }
const IDX = { images: idx([1, 2, 2], 4), labels: idx([1], 1) }

function idx(shape: readonly number[], values: number): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * shape.length + values)
  bytes.set([0, 0, 8, shape.length])
  for (const [d, size] of shape.entries()) bytes.set([0, 0, 0, size], 4 + 4 * d)
  return bytes
}

const DATA: Readonly<Record<string, PublicCall>> = {
  adaptPreset: {
    allowed: ['a list as "hidden" of 2.'],
    args: () => [
      data.packagedPreset('yin-yang'),
      { learn: ['weights'], hidden: 5, recurrent: false, epochs: 2, batch: 9 },
    ],
    misspelt: misspelt(1, 'lern', 'learn'),
  },
  balancedNetwork: { args: () => [{ neurons: 20, inDegree: 10 }], misspelt: misspelt(0, 'inDegre', 'inDegree') },
  compactRecordings: {
    args: () => [
      [{ times: [2, 1], units: [0, 1], label: 0, groups: { speaker: 'a' } }],
      { shape: [2], classes: 2, classNames: ['no', 'yes'], files: ['a.bin'] },
    ],
    misspelt: misspelt(1, 'shpae', 'shape'),
    after: (recordings: data.EventRecordings) => recordings.trial(0),
  },
  createRecordingsBuilder: {
    args: () => [{ shape: [2], classes: 2 }],
    misspelt: misspelt(0, 'shpae', 'shape'),
    after: (builder: data.RecordingsBuilder) => {
      builder.add({ times: [2, 1], units: [0, 1], label: 0 })
      builder.finish()
    },
  },
  createLatencyDataset: {
    args: () => [IMAGES, { classes: 10, shift: 0, inputSpan: 20, pixelThreshold: 1 }],
    misspelt: misspelt(1, 'inputSpam', 'inputSpan'),
    after: (dataset: antidrome.Dataset) => dataset.encode(Uint32Array.of(0)),
  },
  createLatencyEncoder: {
    args: () => [IMAGES, { inputSpan: 20, pixelThreshold: 1 }],
    misspelt: misspelt(1, 'inputSpam', 'inputSpan'),
  },
  createMt19937: { args: () => [3] },
  createDataset: {
    args: () => [
      { trains: { input: [{ times: [1, 2], units: [0, 1] }] }, labels: [0], classes: 2, units: { input: 2 } },
    ],
    misspelt: misspelt(0, 'lables', 'labels'),
    after: (dataset: antidrome.Dataset) => dataset.encode(Uint32Array.of(0)),
  },
  createTask: {
    args: () => [{ ...OWN_TASK, until: 40, seed: 1, hidden: 4, learnDelays: true, rate: [0.1, 4] }],
    misspelt: misspelt(0, 'untill', 'until'),
    // A data set is anything that encodes its samples; layers may be several.
    allowed: [
      ...['string', 'bigint', 'boolean'].map((type) => `a ${type} as "emptyTrials" as "dataset" of 1.`),
      ...['emptyTrials', 'digest'].map((name) => `a list as "${name}" as "dataset" of 1.`),
      'a list as "hidden" of 1.',
    ],
    after: (task: antidrome.Task) => task.network,
  },
  eventNotes: {
    args: () => [TAPS, { split: { validation: 0.25, test: 0.25, seed: 1 }, pool: 1 }],
    misspelt: misspelt(1, 'poll', 'pool'),
  },
  eventTask: {
    args: () => [
      TAPS,
      {
        ...{ split: { validation: 0.25, test: 0.25, seed: 1 }, pool: 1, deadTime: 1, until: 40, rate: [0.1, 4] },
        ...{ augment: { blend: 0.5, shift: 1, drop: 0.1, tempo: 0.1, jitter: 1 }, hidden: 4, learnDelays: true },
      },
    ],
    misspelt: misspelt(1, 'poll', 'pool'),
    // Layers may be several.
    allowed: ['a list as "hidden" of 2.'],
    after: (task: antidrome.Task) => task.network,
  },
  createTrainsDataset: {
    args: () => [{ trains: TRAINS, labels: Uint8Array.of(0), classes: 2, units: 2 }],
    misspelt: misspelt(0, 'clases', 'classes'),
    after: (dataset: antidrome.Dataset) => dataset.encode(Uint32Array.of(0)),
  },
  createYinYangDataset: {
    args: () => [data.yinYangPoints({ seed: 1, size: 3 }), { inputSpan: 20, biasSpike: true }],
    misspelt: misspelt(1, 'biasSpik', 'biasSpike'),
    after: (dataset: antidrome.Dataset) => dataset.encode(Uint32Array.of(0)),
  },
  fashionMnist: {
    args: () => [
      { train: IMAGES, test: IMAGES },
      { shift: 1, pixelThreshold: 3, until: 20 },
    ],
    misspelt: misspelt(1, 'shfit', 'shift'),
  },
  imageNetwork: {
    ...hiddenAsList,
    args: () => [{ ...LAYERED, inputSpan: 20 }],
    misspelt: misspelt(0, 'hiden', 'hidden'),
  },
  insideYinYang: { args: () => [0.1, 0.2] },
  layeredNetwork: {
    args: () => [
      { inputs: 2, outputs: 2 },
      { ...data.YIN_YANG_DEFAULTS, loss: undefined, hidden: 3, learnDelays: false },
    ],
    misspelt: misspelt(0, 'input', 'inputs'),
  },
  mnist: {
    args: () => [
      { train: IMAGES, test: IMAGES },
      { shift: 1, pixelThreshold: 3, until: 20 },
    ],
    misspelt: misspelt(1, 'shfit', 'shift'),
  },
  packagedPreset: { args: () => ['yin-yang'] },
  packagedPresetNames: { args: () => [] },
  parseIdx: { args: () => [IDX.images, 3, 'images'] },
  parseInput: { args: () => ['{"input":{"times":[1],"units":[0]}}', NETWORK, 'input.json'] },
  parseLabelledImages: {
    args: () => [{ bytes: IDX.images, file: 'images' }, { bytes: IDX.labels, file: 'labels' }, 10],
    misspelt: misspelt(0, 'byte', 'bytes'),
  },
  parsePreset: { args: () => ['{}', 'preset.json'] },
  splitDataset: {
    args: () => [OWN_TASK.dataset, { shares: { train: 0.5, validation: 0.25, test: 0.25 }, seed: 3 }],
    misspelt: misspelt(1, 'sead', 'seed'),
    after: ({ train }: antidrome.Task) => train.encode(Uint32Array.of(0)),
  },
  spikeTimes: {
    ...hiddenAsList,
    args: () => [{ ...LAYERED, ...PATTERNS, readout: 'lif', patterns: 2, inputs: 2, outputs: 2, until: 50 }],
    misspelt: misspelt(0, 'paterns', 'patterns'),
  },
  spikeTimesNetwork: {
    ...hiddenAsList,
    args: () => [{ inputs: 2, outputs: 2, hidden: 3 }],
    misspelt: misspelt(0, 'ouputs', 'outputs'),
  },
  temporalPatternTrains: {
    args: () => [
      { channels: 2, classes: 2, patternSpan: 5, startSpan: 5, jitter: 1, deletion: 0, addition: 0, dataSeed: 1 },
      'train',
      3,
    ],
    misspelt: misspelt(0, 'chanels', 'channels'),
  },
  temporalPatterns: {
    ...hiddenAsList,
    args: () => [{ ...LAYERED, ...PATTERNS, channels: 2, classes: 2, until: 50 }],
    misspelt: misspelt(0, 'chanels', 'channels'),
  },
  temporalPatternsNetwork: { args: () => [{ channels: 2, classes: 2 }], misspelt: misspelt(0, 'clases', 'classes') },
  timedPatternTargets: { args: () => [timed()], misspelt: misspelt(0, 'patterms', 'patterns') },
  timedPatternTrains: { args: () => [timed(), 'train', 3], misspelt: misspelt(0, 'patterms', 'patterns') },
  yinYang: {
    ...hiddenAsList,
    args: () => [{ hidden: 3, biasSpike: true, inputSpan: 20, until: 50 }],
    misspelt: misspelt(0, 'hiden', 'hidden'),
  },
  yinYangClass: { args: () => [0.1, 0.2] },
  yinYangInputSize: {
    args: () => [{ inputSpan: 20, biasSpike: true }],
    misspelt: misspelt(0, 'biasSpik', 'biasSpike'),
  },
  yinYangNetwork: { ...hiddenAsList, args: () => [{ hidden: 3 }], misspelt: misspelt(0, 'hiden', 'hidden') },
  yinYangPoints: { args: () => [{ seed: 1, size: 2 }], misspelt: misspelt(0, 'sead', 'seed') },
  yinYangPreset: { args: () => [['weights']] },
}

function timed() {
  return {
    ...{ patterns: 2, inputs: 2, outputs: 2, inputSpan: 20, targetWindow: { from: 1, to: 2 }, jitter: 0 },
    dataSeed: 1,
  }
}

const FILES: Readonly<Record<string, PublicCall>> = {
  readEvents: {
    args: () => [fixtures.TAPS_FILE, { format: 'csv', onProgress: () => undefined }],
    misspelt: misspelt(1, 'formt', 'format'),
  },
  readEventTask: {
    args: () => [fixtures.TAPS_FILE, { format: 'csv', pool: 1, hidden: 2 }, { onProgress: () => undefined }],
    misspelt: misspelt(1, 'poll', 'pool'),
    allowed: ['a list as "hidden" of 2.'],
  },
  readCsv: {
    args: () => [`${FOLDER}/taps.csv`, { timeUnit: 'ms', shape: [2], classes: 2 }],
    misspelt: misspelt(1, 'timeUint', 'timeUnit'),
  },
  readAedat4: { args: () => [FOLDER, { size: [34, 34] }], misspelt: misspelt(1, 'siz', 'size') },
  readDat: { args: () => [FOLDER, { size: [34, 34] }], misspelt: misspelt(1, 'siz', 'size') },
  readDvsGesture: {
    args: () => [FOLDER, { onProgress: () => undefined }],
    misspelt: misspelt(1, 'onProgres', 'onProgress'),
  },
  readEvt: { args: () => [FOLDER, { size: [34, 34] }], misspelt: misspelt(1, 'siz', 'size') },
  readFashionMnist: { args: () => [FOLDER, { shift: 1 }], misspelt: misspelt(1, 'shft', 'shift') },
  readImages: {
    args: () => [FOLDER, { classes: 10, remedy: 'Get them.' }],
    misspelt: misspelt(1, 'clases', 'classes'),
  },
  readMnist: { args: () => [FOLDER, { shift: 1, inputSpan: 9 }], misspelt: misspelt(1, 'shft', 'shift') },
  readNpz: {
    args: () => [`${FOLDER}/taps.npz`, { timeUnit: 'ms', shape: [2], classes: 2 }],
    misspelt: misspelt(1, 'timeUint', 'timeUnit'),
  },
  readShd: {
    args: () => [`${FOLDER}/one.h5`, { channels: 700, memory: 1 }],
    misspelt: misspelt(1, 'channel', 'channels'),
  },
  readSsc: {
    args: () => [[`${FOLDER}/one.h5`], { channels: 700, memory: 1 }],
    misspelt: misspelt(1, 'memry', 'memory'),
  },
  readNmnist: { args: () => [FOLDER, { size: [34, 34] }], misspelt: misspelt(1, 'siz', 'size') },
}

const onBrainScaleS2 = () =>
  hardware.placeOnChip(NETWORK, hardware.chipProfile('brainscales2'), { seed: 1, effort: 'none' })
const onLoihi = () => hardware.placeOnChip(NETWORK, hardware.chipProfile('loihi'), { seed: 1, effort: 'none' })

const onSilicon = () => ({ ...onLoihi(), profile: 'loihi-silicon' })
const RASTER = { input: TRAINS, out: TRAINS }
const tally = () => hardware.tallyOf(RASTER, NETWORK, { tickMs: 1, until: 30 })

const HARDWARE: Readonly<Record<string, PublicCall>> = {
  brainScaleS2Noise: {
    args: () => [{ seed: 1, tauSyn: 5, thresholdMismatch: 0.05 }],
    misspelt: misspelt(0, 'tauSym', 'tauSyn'),
  },
  checkChipPlacement: { args: () => [NETWORK, hardware.chipProfile('loihi'), onLoihi()] },
  checkPlacement: { args: () => [NETWORK, PLACEMENT] },
  chipCongestion: {
    args: () => [RASTER, NETWORK, onLoihi(), hardware.chipProfile('loihi'), { window: 1, until: 30, seed: 0 }],
    misspelt: misspelt(4, 'windwo', 'window'),
  },
  chipCounts: {
    args: () => [NETWORK, onLoihi(), hardware.chipProfile('loihi'), tally(), { seed: 0, loss: ['out'] }],
    misspelt: misspelt(4, 'sed', 'seed'),
    records: [3],
  },
  chipPlacementHash: { args: () => [onLoihi()] },
  chipProfile: { args: () => ['loihi'] },
  chipProfileNames: { args: () => [] },
  chipLatencies: { args: () => [NETWORK, onBrainScaleS2(), hardware.chipProfile('brainscales2')] },
  chipFormats: { args: () => [NETWORK, hardware.chipProfile('loihi')], misspelt: misspelt(1, 'enrgy', 'energy') },
  chipNoise: {
    args: () => [NETWORK, hardware.chipProfile('brainscales2'), { jitter: 0.05 }],
    misspelt: misspelt(2, 'jiter', 'jitter'),
    records: [1],
  },
  chipReport: {
    args: () => [
      hardware.chipCounts(NETWORK, onLoihi(), hardware.chipProfile('loihi'), tally()),
      hardware.chipProfile('loihi'),
    ],
    misspelt: misspelt(0, 'stpes', 'steps'),
  },
  chipTiming: {
    args: () => [RASTER, NETWORK, onSilicon(), hardware.chipProfile('loihi-silicon'), { until: 30, seed: 0 }],
    misspelt: misspelt(4, 'untill', 'until'),
  },
  coresFor: { args: () => [NETWORK, 1, 'cores'], free: [2] },
  defineChipPlacement: { args: () => [NETWORK, hardware.chipProfile('loihi'), onLoihi().cores] },
  defineChipProfile: { args: () => [hardware.chipProfile('loihi')], misspelt: misspelt(0, 'enrgy', 'energy') },
  definePlacement: ROOT.definePlacement as PublicCall,
  executionPlacement: {
    args: () => [NETWORK, onBrainScaleS2(), { latency: hardware.chipProfile('brainscales2') }],
    misspelt: misspelt(2, 'latncy', 'latency'),
  },
  exportChipPlacement: { args: () => [NETWORK, hardware.chipProfile('loihi'), onLoihi(), 'csv'] },
  fitChip: {
    args: () => [NETWORK, hardware.chipProfile('loihi'), { seed: 1 }],
    misspelt: misspelt(2, 'sed', 'seed'),
  },
  formatChipPlacement: { args: () => [NETWORK, hardware.chipProfile('loihi'), onLoihi()] },
  formatChipProfile: {
    args: () => [hardware.chipProfile('loihi')],
    misspelt: misspelt(0, 'enrgy', 'energy'),
  },
  mesh: ROOT.mesh as PublicCall,
  meshProfile: {
    args: () => [{ columns: 1, rows: 1, neuronsPerCore: 64 }],
    misspelt: misspelt(0, 'colums', 'columns'),
  },
  parseChip: { args: () => ['{"columns":1,"rows":1}', 'chip.json'] },
  parseChipPlacement: {
    args: () => {
      const profile = hardware.chipProfile('loihi')
      return [hardware.formatChipPlacement(NETWORK, profile, onLoihi()), NETWORK, profile, 'placement.json']
    },
  },
  parseChipProfile: { args: () => ['{"columns":1,"rows":1}', 'chip.json'] },
  parseSanaFeArchitecture: { args: () => [architectureText(), 'arch.yaml'] },
  place: ROOT.place as PublicCall,
  placeOnChip: {
    args: () => [
      NETWORK,
      hardware.chipProfile('loihi'),
      { seed: 1, spikes: {}, neuronsPerCore: 64, cut: 'any', effort: 'quick' },
    ],
    misspelt: misspelt(2, 'efort', 'effort'),
  },
  placeOnCores: ROOT.placeOnCores as PublicCall,
  placementHash: { args: () => [PLACEMENT] },
  singleCore: ROOT.singleCore as PublicCall,
  tallyOf: {
    args: () => [RASTER, NETWORK, { tickMs: 1, until: 30, seed: 0, time: 'stepped' }],
    misspelt: misspelt(2, 'utnil', 'until'),
  },
  withChips: {
    args: () => [hardware.chipProfile('loihi'), { columns: 2, rows: 1 }],
    misspelt: misspelt(1, 'row', 'rows'),
  },
}

const STORAGE: Readonly<Record<string, PublicCall>> = {
  continueRecording: {
    args: async () => [await fixtures.recorded(), fixtures.DESCRIPTION, 30],
    misspelt: misspelt(1, 'group', 'groups'),
    ...closed,
  },
  curvesPicture: {
    args: () => [
      { title: 'T', subtitle: 'S', epochs: [{ epoch: 1, loss: 1, trainAccuracy: 0, validationAccuracy: 0 }] },
    ],
    misspelt: misspelt(0, 'subtitel', 'subtitle'),
  },
  decisionMapPicture: {
    args: () => [
      {
        ...{ title: 'T', subtitle: 'S', resolution: 2, classOf: [0, 1, 2, 0], inside: () => true },
        points: [{ x: 0.5, y: 0.5, label: 1 }],
      },
    ],
    misspelt: misspelt(0, 'resolutoin', 'resolution'),
  },
  formatJson: { args: () => [{ a: 1 }], free: [0] },
  openRecording: { args: async () => [await fixtures.recorded()], ...closed },
  openRun: {
    args: () => ['name', fixtures.newFolder(), { overwrite: true, resume: false, record: undefined }],
    // Any other name is a folder of its own.
    free: [1],
    misspelt: misspelt(2, 'overwirte', 'overwrite'),
    ...closed,
  },
  rasterPicture: {
    args: () => [
      {
        ...{ title: 'T', subtitle: 'S', until: 30, groups: [{ name: 'out', size: 2, times: [1], units: [0] }] },
        voltages: [{ name: 'readout', size: 1, times: [0, 1], values: [0, 0.5] }],
      },
    ],
    misspelt: misspelt(0, 'utnil', 'until'),
  },
  loadNetwork: { args: () => [FOLDER, { allowModules: true }], misspelt: misspelt(1, 'allowModule', 'allowModules') },
  readTextFile: { args: () => [FOLDER] },
  recordingFigures: {
    args: async () => [await fixtures.openedRecording(), { start: 0, end: 30 }],
    misspelt: misspelt(1, 'strat', 'start'),
  },
  recordingPicture: {
    args: async () => {
      await using recording = await storage.openRecording(await fixtures.recorded())
      return [{ title: 'T', figures: await storage.recordingFigures(recording, { start: 0, end: 30 }) }]
    },
    misspelt: misspelt(0, 'titel', 'title'),
  },
  runDigest: { args: async () => [await fixtures.session(), TASK, ['weights']] },
  startRecording: {
    args: () => [fixtures.newFolder(), fixtures.DESCRIPTION, { overwrite: true }],
    misspelt: misspelt(2, 'overwirte', 'overwrite'),
    ...closed,
  },
  saveNetwork: { args: () => [fixtures.newFolder(), NETWORK] },
  writeAtomically: { args: () => [fixtures.newFolder(), 'text'], allowed: ['a list of 2.'] },
}

const sampled = {}
const TESTING: Readonly<Record<string, PublicCall>> = {
  actorSuite: {
    args: () => [
      fixtures.RELAY,
      { options: {}, size: 2, whole: false, until: 9, spikes: 1, weights: [0.1, 1], cases: 1, seed: 1 },
    ],
    misspelt: misspelt(1, 'untill', 'until'),
  },
  operatorSuite: {
    args: () => [new URL('../operators/modules/router.mjs', import.meta.url), { loss: 0.1 }, { spikes: 20, seed: 1 }],
    misspelt: misspelt(2, 'spike', 'spikes'),
    // Of the module.
    free: [1],
  },
  arbitraryEmission: { args: () => [2], ...sampled },
  arbitraryLi: { args: () => [2] },
  arbitraryLif: { args: () => [2] },
  arbitraryNetwork: {
    args: () => [{ layers: [1, 2], neurons: 3, recurrence: 'never', readout: 'none', input: 'given' }],
    misspelt: misspelt(0, 'neuron', 'neurons'),
  },
  arbitraryTrials: {
    args: () => [NETWORK, { count: [1, 2], spikes: [1, 2], window: 20, until: 60, grid: 0 }],
    misspelt: misspelt(1, 'windwo', 'window'),
  },
  compareGradient: { args: () => [comparison()], misspelt: misspelt(0, 'kind', 'kinds') },
  eventSequence: {
    args: async () => [NETWORK, TRIALS, await recordingOfTrials(), { seed: 0 }],
    misspelt: misspelt(3, 'sede', 'seed'),
  },
  gradientMatchesQuotients: { args: () => [comparison()], misspelt: misspelt(0, 'kind', 'kinds') },
  neuronEvents: {
    args: async () => [NETWORK, TRIALS, await recordingOfTrials(), { seed: 0 }],
    misspelt: misspelt(3, 'sede', 'seed'),
  },
  recordingsAreEqual: { args: async () => [await recordingOfTrials(), await recordingOfTrials()] },
  spikesAreOrdered: { args: async () => [await recordingOfTrials(), 30] },
  spikesHaveCauses: {
    args: async () => [NETWORK, TRIALS, await recordingOfTrials(), { seed: 0 }],
    misspelt: misspelt(3, 'sede', 'seed'),
  },
}

async function recordingOfTrials() {
  await using session = await fixtures.opened(NETWORK)
  return session.simulate(TRIALS)
}

function comparison() {
  return {
    ...{ open: fixtures.opened, network: NETWORK, seed: 0, trials: TRIALS },
    ...{ loss: LOSS, labels: Uint8Array.of(1), kinds: ['bias'], step: 2 ** -10, tolerance: 1e-6, floor: 1e-3 },
  }
}

/** Of `antidrome/numerics`. */
const NUMERICS: Readonly<Record<string, PublicCall>> = {
  cosPi: { args: () => [0.25] },
  exp: { args: () => [1] },
  expm1: { args: () => [1] },
  log: { args: () => [2] },
  log1p: { args: () => [1] },
  normalQuantile: { args: () => [0.25] },
}

/** Every function of each entry of the package. */
export const PUBLIC_CALLS = {
  index: ROOT,
  data: DATA,
  'data/files': FILES,
  hardware: HARDWARE,
  storage: STORAGE,
  testing: TESTING,
  numerics: NUMERICS,
}

const NOISE = { seed: 1, jitter: 0.1 }

export const TRAINING_STEP: PublicCall = {
  args: () => [LABELLED, STEP],
  records: [0],
  misspelt: misspelt(1, 'clipNrom', 'clipNorm'),
}

/** The methods of a session that take arguments. */
export const SESSION_CALLS: Readonly<Record<string, PublicCall>> = {
  simulate: {
    args: () => [TRIALS, { record: ['out'], noise: NOISE, draw: 1, firstTrial: 0, dropout: { seed: 1, rates: {} } }],
    records: [0],
    misspelt: misspelt(1, 'recrod', 'record'),
  },
  evaluate: {
    args: () => [LABELLED, LOSS, { noise: NOISE, draw: 1, firstTrial: 0 }],
    records: [0],
    misspelt: misspelt(2, 'nosie', 'noise'),
  },
  gradient: {
    args: () => [TRIALS, LOSS, LABELLED.labels, { noise: NOISE, draw: 1 }],
    records: [0],
    misspelt: misspelt(3, 'drwa', 'draw'),
  },
  train: TRAINING_STEP,
  trainAhead: TRAINING_STEP,
  stream: {
    args: () => [{ until: 30, inputs: { input: TRAINS }, record: ['out'], segment: 10, from: undefined }],
    misspelt: misspelt(0, 'utnil', 'until'),
    // A stream without an end would not end.
    after: async (stream: antidrome.SpikeStream) => {
      for await (const _ of stream) break
    },
  },
  spikes$: { args: () => ['out', { overflow: 'wait', buffer: 1 }], misspelt: misspelt(1, 'bufer', 'buffer') },
  gradients$: {
    args: () => ['input->out', { overflow: 'drop', buffer: 1 }],
    misspelt: misspelt(1, 'overflw', 'overflow'),
  },
  voltages: { args: () => ['out', { units: [0], every: 0.5, buffer: 1 }], misspelt: misspelt(1, 'unit', 'units') },
  restore: { args: async () => [await stateOf()], misspelt: misspelt(0, 'parameter', 'parameters') },
  setParameters: {
    args: async () => [(await stateOf()).parameters],
    misspelt: misspelt(0, 'group', 'groups'),
  },
}

async function stateOf(): Promise<antidrome.SessionState> {
  await using session = await fixtures.opened(NETWORK)
  return session.save()
}
