// A module of a user: losses, some of them as they should not be.
import { defineLoss } from 'antidrome'
import { square } from './losses-of-users-helper.mjs'

/** Every unit of a readout shall come up to a level; the label's to one. */
export function createLoss({ level }) {
  return defineLoss({
    name: 'levels',
    observes: 'maxima',
    labels: 'unit',
    evaluate({ maxima, label }) {
      const off = maxima.map((value, unit) => value - (unit === label ? 1 : level))
      const best = maxima.indexOf(Math.max(...maxima))
      return { loss: off.reduce((sum, each) => sum + square(each) / 2, 0), prediction: best, gradients: off }
    },
  })
}

/** A definition as it is, without this package, promised. */
export async function early({ tau }) {
  return {
    name: 'early',
    observes: 'spikes',
    evaluate: ({ times }) => ({
      loss: times.reduce((sum, time) => sum + time / tau, 0),
      gradients: times.map(() => 1 / tau),
    }),
  }
}

/** Where the trial has a label of 1, it fails. */
export const failing = () => ({
  name: 'failing',
  observes: 'spikes',
  evaluate({ times, label }) {
    if (label === 1) throw new RangeError('no such pattern')
    return { loss: 1, gradients: new Float64Array(times.length) }
  },
})

/** Made of something else than its options: the process it is in. */
export const moody = () => ({
  name: process.argv[1]?.includes('vitest') ? 'here' : 'there',
  observes: 'spikes',
  evaluate: () => ({ loss: null }),
})

export const nothing = () => 17
export const throwing = () => {
  throw new Error('the table is missing')
}
/** Its verb cannot be looked at. */
export const hiding = () => ({
  name: 'hiding',
  observes: 'spikes',
  get evaluate() {
    throw new Error('ev getter')
  },
})
/** What it throws cannot be looked at. */
export const biting = () => {
  throw new Proxy(new Error('biting'), {
    getPrototypeOf() {
      throw new Error('evil')
    },
  })
}
export const misnamed = () => ({ name: 'a b', observes: 'spikes', evaluate: () => ({ loss: null }) })
