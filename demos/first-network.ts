import { connect, defineNetwork, dense, lif, linear, open, perSynapse, source } from 'antidrome'

const network = defineNetwork({
  groups: { input: source(2), output: lif(1, { tauMem: 20, tauSyn: 5, threshold: 1, tauAdapt: 40, adaptStep: 0.3 }) },
  projections: [connect('input', 'output', dense([[5, 5.5]]), { delay: perSynapse([[1, 0.5]]) })],
})

const session = await open(network)
const input = { offsets: Uint32Array.of(0, 3), times: Float64Array.of(1, 4, 5), units: Uint32Array.of(0, 1, 1) }
const trial = { count: 1, until: 100, inputs: { input } }
const { spikes } = await session.simulate(trial)
console.log('spikes', spikes.output?.times)

const loss = linear('output', [0, 1]) // the time of the last spike
const { gradients, inputTimes } = await session.gradient(trial, loss)
console.log('dt/dw', gradients.projections['input->output']?.weights)
console.log('dt/ddelay', gradients.projections['input->output']?.delays)
console.log('dt/dthreshold', gradients.groups.output?.threshold)
console.log('dt/d(input time)', inputTimes.input)
await session.close()
