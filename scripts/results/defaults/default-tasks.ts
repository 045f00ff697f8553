import { createDataset } from '../../../dist/data/user/create-dataset.js'
import type { TaskDescription } from '../../../dist/data/user/create-task.js'
import { createRandomStream, type RandomStream } from '../../../dist/numerics/random-stream.js'

/** A small task that the defaults of a task of one's own are tried on. */
export interface DefaultTask {
  readonly name: string
  /** For people. */
  readonly words: string
  /** Another draw of its samples for each seed. */
  describe(seed: number): Pick<TaskDescription, 'name' | 'dataset' | 'until'>
}

interface Shape {
  readonly classes: number
  readonly inputs: number
  /** Length of a trial in ms. */
  readonly until: number
}

interface Spike {
  readonly time: number
  readonly unit: number
}

/** Numbers that are drawn one after the other, so that a sample may take as many as it needs. */
interface Draws {
  uniform(): number
  normal(): number
}

const SAMPLES_PER_CLASS = 60

const ORDERS = [
  [0, 1, 2, 3],
  [3, 2, 1, 0],
  [1, 3, 0, 2],
]

/** Few inputs, short trials: four spikes in one of three orders, each 1 ms off. */
const ORDER = createTaskOf(
  'order',
  'few inputs, short trials, 3 orders of 4 spikes',
  { classes: 3, inputs: 4, until: 40 },
  () => {
    return (label, draws) =>
      (ORDERS[label] ?? []).map((place, unit) => ({ unit, time: 2 + 5 * place + draws.normal() }))
  },
)

/** A spike per input within 50 ms, 2 ms off in every sample. */
const PATTERNS = createTaskOf(
  'patterns',
  'many inputs, 5 patterns in time',
  { classes: 5, inputs: 60, until: 100 },
  (pattern, { inputs }) =>
    (label, draws) =>
      Array.from({ length: inputs }, (_, unit) => {
        return { unit, time: 50 * pattern.uniform(label * inputs + unit) + 2 * draws.normal() }
      }),
)

/** Poisson spikes: one band of inputs at 40 Hz, the others at 8. */
const RATES = createTaskOf(
  'rates',
  'long trials, 5 patterns in rate',
  { classes: 5, inputs: 20, until: 300 },
  (_, shape) => {
    const band = shape.inputs / shape.classes
    return (label, draws) =>
      Array.from({ length: shape.inputs }, (_, unit) =>
        poisson(Math.floor(unit / band) === label ? 40 : 8, unit, shape, draws),
      ).flat()
  },
)

const CUES = 12
const STRAY = 4

/** One input of twenty spikes at all: twelve cues per class, of which one of ten is missing, 3 ms off, and four stray spikes. */
const SPARSE = createTaskOf(
  'sparse',
  'sparse inputs, very long trials, 3 patterns',
  { classes: 3, inputs: 300, until: 500 },
  (pattern, { inputs, until }) =>
    (label, draws) => {
      const cues = Array.from({ length: CUES }, (_, cue) => {
        const place = 2 * (label * CUES + cue)
        const time = 20 + 460 * pattern.uniform(place + 1) + 3 * draws.normal()
        return { unit: Math.floor(inputs * pattern.uniform(place)), time }
      })
      const stray = Array.from({ length: STRAY }, () => {
        return { unit: Math.floor(inputs * draws.uniform()), time: until * draws.uniform() }
      })
      return [...cues.filter(() => draws.uniform() < 0.9), ...stray]
    },
)

export const DEFAULT_TASKS: readonly DefaultTask[] = [ORDER, PATTERNS, RATES, SPARSE]

function createTaskOf(
  name: string,
  words: string,
  shape: Shape,
  samplerOf: (pattern: RandomStream, shape: Shape) => (label: number, draws: Draws) => readonly Spike[],
): DefaultTask {
  const describe = (seed: number) => {
    const sample = samplerOf(createRandomStream(seed, `${name}/patterns`), shape)
    const draws = drawsOf(createRandomStream(seed, `${name}/samples`))
    const labels = Array.from({ length: SAMPLES_PER_CLASS * shape.classes }, (_, k) => k % shape.classes)
    const input = labels.map((label) => {
      const spikes = sample(label, draws).filter(({ time }) => time < shape.until)
      return { times: spikes.map(({ time }) => Math.max(0, time)), units: spikes.map(({ unit }) => unit) }
    })
    return {
      name,
      until: shape.until,
      dataset: createDataset({ trains: { input }, labels, units: { input: shape.inputs } }),
    }
  }
  return { name, words, describe }
}

function drawsOf(stream: RandomStream): Draws {
  let count = 0
  return { uniform: () => stream.uniformOpen(count++), normal: () => stream.normal(count++) }
}

function poisson(rate: number, unit: number, { until }: Shape, draws: Draws): readonly Spike[] {
  const spikes: Spike[] = []
  const pause = () => (-1000 * Math.log(draws.uniform())) / rate
  for (let time = pause(); time < until; time += pause()) spikes.push({ unit, time })
  return spikes
}
