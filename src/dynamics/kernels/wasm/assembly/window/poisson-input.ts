import {
  bin,
  binPlace,
  isSheared,
  isUnscaled,
  neurons,
  poissonInputCount,
  poissonInputsAt,
  ringBins,
  roundKeys,
  sums,
} from '../schema/window-header'
import {
  FINE_STEPS,
  POISSON_INPUT,
  POISSON_INPUT_BIN_SHIFT,
  POISSON_INPUT_COUNTS,
  POISSON_INPUT_DELAY,
  POISSON_INPUT_DRAWN,
  POISSON_INPUT_FINE_SHIFT,
  POISSON_INPUT_FIRST,
  POISSON_INPUT_GUIDE,
  POISSON_INPUT_HALF,
  POISSON_INPUT_HASHES,
  POISSON_INPUT_INDEX,
  POISSON_INPUT_INTERVAL_BINS,
  POISSON_INPUT_LAST,
  POISSON_INPUT_MASK,
  POISSON_INPUT_ROOM,
  POISSON_INPUT_STEPS,
  POISSON_INPUT_TABLE,
  POISSON_INPUT_WEIGHTS,
  POISSON_INPUT_WORDS,
  UNSCALED_SUMS,
} from '../schema/window-records'
import { arrivingSheared, HALF, numbers, ONE, PER_24, THIRD_OF_HALF } from './growth'
import { courseOf, responseAfter } from './unscaled/propagator'

/** Vectors of constants, see `numbers`. */
const WORDS: usize = memory.data<i32>([
  // Multipliers of Philox; the numbers of lanes.
  0xd2511f53, 0xd2511f53, 0xd2511f53, 0xd2511f53, 0xcd9e8d57, 0xcd9e8d57, 0xcd9e8d57, 0xcd9e8d57, 0, 1, 2, 3,
])
const MULTIPLIER_0: usize = 0
const MULTIPLIER_1: usize = 16
const LANES: usize = 32

function words(place: usize): v128 {
  return v128.load(WORDS + place)
}

/** Bytes of the keys of a round, two vectors of four equal words. */
const ROUND: usize = 32
const KEYS: usize = 10 * ROUND

/** The random words of four blocks: lane n of vector k is word k of block n. */
let words0: v128 = i32x4.splat(0)
let words1: v128 = i32x4.splat(0)
let words2: v128 = i32x4.splat(0)
let words3: v128 = i32x4.splat(0)

/**
 * Philox4x32-10 of four successive indices of one stream: twin of src/numerics/philox.ts, a block in each lane.
 *
 * @param index of the first, a multiple of 4; low and high are the hash of the stream's name
 * @param keys address of the keys of all rounds, which follow from the seed
 */
function philoxFour(index: u64, low: i32, high: i32, keys: usize): void {
  const m0 = words(MULTIPLIER_0)
  const m1 = words(MULTIPLIER_1)
  let c0 = v128.or(i32x4.splat(<i32>index), words(LANES))
  let c1 = i32x4.splat(<i32>(index >> 32))
  let c2 = i32x4.splat(low)
  let c3 = i32x4.splat(high)
  for (let key = keys; key < keys + KEYS; key += ROUND) {
    const a = i64x2.extmul_low_i32x4_u(c0, m0)
    const b = i64x2.extmul_high_i32x4_u(c0, m0)
    const c = i64x2.extmul_low_i32x4_u(c2, m1)
    const d = i64x2.extmul_high_i32x4_u(c2, m1)
    c0 = v128.xor(v128.xor(v128.shuffle<i32>(c, d, 1, 3, 5, 7), c1), v128.load(key))
    c1 = v128.shuffle<i32>(c, d, 0, 2, 4, 6)
    c2 = v128.xor(v128.xor(v128.shuffle<i32>(a, b, 1, 3, 5, 7), c3), v128.load(key, 16))
    c3 = v128.shuffle<i32>(a, b, 0, 2, 4, 6)
  }
  words0 = c0
  words1 = c1
  words2 = c2
  words3 = c3
}

// A Poisson input: a Poisson source with a synapse to every neuron, whose spikes are drawn here, each neuron's from a stream of
// its own, interval by interval: see src/dynamics/emission/poisson-intervals.ts. Its delay is a whole number of bins.

/** Fine steps of a bin, less one. */
const FINE: u32 = FINE_STEPS - 1

/**
 * Draws a Poisson input's arrivals at all neurons in the counting interval that begins here, and adds them to the sums of
 * its bins: how many.
 */
export function fillPoissonInput(number: i32): f64 {
  return drawInterval(number, true)
}

