// A ring of 64 neurons cut over two cores, each a process of its own: the spike that goes around it crosses the cut twice
// a lap, and the gradient comes back the same way. Every bit is that of one process.
import {
  connect,
  defineNetwork,
  lif,
  linear,
  mesh,
  open,
  openCluster,
  place,
  type Session,
  source,
  spikeTrains,
  synapses,
} from 'antidrome'

const size = 64
const ring = Array.from({ length: size }, (_, n): [number, number, number, number] => [n, (n + 1) % size, 20, 0.5])
const network = defineNetwork({
  groups: { start: source(1), ring: lif(size, { tauMem: 20, tauSyn: 2, threshold: 1, refractory: 3 }) },
  projections: [connect('start', 'ring', synapses([[0, 0, 20, 0]])), connect('ring', 'ring', synapses(ring))],
})
const inputs = { start: spikeTrains([[[1]]]) }
const trials = { count: 1, until: 240, inputs }

/** The spikes of the ring, and the gradient of the last one. */
async function run(session: Session) {
  const { spikes } = await session.simulate(trials)
  const { times = [], units = [] } = spikes.ring ?? {}
  const coefficients = Array.from(times, (_, k) => (k === times.length - 1 ? 1 : 0))
  const { inputTimes, gradients } = await session.gradient(trials, linear('ring', coefficients))
  await session.close()
  const { weights = [], delays = [] } = gradients.projections['ring->ring'] ?? {}
  return { times, units, weights, delays, inputTimes: inputTimes.start ?? [] }
}

const placement = place(network, mesh({ columns: 2, rows: 1 }))
for (const { core, slices } of placement.cores)
  console.log(`core ${core}:`, slices.map(({ group, start, end }) => `${group}[${start}:${end}]`).join(' '))
for (const { groups, lookahead } of placement.cycles) console.log('cycle', groups.join(' -> '), 'lookahead', lookahead)

const one = await run(await open(network))
const two = await run(await openCluster(network, placement, { transport: 'websocket' }))
const laps = one.times.length / size
console.log(
  `${two.times.length} spikes, ${laps.toFixed(1)} laps; the last one at ${two.times[two.times.length - 1]} ms`,
)
console.log('dL/d(input time)', two.inputTimes[0], 'dL/d(weight)', two.weights[0], 'dL/d(delay)', two.delays[0])

for (const kind of ['times', 'units', 'weights', 'delays', 'inputTimes'] as const) {
  const isEqual = Array.from(one[kind]).every((value, k) => Object.is(value, two[kind][k]))
  console.log(kind.padEnd(10), one[kind].length, isEqual ? 'equal to the last bit' : 'different')
  if (!isEqual || one[kind].length !== two[kind].length) throw new Error(`two processes must give the ${kind} of one`)
}
if (laps < 1.5) throw new Error('the spike must cross both cuts')
