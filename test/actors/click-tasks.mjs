// A module of a user: tasks of telling apart which of two inputs clicks first. The network is the test's own.
const SPIKES = 48
let calls = 0

/** The same wherever it is made. */
export function clicks(size) {
  return task('clicks', [size], size, (samples) => encode(samples))
}

/** Promises its task, whose training samples are moved anew in every epoch. */
export async function movedClicks(size) {
  return task('movedClicks', [size], size, (samples, draw) => encode(samples, draw && draw.epoch / (1 + draw.seed)))
}

/** Uses its arrays again for the next mini-batch. */
export function thriftyClicks(size) {
  const kept = new Map()
  return task('thriftyClicks', [size], size, (samples, draw) => {
    const made = encode(samples, draw?.epoch)
    const own = kept.get(samples.length) ?? made
    kept.set(samples.length, own)
    for (const name of ['offsets', 'times', 'units']) own.input[name].set(made.input[name])
    return own
  })
}

/** Another one with every call. */
export function moodyClicks(size) {
  const late = ++calls
  return task('moodyClicks', [size], size, (samples) => encode(samples, late))
}

/** Cannot encode the sample 20. */
export function fragileClicks(size) {
  return task('fragileClicks', [size], size, (samples) => {
    if (samples.includes(20)) throw new Error('sample 20 is damaged')
    return encode(samples)
  })
}

export function brokenClicks() {
  throw new Error('the files are gone')
}

function task(name, given, size, encodeSamples) {
  const origin = { module: import.meta.url, name, arguments: given }
  const split = (count) => ({
    size: count,
    classes: 2,
    labels: Uint8Array.from({ length: count }, (_, sample) => sample % 2),
    encode: encodeSamples,
  })
  return { name, origin, train: split(size), validation: split(6), test: split(9), until: 40 }
}

function encode(samples, late = 0) {
  const count = SPIKES * samples.length
  const offsets = Uint32Array.from({ length: samples.length + 1 }, (_, trial) => SPIKES * trial)
  const times = new Float64Array(count)
  const units = new Uint32Array(count)
  for (const [trial, sample] of samples.entries())
    for (let k = 0; k < SPIKES; k++) {
      times[SPIKES * trial + k] = 0.5 * k + sample / 100 + late / 10
      units[SPIKES * trial + k] = (sample + (k > SPIKES / 8)) % 2
    }
  return { input: { offsets, times, units } }
}
