// Modules of users whose verbs never come back once a time has come.
const forever = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)

/** From spikes at `from` ms on; as it is made, without. */
export function createOperator({ from }) {
  if (from === undefined) forever()
  return {
    apply({ times }) {
      if (times[0] >= from) forever()
      return {}
    },
  }
}

/** In the second trial. */
export const createLoss = () => ({
  name: 'endless',
  observes: 'spikes',
  evaluate({ times, label }) {
    if (label === 1) forever()
    return { loss: 0, gradients: new Float64Array(times.length) }
  },
})
