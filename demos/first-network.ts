import { connect, defineNetwork, dense, lif, linear, openCluster, perSynapse, placeOnCores, source } from 'antidrome'

const network = defineNetwork({
  groups: {
    input: source(2),
    hidden: lif(1, { tauMem: 20, tauSyn: 5, threshold: 1, tauAdapt: 40, adaptStep: 0.3 }),
    output: lif(1, { tauMem: 20, tauSyn: 5, threshold: 1 }),
  },
  projections: [
    connect('input', 'hidden', dense([[5, 5.5]]), { delay: perSynapse([[1, 0.5]]) }),
    connect('hidden', 'output', dense([[6]]), { delay: 2 }),
  ],
})
const session = await openCluster(network, placeOnCores(network, 2), { transport: 'websocket' }) // a process each

const input = { offsets: Uint32Array.of(0, 3), times: Float64Array.of(1, 4, 5), units: Uint32Array.of(0, 1, 1) }
const stream = session.stream({ until: 30, inputs: { input }, segment: 10 })
stream.spikes$.subscribe(({ stream, times }) => console.log(stream, times)) // spikes of a group in 10 ms
await stream.done

// What comes back to the hidden spikes: dL/d(spike time), of the time of the last output spike.
session.gradients$('hidden->output').subscribe(({ times, gradients }) => console.log('dL/dt', times, gradients))
const trial = { count: 1, until: 30, inputs: { input } }
const { gradients } = await session.gradient(trial, linear('output', [0, 1]))
console.log('by weights', gradients.projections['input->hidden']?.weights)
console.log('by delays', gradients.projections['input->hidden']?.delays)
console.log('by threshold', gradients.groups.hidden?.threshold)
await session.close()
