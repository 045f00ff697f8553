// What a user's project does with every public entry; checked and run against the packed package, as strictly as the
// compiler can.
import {
  adam,
  connect,
  type DelayChoice,
  defineNetwork,
  dense,
  type Epoch,
  firstSpike,
  type LifParameters,
  lif,
  type Network,
  type NetworkDescription,
  open,
  openCluster,
  perSource,
  type SpikeBatch,
  source,
  type Trials,
  train,
} from 'antidrome'
import { type LabelledTrains, packagedPresetNames, type SplitSizes, yinYang } from 'antidrome/data'
import { MNIST_FILES, readImages } from 'antidrome/data/files'
import { mesh, place } from 'antidrome/hardware'
import { formatJson, type RasterGroup, rasterPicture } from 'antidrome/storage'
import { arbitraryNetwork, eventSequence, type NeuronCourse, neuronEvents, spikesHaveCauses } from 'antidrome/testing'

const neurons: LifParameters = { tauMem: 20, tauSyn: 5, threshold: 1 }
const delay: DelayChoice = perSource([1, 2])
const description = {
  groups: { input: source(2), output: lif(64, neurons) },
  projections: [connect('input', 'output', dense(4), { delay })],
} satisfies NetworkDescription<{ input: ReturnType<typeof source>; output: ReturnType<typeof lif> }>
const network: Network = defineNetwork(description)
const input = { offsets: Uint32Array.of(0, 2), times: Float64Array.of(1, 4), units: Uint32Array.of(0, 1) }
const trials: Trials = { count: 1, until: 30, inputs: { input } }
const sizes: SplitSizes = { train: 4, validation: 2, test: 2 }
const none: LabelledTrains | null = null

const session = await open(network, { seed: 1 })
const recording = await session.simulate(trials)
spikesHaveCauses(network, trials, recording, { seed: 1 })
const courses: readonly NeuronCourse[] = neuronEvents(network, trials, recording)
const batches: SpikeBatch[] = []
await new Promise<void>((resolve) => {
  const stream = session.stream({ until: 30, inputs: { input } })
  stream.spikes$.subscribe({ next: (batch) => batches.push(batch), complete: resolve })
})
const { losses } = await session.gradient(trials, firstSpike('output'), Uint8Array.of(0))
await session.close()

// Workers start from the package, too.
const cluster = await openCluster(network, place(network, mesh({ columns: 2, rows: 1 })), {
  seed: 1,
  transport: 'thread',
})
const same =
  eventSequence(network, trials, await cluster.simulate(trials)) === eventSequence(network, trials, recording)
await cluster.close()

const task = yinYang()
const small = { ...task, train: { ...task.train, size: 8, labels: task.train.labels.subarray(0, 8) } }
const learner = await open(task.network, { seed: 2 })
const epochs: Epoch[] = []
const validation = { ...task.validation, size: 4, labels: task.validation.labels.subarray(0, 4) }
const options = { optimizer: adam({ learningRate: 0.01 }), learn: ['weights'], epochs: 1, batch: 8 } as const
for await (const epoch of train(learner, { ...small, validation }, options)) epochs.push(epoch)
await learner.close()

const group: RasterGroup = {
  name: 'output',
  size: 64,
  times: recording.spikes.output?.times ?? [],
  units: recording.spikes.output?.units ?? [],
}
const picture = rasterPicture({ title: 'spikes', until: 30, groups: [group] })
const missing = await readImages('no-such-folder', MNIST_FILES).catch(({ code }: { code: string }) => code)

console.log(
  formatJson({
    spikes: recording.spikes.output?.times.length ?? 0,
    events: courses.length,
    streamed: batches.reduce((sum, { times }) => sum + times.length, 0),
    losses: losses.length,
    same,
    epochs: epochs.length,
    presets: packagedPresetNames().length > 0,
    picture: picture.startsWith('<svg'),
    missing,
    sizes,
    none,
    arbitrary: typeof arbitraryNetwork({ layers: [1, 1] }).generate,
  }),
)
