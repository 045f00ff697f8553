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
  spikeTrains,
  type Trials,
  train,
  vMax,
} from 'antidrome'
import { type LabelledTrains, packagedPresetNames, type SplitSizes, yinYang } from 'antidrome/data'
import { MNIST_FILES, readImages } from 'antidrome/data/files'
import { mesh, place } from 'antidrome/hardware'
import { exp } from 'antidrome/numerics'
import { formatJson, type RasterGroup, rasterPicture } from 'antidrome/storage'
import { arbitraryNetwork, eventSequence, type NeuronCourse, neuronEvents, spikesHaveCauses } from 'antidrome/testing'
import { map } from 'rxjs'

const neurons: LifParameters = { tauMem: 20, tauSyn: 5, threshold: 1 }
const delay: DelayChoice = perSource([1, 2])
const description = {
  groups: { input: source(2), output: lif(64, neurons) },
  projections: [connect('input', 'output', dense(4), { delay })],
} satisfies NetworkDescription<{ input: ReturnType<typeof source>; output: ReturnType<typeof lif> }>
const network: Network = defineNetwork(description)
const input = spikeTrains([[[1], [4]]])
const trials: Trials = { count: 1, until: 30, inputs: { input } }
const sizes: SplitSizes = { train: 4, validation: 2, test: 2 }
const none: LabelledTrains | null = null

const session = await open(network, { seed: 1 })
let watched = 0
session
  .spikes$('output')
  .pipe(map(({ times }) => times.length))
  .subscribe((count) => {
    watched = count
  })
const recording = await session.simulate(trials)
const watchedAll = watched === recording.spikes.output?.times.length
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

/** Never called: names of groups are checked where the type of the network tells them. */
export async function misspelt(name: string): Promise<void> {
  const typed = defineNetwork(description)
  const opened = [await open(typed), await openCluster(typed, place(typed, mesh({ columns: 2, rows: 1 })))]
  for (const each of opened) {
    each.spikes$('output')
    each.spikes$(name)
    // @ts-expect-error no group has this name
    each.spikes$('outptu')
    // @ts-expect-error no group has this name
    each.voltages('outptu', { every: 1 })
    // @ts-expect-error no group has this name
    await each.simulate(trials, { record: ['outptu'] })
    await each.gradient(trials, vMax('output'))
    await each.gradient(trials, vMax(name))
    // @ts-expect-error no group has this name
    await each.gradient(trials, vMax('outptu'))
    // @ts-expect-error no group has this name
    await each.evaluate({ ...trials, labels: Uint8Array.of(0) }, firstSpike('outptu'))
  }
}

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
    one: exp(0),
    watchedAll,
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
