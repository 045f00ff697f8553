import { type Files, jsonLines } from '../run-in-process.js'

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

/** Modules whose task is made by a function, or is a value. */
export const FUNCTION = `import { networkOf, taskOf } from './parts.mjs'
export async function createTask({ hidden = 6, learnDelays }) { return taskOf(networkOf(hidden, learnDelays)) }
`
export const VALUE = `import { networkOf, taskOf } from './parts.mjs'
export const task = Promise.resolve(taskOf(networkOf(5, false)))
`
/** A module whose sample 13 cannot be encoded. */
export const BROKEN = `import { networkOf, taskOf } from './parts.mjs'
export function createTask({ hidden = 6 }) {
  const task = taskOf(networkOf(hidden, false))
  const encode = (samples) => {
    if (samples.includes(13)) throw new Error('sample is broken')
    return task.train.encode(samples)
  }
  return { ...task, train: { ...task.train, encode } }
}`

/** Writes modules, which are imported once per process, so each has files of its own. */
export function taskModules(files: Files): (text: string) => string {
  let count = 0
  return (text) => {
    const name = `modules-${count++}`
    files.write(`${name}-parts.mjs`, PARTS)
    return files.write(`${name}-task.mjs`, text.replace('./parts.mjs', `./${name}-parts.mjs`))
  }
}

/** Lines before it may be for people. */
export function errorOf(err: string): Readonly<Record<string, string>> {
  return jsonLines(err.slice(err.lastIndexOf('{"error"')))[0]?.error as Readonly<Record<string, string>>
}
