// One neuron, driven by a constant bias, against its closed form: it fires every tauMem ln(bias / (bias - threshold)).
import { defineNetwork, lif, open } from 'antidrome'

const [tauMem, bias, threshold, refractory] = [20, 1.5, 1, 2]
const network = defineNetwork({
  groups: { neuron: lif(1, { tauMem, tauSyn: 5, threshold, bias, refractory }) },
  projections: [],
})

const session = await open(network)
const { spikes } = await session.simulate({ count: 1, until: 100, inputs: {} })
await session.close()

const charge = tauMem * Math.log(bias / (bias - threshold))
const times = Array.from(spikes.neuron?.times ?? [])
times.forEach((time, k) => {
  const expected = charge + k * (charge + refractory)
  console.log(`spike ${k}: ${time.toFixed(12)} ms, closed form ${expected.toFixed(12)} ms`)
  if (Math.abs(time - expected) > 1e-12) throw new Error(`spike ${k} is off by ${time - expected} ms`)
})
if (times.length !== 4) throw new Error(`${times.length} spikes, expected 4`)