/** Draws them alone. */
export function drawPoissonInput(number: i32): void {
  drawInterval(number, false)
}

function drawInterval(number: i32, adds: bool): f64 {
  const poissonInput = poissonInputsAt() + POISSON_INPUT * <usize>number
  const count = neurons()
  const hashes = <usize>load<u32>(poissonInput, POISSON_INPUT_HASHES)
  const drawn = <usize>load<u32>(poissonInput, POISSON_INPUT_DRAWN)
  const room = <usize>load<u32>(poissonInput, POISSON_INPUT_ROOM)
  const words = <usize>load<u32>(poissonInput, POISSON_INPUT_WORDS)
  const stride = (<usize>((count + 1) & ~1)) << 4
  let all: u64 = 0
  for (let n = 0; n < count; n++) {
    const at = words + room * <usize>n
    const spikes = inline.always(draw(poissonInput, hashes + 8 * <usize>n, at))
    store<i32>(drawn + 4 * <usize>n, spikes)
    all += spikes
    if (!adds) continue
    if (isUnscaled()) addUnscaled(poissonInput, n, at, spikes)
    else addUp(poissonInput, n, at, spikes, stride)
  }
  return <f64>all
}

/** Writes the words of a neuron's spikes; returns their number. */
function draw(poissonInput: usize, hash: usize, at: usize): i32 {
  const keys = roundKeys()
  const low = load<i32>(hash)
  const high = load<i32>(hash, 4)
  const mask = v128.load32_splat(poissonInput + POISSON_INPUT_MASK)
  let index = load<u64>(poissonInput, POISSON_INPUT_INDEX)
  philoxFour(index, low, high, keys)
  const count = inline.always(countOf(poissonInput, i32x4.extract_lane(words0, 0), i32x4.extract_lane(words1, 0)))
  // The rest of the first four blocks: 14 words.
  v128.store(at, v128.and(words2, mask))
  v128.store(at, v128.and(words3, mask), 16)
  v128.store(at, v128.and(v128.shuffle<i32>(words0, words0, 1, 2, 3, 3), mask), 32)
  v128.store(at, v128.and(v128.shuffle<i32>(words1, words1, 1, 2, 3, 3), mask), 44)
  const end = at + 4 * <usize>count
  for (let next = at + 56; next < end; next += 64) {
    index += 4
    philoxFour(index, low, high, keys)
    v128.store(next, v128.and(words0, mask))
    v128.store(next, v128.and(words1, mask), 16)
    v128.store(next, v128.and(words2, mask), 32)
    v128.store(next, v128.and(words3, mask), 48)
  }
  const first = load<u32>(poissonInput, POISSON_INPUT_FIRST)
  const last = load<u32>(poissonInput, POISSON_INPUT_LAST)
  return first == 0 && last == 0xffffffff ? count : keepBetween(at, end, first, last)
}

/** By inversion: the first count whose distribution is above a number in (0, 1). */
function countOf(poissonInput: usize, w0: u32, w1: u32): i32 {
  const u = (<f64>(w0 >> 6) * 67108864 + <f64>(w1 >> 6) + 0.5) * 2.220446049250313e-16
  const counts = <usize>load<u32>(poissonInput, POISSON_INPUT_COUNTS)
  let count = <usize>load<u8>(<usize>load<u32>(poissonInput, POISSON_INPUT_GUIDE) + (w0 >> 26))
  while (u >= load<f64>(counts + 8 * count)) count++
  return <i32>count
}

function keepBetween(at: usize, end: usize, first: u32, last: u32): i32 {
  let kept = at
  for (let word = at; word < end; word += 4) {
    const value = load<u32>(word)
    if (value < first || value > last) continue
    store<u32>(kept, value)
    kept += 4
  }
  return <i32>((kept - at) >> 2)
}

function addUp(poissonInput: usize, n: i32, at: usize, count: i32, stride: usize): void {
  const own = sums() + 16 * <usize>n
  const weight = inline.always(weightPairOf(poissonInput, n))
  const end = at + 4 * <usize>count
  const shift = load<i32>(poissonInput, POISSON_INPUT_BIN_SHIFT)
  const first = <u32>binPlace()
  const last = <u32>ringBins() - 1
  const shears = isSheared()
  for (let word = at; word < end; word += 4) {
    const value = load<u32>(word)
    const sum = own + stride * <usize>((first + shiftDown(value, shift)) & last)
    v128.store(sum, f64x2.add(v128.load(sum), inline.always(poissonArrival(poissonInput, value, weight, shears))))
  }
}

