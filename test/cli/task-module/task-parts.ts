const LEAKY = `vReset: 0, bias: 0, refractory: 0, tauAdapt: 100, adaptStep: 0`
/** What modules of tasks are put together from: which of two inputs spikes first. */
export const PARTS = `
const layer = (name, size) => ({ name, kind: 'lif', size, tauMem: 20, tauSyn: 5, threshold: 1, ${LEAKY} })
const dense = { connectivity: { kind: 'dense', absent: [] }, weights: { distribution: 'normal', mean: 3, std: 1 } }
export const networkOf = (hidden, learnDelays) => {
  const delays = learnDelays ? { kind: 'perSynapse', values: { distribution: 'uniform', low: 0, high: 3 } } : { kind: 'none' }
  return {
    groups: [{ name: 'input', kind: 'source', size: 2 }, layer('hidden', hidden), layer('output', 2)],
    projections: [
      { source: 'input', target: 'hidden', key: 'input->hidden', delays, ...dense },
      { source: 'hidden', target: 'output', key: 'hidden->output', delays: { kind: 'none' }, ...dense },
    ],
  }
}
export const dataset = (size) => ({
  size, classes: 2, labels: Uint8Array.from({ length: size }, (_, k) => k % 2),
  encode: (samples) => ({ input: {
    offsets: Uint32Array.from({ length: samples.length + 1 }, (_, k) => 2 * k),
    times: Float64Array.from([...samples].flatMap((k) => [k / 10, 8 + k / 10])),
    units: Uint32Array.from([...samples].flatMap((k) => (k % 2 === 0 ? [0, 1] : [1, 0]))),
  } }),
})
export const taskOf = (network, change = {}) => ({
  name: 'first', train: dataset(24), validation: dataset(6), test: dataset(10), until: 40,
  loss: { kind: 'firstSpike', group: 'output', tau0: 0.5, alpha: 0.003, tau1: 6.4 }, network, ...change,
})
`
