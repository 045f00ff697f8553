// Operators that break their promises, each in one way, from a time on.
const FROM = 10
const filled = ({ times }, value) => Float64Array.from(times, (time) => (time < FROM ? 1 : value))

const WAYS = {
  'below least': (batch) => ({ extra: filled(batch, 0.5) }),
  negative: (batch) => ({ extra: filled(batch, -1) }),
  'not a number': (batch) => ({ extra: filled(batch, Number.NaN) }),
  'without end': (batch) => ({ extra: filled(batch, Number.POSITIVE_INFINITY) }),
  'a slope that is none': (batch) => ({ extra: filled(batch, 1), slope: filled(batch, Number.NaN) }),
  'too short': ({ times }) => ({ extra: new Float64Array(times.length - 1).fill(1) }),
  'another kind': ({ times }) => ({ extra: new Float32Array(times.length).fill(1) }),
  'a list': ({ times }) => ({ extra: Array.from(times, () => 1) }),
  'keeps too many': ({ times }) => ({ keep: new Uint8Array(times.length + 1), extra: filled({ times }, 1) }),
  'no delay where it promised one': () => ({}),
  nothing: () => undefined,
  misspelt: ({ times }) => ({ kep: new Uint8Array(times.length), extra: filled({ times }, 1) }),
  'another spike': (batch) => ({ extra: filled(batch, batch.random.uniform(99)) }),
  'throws when read': () => ({
    get extra() {
      throw new RangeError('no way to look')
    },
  }),
  throws: () => {
    throw new RangeError('no way to north')
  },
  'answers later': async () => ({}),
  'fails later': async () => {
    throw new RangeError('later')
  },
  'inherits from an array': () => ({ extra: Object.create(Float64Array.prototype) }),
  'throws what bites': () => {
    throw new Proxy(new RangeError('no way'), {
      getPrototypeOf() {
        throw new Error('evil')
      },
    })
  },
}

export function createOperator({ way, least = 1 }) {
  if (way === 'cannot be made') throw new RangeError('no table')
  if (way === 'hides its verb')
    return {
      get apply() {
        throw new RangeError('no verb to look at')
      },
    }
  if (way === 'makes nothing') return null
  if (way === 'is made later') return Promise.resolve({ apply: () => ({}) })
  if (way === 'has no verb') return { least }
  return { least, apply: WAYS[way] ?? (({ times }) => ({ extra: new Float64Array(times.length).fill(least) })) }
}
