/** Whatever is done with it throws. */
function hostile() {
  const bite = () => {
    throw new Error('evil')
  }
  return new Proxy({}, { get: bite, getPrototypeOf: bite, has: bite, ownKeys: bite, getOwnPropertyDescriptor: bite })
}

/** Keeps every promise but the one that it is told to break. */
export function createActor({ start, until }, { breaks }) {
  const silence = { times: [], units: [] }
  const advances = {
    early: (from) => ({ times: [from - 1], units: [start] }),
    late: (_, horizon) => ({ times: [horizon], units: [start] }),
    disorder: (from) => ({ times: [from + 0.2, from + 0.1], units: [start, start] }),
    'unit order': (from) => ({ times: [from, from], units: [start + 1, start] }),
    unit: (from) => ({ times: [from], units: [start + 99] }),
    nan: () => ({ times: [Number.NaN], units: [start] }),
    counts: (from) => ({ times: [from], units: [] }),
    nothing: () => undefined,
    'less than none': () => ({ times: { length: -1 }, units: { length: -1 } }),
    texts: (from) => ({ times: [`${from + 10}`, `${from + 9}`], units: [start, start] }),
    promise: () => Promise.reject(new Error('late')),
    'throw when read': (from) => ({
      times: [from],
      get units() {
        throw new TypeError('out of units')
      },
    }),
    throw: () => {
      throw new TypeError('out of cheese')
    },
    'throw text': () => {
      throw 'no error'
    },
    'throw nothing known': () => {
      throw Object.create(null)
    },
    'throw what bites': () => {
      throw hostile()
    },
    'throw a book': () => {
      throw new Error('x'.repeat(5_000_000))
    },
    'throw when counted': () => ({ times: hostile(), units: [start] }),
  }
  if (breaks === 'no object') return 5
  if (breaks === 'no advance') return {}
  if (breaks === 'actor that bites') return hostile()
  if (breaks === 'verb that bites')
    return {
      get advance() {
        throw new Error('getter boom')
      },
    }
  if (breaks === 'a number to advance') return { advance: 3 }
  if (breaks === 'no function') return { advance: () => silence, backward: 7 }
  if (breaks === 'promised actor') return Promise.resolve({ advance: () => silence })
  if (breaks === 'creation') throw new Error('no actor')
  let from = 0
  return {
    advance(horizon) {
      const broken = horizon === until ? advances[breaks]?.(from, horizon) : silence
      from = horizon
      return breaks in advances ? broken : silence
    },
    ...(breaks.startsWith('state')
      ? {
          saveState: () =>
            ({
              'state of texts': { x: ['1', 2] },
              'state of functions': { x: [() => 1, 2] },
              'state in a map': new Map([['x', [1, 2]]]),
              'state in a date': new Date(0),
              'state in a list': [[1, 2]],
              'state of lists within lists': { x: [[1, [2]], [3]] },
              'state of lists as numbers': { x: [1, [2]] },
              'state of truths': { x: [true, null] },
              'state of a prototype': { ['__proto__']: [1, 2] },
              get 'state that bites'() {
                return hostile()
              },
              get 'state of what bites'() {
                return { x: hostile() }
              },
              get 'state later'() {
                return Promise.reject(new Error('late'))
              },
            })[breaks],
          resume: () => undefined,
        }
      : {}),
    ...(breaks === 'no backward'
      ? {}
      : {
          backward: () =>
            ({
              few: { times: [], weights: [] },
              infinite: { times: Array(2).fill(1 / 0), weights: Array(2).fill(0) },
              huge: { times: Array(2).fill(1e308), weights: Array(2).fill(1e308) },
              'numbers as texts': { times: ['1.09', '2'], weights: [0, 0] },
              get 'gradients that bite'() {
                return { times: hostile(), weights: [0, 0] }
              },
              'no result': undefined,
            })[breaks],
        }),
  }
}
