import type { Span } from './scale.js'

const STEPS = [1, 2, 5, 10] as const

/** Round numbers in the span, ends included: multiples of 1, 2 or 5 times a power of ten, about `count` of them. */
export function linearTicks({ from, to }: Span, count: number): number[] {
  const rough = (to - from) / count
  if (!(rough > 0)) return [from]
  const decade = 10 ** Math.floor(Math.log10(rough))
  const coarse = STEPS.findIndex((multiple) => multiple * decade >= rough)
  const ticksOf = (step: number) => multiplesIn({ from, to }, step)
  const ticks = ticksOf(decade * (STEPS[coarse] ?? 10))
  // One tick alone shows no scale.
  return ticks.length > 1 ? ticks : ticksOf(decade * (STEPS[coarse - 1] ?? 0.5))
}

/** The slack keeps an end that is a multiple itself from being lost to rounding. */
function multiplesIn({ from, to }: Span, step: number): number[] {
  const first = Math.ceil(from / step - 1e-9)
  const last = Math.floor(to / step + 1e-9)
  return Array.from({ length: last - first + 1 }, (_, index) => tidy((first + index) * step))
}

/** 1, 2 and 5 times the powers of ten in the span, ends included; only powers of ten if it covers many decades. */
export function logTicks({ from, to }: Span): number[] {
  const lowest = Math.floor(Math.log10(from))
  const highest = Math.ceil(Math.log10(to))
  const multiples = highest - lowest > 4 ? [1] : [1, 2, 5]
  const all = Array.from({ length: highest - lowest + 1 }, (_, index) => lowest + index).flatMap((exponent) =>
    multiples.map((multiple) => tidy(multiple * 10 ** exponent)),
  )
  return all.filter((tick) => tick >= from * (1 - 1e-9) && tick <= to * (1 + 1e-9))
}

/** Powers of ten in the span, ends included: every one, or every second, third, …, so that there are at most `count`. */
export function decadeTicks({ from, to }: Span, count: number): number[] {
  const lowest = Math.ceil(Math.log10(from) - 1e-9)
  const highest = Math.floor(Math.log10(to) + 1e-9)
  const step = Math.max(1, Math.ceil((highest - lowest + 1) / count))
  const ticks = Math.max(0, Math.floor((highest - lowest) / step) + 1)
  return Array.from({ length: ticks }, (_, k) => tidy(10 ** (lowest + k * step)))
}

/** Without the last digits, where 3 · 0.1 is not 0.3. */
function tidy(value: number): number {
  return Number(value.toPrecision(12)) + 0
}
