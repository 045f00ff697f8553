import fc from 'fast-check'
import type { SpikeTrains } from '../../src/events/spike-trains.js'
import { nextDown, nextUp } from '../../src/numerics/neighbours.js'
import { between } from './arbitraries.js'
import type { KernelCase } from './kernel-case.js'
import { refractoryEnds } from './refractory-ends.js'

/** Where to cut: anywhere, or at an instant at which something happens, or right beside it. */
export interface CutPick {
  readonly place: number
  readonly kind: 'any' | 'at' | 'before' | 'after'
}

const pick: fc.Arbitrary<CutPick> = fc.record({
  place: between(0, 1),
  kind: fc.constantFrom('any', 'at', 'before', 'after'),
})

export const cutPicks: fc.Arbitrary<readonly CutPick[]> = fc.array(pick, { maxLength: 12, size: 'max' })

/** When something happens in a case: its input, its spikes, and the ends of their refractory periods. */
export function instantsOf(sample: KernelCase, spikes: SpikeTrains): readonly number[] {
  const input = sample.trains.flatMap(({ times }) => [...times])
  return [...spikes.times, ...input, ...refractoryEnds(sample, spikes)].sort((a, b) => a - b)
}

/** Ascending, inside the trial. */
export function cutsAt(
  picks: readonly CutPick[],
  instants: readonly number[],
  { from, until }: KernelCase,
): readonly number[] {
  const times = picks.map(({ place, kind }) => {
    const instant = instants[Math.floor(place * (instants.length - 1))]
    if (kind === 'any' || instant === undefined) return from + place * (until - from)
    return kind === 'at' ? instant : kind === 'before' ? nextDown(instant) : nextUp(instant)
  })
  return [...new Set(times)].filter((time) => time > 0 && time < until).sort((a, b) => a - b)
}