/** What states that are not scaled will have come to at the end of each bin. */
function addUnscaled(poissonInput: usize, n: i32, at: usize, count: i32): void {
  const weight = weightPairOf(poissonInput, n)
  const inhibits = <i32>(f64x2.extract_lane(weight, 0) < 0)
  const stride = UNSCALED_SUMS * <usize>((neurons() + 1) & ~1)
  const own = sums() + UNSCALED_SUMS * <usize>n + ((<usize>inhibits) << 4)
  const end = at + 4 * <usize>count
  const first = <u32>binPlace()
  const last = <u32>ringBins() - 1
  const course = courseOf(n)
  const length = bin()
  for (let word = at; word < end; word += 4) {
    const value = load<u32>(word)
    const sum = own + stride * <usize>((first + binOfWord(poissonInput, value)) & last)
    const response = responseAfter(course, length - timeInBin(poissonInput, value, length), inhibits)
    v128.store(sum, f64x2.add(v128.load(sum), f64x2.mul(response, weight)))
  }
}

/** A counting interval of one bin keeps all bits of a word below the bin. */
function shiftDown(value: u32, shift: i32): u32 {
  return <u32>(<u64>value >> shift)
}

/** A neuron's weight, twice. */
export function weightPairOf(poissonInput: usize, n: i32): v128 {
  return v128.load64_splat(<usize>load<u32>(poissonInput, POISSON_INPUT_WEIGHTS) + 8 * <usize>n)
}

/**
 * What an arrival adds to the sums of a neuron of that weight.
 *
 * @param shears see `isSheared`
 */
export function poissonArrival(poissonInput: usize, word: u32, weight: v128, shears: bool): v128 {
  const shift = load<i32>(poissonInput, POISSON_INPUT_FINE_SHIFT)
  const entry = <usize>load<u32>(poissonInput, POISSON_INPUT_TABLE) + ((<usize>((word >> shift) & FINE)) << 4)
  const rest = <f64>(word & ((1 << shift) - 1)) - load<f64>(poissonInput, POISSON_INPUT_HALF)
  const z = f64x2.mul(f64x2.splat(rest), v128.load(poissonInput, POISSON_INPUT_STEPS))
  // e^z by Taylor's series, |z| <= 2^-9.
  const z2 = f64x2.mul(z, z)
  const high = f64x2.add(f64x2.mul(z, numbers(THIRD_OF_HALF)), numbers(HALF))
  const tail = f64x2.mul(z2, f64x2.add(high, f64x2.mul(z2, numbers(PER_24))))
  const growth = f64x2.add(f64x2.add(z, numbers(ONE)), tail)
  const added = f64x2.mul(f64x2.mul(growth, v128.load(entry)), weight)
  return shears ? arrivingSheared(added, timeInBin(poissonInput, word, bin())) : added
}

/** The words of a Poisson input's arrivals at a neuron in the current counting interval: their start and number. */
export function wordsOf(poissonInput: usize, n: i32): usize {
  return (
    <usize>load<u32>(poissonInput, POISSON_INPUT_WORDS) + <usize>load<u32>(poissonInput, POISSON_INPUT_ROOM) * <usize>n
  )
}

export function wordCountOf(poissonInput: usize, n: i32): i32 {
  return load<i32>(<usize>load<u32>(poissonInput, POISSON_INPUT_DRAWN) + 4 * <usize>n)
}

/** No neuron has more arrivals from Poisson inputs in a bin. */
export function mostPoissonArrivals(): f64 {
  let most: f64 = 0
  for (let number = 0; number < poissonInputCount(); number++)
    most += <f64>(load<u32>(poissonInputsAt() + POISSON_INPUT * <usize>number, POISSON_INPUT_ROOM) >> 2)
  return most
}

/** The current bin within the counting interval. */
export function binOfInterval(poissonInput: usize): i32 {
  return (
    (binPlace() - load<i32>(poissonInput, POISSON_INPUT_DELAY)) &
    (load<i32>(poissonInput, POISSON_INPUT_INTERVAL_BINS) - 1)
  )
}

/** The bin of a word within its counting interval. */
export function binOfWord(poissonInput: usize, word: u32): i32 {
  return shiftDown(word, load<i32>(poissonInput, POISSON_INPUT_BIN_SHIFT))
}

/** Time in ms from the start of a word's bin to it, exactly. */
export function timeInBin(poissonInput: usize, word: u32, length: f64): f64 {
  const shift = load<i32>(poissonInput, POISSON_INPUT_BIN_SHIFT)
  const rest = <u64>word & (((<u64>1) << shift) - 1)
  return (<f64>rest * length) / <f64>((<u64>1) << shift)
}
