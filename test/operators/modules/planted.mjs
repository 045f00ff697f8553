// Operators with one mistake each, which the suite has to find.
let made = 0

const WAYS = {
  'asks a clock':
    () =>
    ({ times }) => ({ extra: Float64Array.from(times, () => 1 + (Date.now() % 2)) }),
  'asks chance':
    () =>
    ({ times }) => ({ extra: Float64Array.from(times, () => 1 + Math.random()) }),
  'asks a stopwatch':
    () =>
    ({ times }) => ({ extra: times.map(() => 1 + (performance.now() % 1)) }),
  'counts what it is asked': () => {
    let asked = 0
    return ({ times }) => ({ keep: Uint8Array.from(times, () => (asked++ % 3 === 0 ? 0 : 1)) })
  },
  'remembers the last spike of a unit': () => {
    const last = new Map()
    return ({ times, units }) => ({
      keep: Uint8Array.from(times, (time, k) => {
        const before = last.get(units[k]) ?? -Infinity
        last.set(units[k], time)
        return time - before < 5 ? 0 : 1
      }),
    })
  },
  'looks at its neighbours':
    () =>
    ({ times }) => ({
      extra: Float64Array.from(times, (time, k) => (k > 0 && time - times[k - 1] < 1 ? 2 : 1)),
    }),
  'looks at how many there are':
    () =>
    ({ times }) => ({ extra: new Float64Array(times.length).fill(1 + times.length) }),
  'is another one in every slice': () => {
    const own = made++
    return ({ times }) => ({ extra: new Float64Array(times.length).fill(1 + own) })
  },
  'delays late spikes too little':
    () =>
    ({ times }) => ({ extra: times.map((time) => (time > 90 ? 0.5 : 1)) }),
  'forgets its slope':
    () =>
    ({ times }) => ({ extra: times.map((time) => 1 + 0.1 * time) }),
  'has the wrong slope':
    () =>
    ({ times }) => ({
      extra: times.map((time) => 1 + 0.01 * time * time),
      slope: times.map((time) => 0.02 * time + 0.001),
    }),
  'turns the slope round':
    () =>
    ({ times }) => ({ extra: times.map((time) => 1 + 0.1 * time), slope: times.map(() => -0.1) }),
  'says nothing of the last spike':
    () =>
    ({ times }) => ({ extra: new Float64Array(Math.max(0, times.length - 1)).fill(1) }),
}

export function createOperator({ way }) {
  return { least: way.startsWith('counts') || way.startsWith('remembers') ? 0 : 1, apply: WAYS[way]() }
}
