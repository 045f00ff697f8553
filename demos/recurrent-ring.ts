// A ring of neurons hands one spike around forever; the gradient of the last arrival runs back through every lap.
import { connect, defineNetwork, lif, linear, open, source, spikeTrains, synapses } from 'antidrome'

const size = 5
const ring = Array.from({ length: size }, (_, n): [number, number, number, number] => [n, (n + 1) % size, 20, 1.5])
const network = defineNetwork({
  groups: { start: source(1), ring: lif(size, { tauMem: 20, tauSyn: 2, threshold: 1, refractory: 3 }) },
  projections: [connect('start', 'ring', synapses([[0, 0, 20, 0]])), connect('ring', 'ring', synapses(ring))],
})

const session = await open(network)
const inputs = { start: spikeTrains([[[1]]]) }
const trials = { count: 1, until: 40, inputs }
const { times, units } = (await session.simulate(trials)).spikes.ring ?? { times: [], units: [] }
console.log(Array.from(times, (time, k) => `${units[k]}@${time.toFixed(3)}`).join(' '))

// The loss is the time of the last spike: delaying the first input by 1 ms delays it by exactly 1 ms.
const coefficients = Array.from(times, (_, k) => (k === times.length - 1 ? 1 : 0))
const { inputTimes, gradients } = await session.gradient(trials, linear('ring', coefficients))
await session.close()

console.log(
  'dL/d(input time)',
  inputTimes.start?.[0],
  'dL/d(delay)',
  Array.from(gradients.projections['ring->ring']?.delays ?? []),
)
if (times.length < 2 * size) throw new Error(`only ${times.length} spikes`)
if (Math.abs((inputTimes.start?.[0] ?? 0) - 1) > 1e-9) throw new Error('a shift in time must shift the spikes')
