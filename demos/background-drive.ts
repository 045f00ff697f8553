// Neurons with a Poisson input of their own each inhibit each other through weights that are all of one sign.
import {
  connect,
  defineNetwork,
  firingStatistics,
  fixedInDegree,
  lif,
  mesh,
  oneToOne,
  open,
  place,
  poisson,
  uniform,
} from 'antidrome'

const size = 128
const network = defineNetwork({
  groups: {
    drive: poisson(size, { rate: 2000 }),
    neurons: lif(size, { tauMem: 20, tauSyn: 0.5, threshold: 20, vReset: 10, refractory: 2 }),
  },
  projections: [
    connect('drive', 'neurons', oneToOne(35)),
    connect('neurons', 'neurons', fixedInDegree(10, uniform(-60, 0)), { delay: 1.5, sign: 'inhibitory' }),
  ],
})

// The spikes follow from the seed alone, wherever the neurons are.
const trials = { count: 1, until: 250, inputs: {} }
const spikesOn = async (cores: number) => {
  const session = await open(network, { seed: 5, placement: place(network, mesh({ columns: cores, rows: 1 })) })
  const { spikes } = await session.simulate(trials)
  await session.close()
  return spikes.neurons ?? { offsets: Uint32Array.of(0, 0), times: new Float64Array(0), units: new Uint32Array(0) }
}
const spikes = await spikesOn(1)
const { rate, cv } = firingStatistics(spikes, size, trials.until)
console.log(`${spikes.times.length} spikes at ${rate.toFixed(1)} Hz, cv of intervals ${cv?.toFixed(2)}`)

const again = await spikesOn(2)
if (rate < 5 || rate > 100) throw new Error(`an unlikely rate: ${rate} Hz`)
if (!again.times.every((time, k) => Object.is(time, spikes.times[k]))) throw new Error('two cores differ from one')
