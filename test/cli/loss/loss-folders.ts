import { expect } from 'vitest'
import { type Files, jsonLines, run } from '../run-in-process.js'
import { TINY_PRESET } from '../tiny-training.js'

/** scale times the sum of all spike times; `labelled` needs a label. */
const SUM = `globalThis.lossesLoaded = (globalThis.lossesLoaded ?? 0) + 1
const summed = (name, labels, scale) => ({
  name, labels, observes: 'spikes',
  evaluate: ({ times }) => ({ loss: scale * times.reduce((sum, each) => sum + each, 0), gradients: times.map(() => scale) }),
})
export const createLoss = ({ scale = 1 }) => summed('sum', 'any', scale)
export const labelled = ({ scale = 1 }) => summed('labelled', 'unit', scale)
export const unfinished = () => new Promise(() => undefined)
`
/** The unit of the label shall spike first, \`time\` ms after the begin. */
const EARLY = `import { half } from './half.mjs'
export const early = ({ time }) => ({
  name: 'early', observes: 'spikes', labels: 'unit',
  evaluate({ times, units, label }) {
    const first = units.indexOf(label)
    const gradients = new Float64Array(times.length)
    const prediction = units.length === 0 ? null : units[0]
    if (first < 0) return { loss: null, gradients, prediction }
    gradients[first] = (times[first] - time) / 10
    return { loss: half * 10 * gradients[first] ** 2, gradients, prediction }
  },
})
`
const early = (change: object = {}) => ({
  ...{ module: './early.mjs', export: 'early', options: { time: 20 }, group: 'output' },
  ...change,
})

export interface LossFolder {
  /** What the names of its files begin with. */
  readonly name: string
  /** Paths of its modules: that of the loss `early`, what that imports, and that of sums. */
  readonly module: string
  readonly half: string
  readonly sum: string
  /** A preset whose loss is `early`. */
  readonly preset: string
  write(file: string, content: string | object): string
  lossOf(change?: object): object
  presetOf(loss: object): object
}

/** Modules are imported once per process, so each test has files of its own. */
export function createLossFolders(files: Files): () => LossFolder {
  let count = 0
  return () => {
    const name = `loss-${count++}-`
    const write = (file: string, content: string | object) => files.write(`${name}${file}`, content)
    const module = write('early.mjs', EARLY.replace('./half.mjs', `./${name}half.mjs`))
    const half = write('half.mjs', 'export const half = 0.5\n')
    const sum = write('sum.mjs', SUM)
    const lossOf = (change: object = {}) => early({ module: `./${name}early.mjs`, ...change })
    const presetOf = (loss: object) => ({
      ...{ ...TINY_PRESET, network: { hidden: [40], readout: 'lif' } },
      training: { ...TINY_PRESET.training, loss },
    })
    return { name, module, half, sum, write, lossOf, preset: write('preset.json', presetOf(lossOf())), presetOf }
  }
}

/** The last line of a command that succeeds without a word. */
export async function lastOf(...argv: string[]) {
  const { code, out, err } = await run(...argv, '--json')
  expect({ code, err }).toEqual({ code: 0, err: '' })
  return jsonLines(out).at(-1) as Record<string, unknown>
}
