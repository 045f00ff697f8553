// A task of one's own: three classes of spike patterns on 40 inputs, each spike 2 ms off in every sample.
import { createDataset, createTask as describeTask } from 'antidrome/data'

const [CLASSES, INPUTS, SPAN, SAMPLES] = [3, 40, 50, 300]

/** Numbers in [0, 1), always the same: what a module makes has to be the same wherever it is made. */
function numbersFrom(seed) {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

function samples() {
  const next = numbersFrom(7)
  const patterns = Array.from({ length: CLASSES }, () => Array.from({ length: INPUTS }, () => SPAN * next()))
  const labels = Array.from({ length: SAMPLES }, (_, sample) => sample % CLASSES)
  const input = labels.map((label) => ({
    times: patterns[label].map((time) => Math.max(0, time + 4 * (next() + next() + next() - 1.5))),
    units: patterns[label].map((_, unit) => unit),
  }))
  return createDataset({ trains: { input }, labels })
}

/** Is called with what the preset and the flags of a command say of the network. */
export function createTask(options = {}) {
  const origin = { module: import.meta.url, name: 'createTask', arguments: [options] }
  return describeTask({ name: 'three-patterns', dataset: samples(), until: 100, origin, ...options })
}
