// A loss that this package does not know, from a module of its own, over two processes: the output neuron learns to spike
// every 6 ms. Both processes and this one load the module; its code is compared, and never travels.
import {
  adam,
  connect,
  defineNetwork,
  dense,
  lif,
  lossModule,
  normal,
  open,
  openCluster,
  perSynapse,
  placeOnCores,
  type Session,
  source,
  uniform,
} from 'antidrome'

const neuron = { tauMem: 20, tauSyn: 5, threshold: 1 }
const network = defineNetwork({
  groups: { input: source(6), hidden: lif(64, neuron), output: lif(1, neuron) },
  projections: [
    connect('input', 'hidden', dense(normal(2, 1)), { delay: perSynapse(uniform(0, 20)) }),
    connect('hidden', 'output', dense(normal(0.3, 0.1)), { delay: 1 }),
  ],
})
const times = Float64Array.from({ length: 30 }, (_, k) => 2 * k)
const input = { offsets: Uint32Array.of(0, 30), times, units: Uint32Array.from(times, (_, k) => (5 * k) % 6) }
const trials = { count: 1, until: 60, inputs: { input }, labels: Uint8Array.of(0) }

const rhythm = await lossModule(new URL('./modules/rhythm.js', import.meta.url), { options: { interval: 6 } })
const step = {
  ...{ loss: rhythm.on('output'), optimizer: adam({ learningRate: 0.01 }).kind, clipNorm: 1 },
  ...{ rates: { weights: 0.01, delays: 0.2 }, bounds: { delays: [0, 30] as const } },
  ...{ silentLabelHinge: 0, silentHinge: {}, silentWeightStep: {} },
}

/** Trains, and closes the session: the loss now and then, and when the output spikes in the end. */
async function learn(session: Session): Promise<string> {
  const losses: string[] = []
  for (let k = 0; k <= 100; k++) {
    const [loss] = (await session.train(trials, step)).losses
    if (k % 25 === 0) losses.push((loss ?? 0).toFixed(4))
  }
  const { spikes } = await session.simulate(trials, { record: ['output'] })
  await session.close()
  return `loss ${losses.join(' → ')}; spikes at ${Array.from(spikes.output?.times ?? [], (time) => time.toFixed(2)).join(', ')} ms`
}

const apart = await openCluster(network, placeOnCores(network, 2), { transport: 'websocket', seed: 4 })
console.log(
  `${apart.workers.length} processes: ${apart.workers.map(({ core, kind }) => `core ${core} in a ${kind}`).join(', ')}`,
)
const [here, there] = [await learn(await open(network, { seed: 4 })), await learn(apart)]
console.log(there)
if (here !== there) throw new Error('processes must not change a digit')
