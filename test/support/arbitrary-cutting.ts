import fc from 'fast-check'
import type { Slice } from '../../src/network/slices/blocks.js'
import { nextDown, nextUp } from '../../src/numerics/neighbours.js'
import { between } from './arbitraries.js'
import type { Cutting, KernelResult } from './drive-kernel.js'
import type { KernelCase } from './kernel-case.js'
import { refractoryEnds } from './refractory-ends.js'

/** Slices of a group of any size, cut between blocks of 32. */
export function slicesOf(size: number): fc.Arbitrary<readonly Slice[]> {
  const inner = Array.from({ length: Math.ceil(size / 32) - 1 }, (_, k) => 32 * (k + 1))
  const cut = fc.subarray(inner, { minLength: Math.min(1, inner.length) })
  return fc.oneof({ weight: 1, arbitrary: fc.constant([]) }, { weight: 4, arbitrary: cut }).map((cuts) => {
    const edges = [0, ...cuts, size]
    return edges.slice(1).map((end, k) => ({ start: edges[k]!, end }))
  })
}

const receipt = {
  arrival: fc.constantFrom<Cutting['arrival']>('early', 'late'),
  receipt: fc.constantFrom<NonNullable<Cutting['receipt']>>('by input', 'backwards', 'in turn'),
}

/** Ways to cut a run of a kernel into windows and batches at any instants. */
export function anyCutting(until: number): fc.Arbitrary<Cutting> {
  const cuts = fc
    .array(between(0.01, until - 0.01), { maxLength: 5 })
    .map((list) => [...new Set(list)].sort((a, b) => a - b))
  return fc.record({ ...receipt, horizons: cuts, batches: fc.array(cuts, { minLength: 12, maxLength: 12 }) })
}

/**
 * Where to cut: anywhere; at an instant at which something happens, or right beside it; or on both sides of it and once
 * more in between, so that windows are a double long or empty.
 */
const pick = fc.record({ place: between(0, 1), kind: fc.constantFrom('any', 'at', 'before', 'after', 'crowd') })
const picks = fc.array(pick, { maxLength: 10, size: 'max' })
export type Pick = typeof pick extends fc.Arbitrary<infer T> ? T : never

/** A way to cut any case, once it is known what happens in it. */
export const cuttingWay = fc.record({
  ...receipt,
  horizons: picks,
  batches: fc.array(picks, { minLength: 6, maxLength: 6 }),
})
export type CuttingWay = typeof cuttingWay extends fc.Arbitrary<infer T> ? T : never

export function cuttingOf(way: CuttingWay, sample: KernelCase, result: KernelResult): Cutting {
  const instants = instantsOf(sample, result)
  const cuts = (list: readonly Pick[]) => cutsOf(list, instants, sample)
  return { ...way, horizons: cuts(way.horizons), batches: way.batches.map(cuts) }
}

export function cutsOf(
  list: readonly Pick[],
  instants: readonly number[],
  { from, until }: KernelCase,
): readonly number[] {
  const times = list.flatMap(({ place, kind }) => {
    const instant = instants[Math.floor(place * (instants.length - 1))]
    if (kind === 'any' || instant === undefined) return [from + place * (Number.isFinite(until) ? until - from : 1e3)]
    if (kind === 'at') return [instant]
    if (kind === 'before') return [nextDown(instant)]
    return kind === 'after' ? [nextUp(instant)] : [nextDown(instant), instant, nextUp(instant), instant + 1e-9]
  })
  return [...new Set(times)].filter((time) => time > 0 && time < until).sort((a, b) => a - b)
}

/** When something happens: spikes, ends of refractory periods, and what comes in, as it is sent and as it arrives. */
export function instantsOf(
  sample: KernelCase,
  { spikes }: { readonly spikes: KernelResult['spikes'] },
): readonly number[] {
  const { instance, trains } = sample
  const arrivals = trains.flatMap((train, p) => {
    const { delays, delayShape, sourceSize } = instance.projections[p]!
    return Array.from(train.times, (time, k) => {
      const unit = train.units[k]!
      const row = (k % Math.max(1, Math.floor(delays.length / sourceSize))) * sourceSize
      const place = { none: -1, scalar: 0, perSource: unit, perSynapse: row + unit }[delayShape]
      return time + (delays[place] ?? 0)
    })
  })
  const sent = trains.flatMap((train) => [...train.times])
  return [...spikes.times, ...refractoryEnds(sample, spikes), ...arrivals, ...sent].sort((a, b) => a - b)
}
