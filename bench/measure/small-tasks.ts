import { createDataset, createTask, type TrialSpikes, temporalPatterns } from '../../dist/data/index.js'
import type { Task } from '../../dist/index.js'
import { createRandomStream, type RandomStream } from '../../dist/numerics/random-stream.js'

const SIZES = { train: 300, validation: 300, test: 30 }

export function temporal(hidden: number): Task {
  return temporalPatterns({ hidden: [hidden], classes: 5, channels: 10, until: 70, sizes: SIZES })
}

/** A task of trials that are drawn one by one, in the same order for every number of hidden neurons. */
function drawnTask(
  name: string,
  hidden: number,
  classes: number,
  trialOf: (label: number, random: Draws) => TrialSpikes,
): Task {
  const random = drawsOf(createRandomStream(1, name))
  const labels = Array.from({ length: 600 }, (_, sample) => sample % classes)
  const dataset = createDataset({ trains: { input: labels.map((label) => trialOf(label, random)) }, labels })
  return createTask({ name, dataset, until: 40, hidden })
}

interface Draws {
  uniform(): number
}

function drawsOf(stream: RandomStream): Draws {
  let count = 0
  return { uniform: () => stream.uniform(count++) }
}

const ORDERS = [
  [0, 1, 2, 3],
  [3, 1, 0, 2],
  [2, 3, 1, 0],
] as const

/** Which of three orders four inputs spike in, each by up to 14 ms too late. */
export function orders(hidden: number): Task {
  return drawnTask('orders of spikes', hidden, ORDERS.length, (label, { uniform }) => {
    return { times: [0, 1, 2, 3].map((k) => 5 * k + 14 * uniform()), units: [...(ORDERS[label] ?? [])] }
  })
}

const INPUTS = 12

/** Which third of the inputs spikes more often. */
export function rates(hidden: number): Task {
  return drawnTask('rates', hidden, 3, (label, { uniform }) => {
    const spikes = Array.from({ length: INPUTS }, (_, unit) => {
      const count = Math.floor((unit % 3 === label ? 6 : 3) * uniform() + 0.5)
      return Array.from({ length: count }, () => ({ unit, time: 30 * uniform() }))
    }).flat()
    return { times: spikes.map(({ time }) => time), units: spikes.map(({ unit }) => unit) }
  })
}

/** Whether one of two inputs alone spikes late, behind a spike that marks the beginning. */
export function xor(hidden: number): Task {
  return drawnTask('XOR of latencies', hidden, 2, (label, { uniform }) => {
    const isLate = uniform() < 0.5
    const latency = (late: boolean) => (late ? 12 : 2) + 8 * uniform()
    return { times: [0, latency(isLate), latency(isLate !== (label === 1))], units: [0, 1, 2] }
  })
}
