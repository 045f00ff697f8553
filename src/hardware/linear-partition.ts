import { type Load, NO_LIMIT } from './load.js'

/** A load that may have something in common with the one before it. */
export interface RowLoad extends Load {
  /** What a segment that begins here takes up beyond the sum of its loads, in synapses. Default 0. */
  readonly shared?: number
}

/** Sums of the loads before each place. */
interface Sums {
  readonly count: number
  readonly neurons: Float64Array
  readonly synapses: Float64Array
  /** By the place where a segment begins. */
  readonly shared: Float64Array
}

/** Boundaries move until none does, at most this many times each. */
const MOST_SWEEPS = 32

/**
 * Cuts a row of loads into exactly `parts` segments such that the largest number of synapses of one is as small as
 * it can be; returns where each segment ends, or null if no cutting keeps the limit.
 *
 * Loads are integers >= 0, none shares more than the one before it holds, 1 <= parts <= loads.length. Among the cuttings
 * with the smallest maximum it looks for an even one: first in synapses, then in neurons.
 */
export function partitionEvenly(loads: readonly RowLoad[], parts: number, most: Load): readonly number[] | null {
  const sums = sumsOf(loads)
  if (segmentsNeeded(sums, most) > parts) return null
  const limit = { neurons: most.neurons, synapses: smallestMaximum(sums, parts, most) }
  return balance(cutByAverage(sums, parts, limit), sums, limit)
}

/** The smallest that the largest number of synapses of a segment can be, for 1, 2, 3, … segments. */
export function smallestMaxima(loads: readonly RowLoad[], mostParts: number): readonly number[] {
  const sums = sumsOf(loads)
  return Array.from({ length: mostParts }, (_, k) => smallestMaximum(sums, k + 1, NO_LIMIT))
}

/** The fewest segments that keep the limit; Infinity if a single load does not. */
export function fewestParts(loads: readonly RowLoad[], most: Load): number {
  return segmentsNeeded(sumsOf(loads), most)
}

/** Where `parts` segments end that are filled to the brim one after the other. */
export function filledBy(loads: readonly RowLoad[], parts: number, most: Load): number {
  const sums = sumsOf(loads)
  let end = 0
  for (let part = 0; part < parts && end < sums.count; part++) end = reach(sums, end, most)
  return end
}

function sumsOf(loads: readonly RowLoad[]): Sums {
  const neurons = new Float64Array(loads.length + 1)
  const synapses = new Float64Array(loads.length + 1)
  loads.forEach((load, k) => {
    neurons[k + 1] = (neurons[k] as number) + load.neurons
    synapses[k + 1] = (synapses[k] as number) + load.synapses
  })
  return { count: loads.length, neurons, synapses, shared: Float64Array.from(loads, ({ shared = 0 }) => shared) }
}

/** What a segment takes up. */
type Share = (sums: Sums, start: number, end: number) => number

const neuronsOf: Share = ({ neurons }, start, end) => (neurons[end] as number) - (neurons[start] as number)

const synapsesOf: Share = ({ synapses, shared }, start, end) =>
  end === start ? 0 : (synapses[end] as number) - (synapses[start] as number) + (shared[start] as number)

function keeps(sums: Sums, start: number, end: number, most: Load): boolean {
  return neuronsOf(sums, start, end) <= most.neurons && synapsesOf(sums, start, end) <= most.synapses
}

/** The furthest end of a segment from `start` that keeps the limit, by bisection. */
function reach(sums: Sums, start: number, most: Load): number {
  let [low, high] = [start, sums.count]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (keeps(sums, start, middle, most)) low = middle
    else high = middle - 1
  }
  return low
}

function segmentsNeeded(sums: Sums, most: Load): number {
  let segments = 0
  for (let start = 0; start < sums.count; segments++) {
    const end = reach(sums, start, most)
    if (end === start) return Number.POSITIVE_INFINITY
    start = end
  }
  return segments
}

/** Filling every segment to the brim needs the fewest of them, so the smallest maximum is found by bisection. */
function smallestMaximum(sums: Sums, parts: number, { neurons, synapses }: Load): number {
  const total = sums.synapses[sums.count] as number
  let [low, high] = [Math.ceil(total / parts), Math.min(total, synapses)]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (segmentsNeeded(sums, { neurons, synapses: middle }) <= parts) high = middle
    else low = middle + 1
  }
  return low
}

/** Every segment takes its share of what is left, as nearly as the limit and the later segments allow. */
function cutByAverage(sums: Sums, parts: number, limit: Load): number[] {
  const needed = neededFrom(sums, limit)
  const ends: number[] = []
  for (let start = 0; ends.length < parts; start = ends.at(-1) as number) {
    const left = parts - ends.length - 1
    const distance = (share: Share, end: number) =>
      Math.abs(share(sums, start, end) - share(sums, start, sums.count) / (left + 1))
    let best = start + 1
    while ((needed[best] as number) > left) best++
    for (let end = best + 1; end <= sums.count - left && keeps(sums, start, end, limit); end++) {
      const gain = distance(synapsesOf, best) - distance(synapsesOf, end)
      if (gain < 0) break
      if (gain > 0 || distance(neuronsOf, end) < distance(neuronsOf, best)) best = end
    }
    ends.push(best)
  }
  return ends
}

/** The fewest segments from each place to the end. */
function neededFrom(sums: Sums, limit: Load): Float64Array {
  const needed = new Float64Array(sums.count + 1)
  for (let start = sums.count - 1; start >= 0; start--) {
    needed[start] = 1 + (needed[reach(sums, start, limit)] as number)
  }
  return needed
}

/**
 * Moves single boundaries as long as that makes the larger of two neighbours smaller.
 *
 * A sweep also takes moves that only swap two neighbours, all in one direction: they pass a load on to where there is
 * room for it. Without any gain it counts as not made.
 */
function balance(ends: readonly number[], sums: Sums, limit: Load): readonly number[] {
  let best = ends
  let idle = 0
  for (let sweep = 0; idle < 2 && sweep < MOST_SWEEPS; sweep++) {
    const swept = sweepOnce(best, sums, limit, sweep % 2 === 0 ? 'rightward' : 'leftward')
    if (swept !== null) best = swept
    idle = swept === null ? idle + 1 : 0
  }
  return best
}

/** Null without a gain. */
function sweepOnce(
  before: readonly number[],
  sums: Sums,
  limit: Load,
  loadsMove: 'rightward' | 'leftward',
): readonly number[] | null {
  const ends = [...before]
  let gained = false
  for (let step = 0; step + 1 < ends.length; step++) {
    const k = loadsMove === 'rightward' ? step : ends.length - 2 - step
    const [start, boundary, end] = [ends[k - 1] ?? 0, ends[k] as number, ends[k + 1] as number]
    const larger = (share: Share, at: number) => Math.max(share(sums, start, at), share(sums, at, end))
    const isBetter = (a: number, b: number) => {
      const gain = larger(synapsesOf, b) - larger(synapsesOf, a)
      return gain > 0 || (gain === 0 && larger(neuronsOf, a) < larger(neuronsOf, b))
    }
    const isChosen = (at: number, chosen: number) => {
      if (!keeps(sums, start, at, limit) || !keeps(sums, at, end, limit) || isBetter(chosen, at)) return false
      return isBetter(at, chosen) || (loadsMove === 'rightward' ? at < chosen : at > chosen)
    }
    let chosen = boundary
    for (let at = start + 1; at < end; at++) if (isChosen(at, chosen)) chosen = at
    gained ||= isBetter(chosen, boundary)
    ends[k] = chosen
  }
  return gained ? ends : null
}
