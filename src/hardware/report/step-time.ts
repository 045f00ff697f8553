import type { ChipCounts, CoreCounts } from '../counts/chip-counts.js'
import type { BarrierPoint, ChipProfile } from '../profile/chip-profile.js'
import { type Figure, figureValue } from '../profile/figure.js'
import type { FigureSum, StepTime } from './chip-report.js'
import { sumOfCosts } from './figure-sum.js'

/** ns of a ms. */
const MILLISECOND = 1e6

/** How long the steps of a stepped chip take; null where time is continuous. */
export function stepTimeOf({ cores, steps, placement }: ChipCounts, profile: ChipProfile): StepTime | null {
  const { time } = profile
  if (time.mode === 'continuous') return null
  const barrier = barrierOf(time.barrier, placement.chipsUsed)
  const sums = cores.map((core) => busyTime(core, steps, profile))
  const busiest = sums.reduce((best, sum, k) => (sum.atLeast > (sums[best] as FigureSum).atLeast ? k : best), 0)
  const mean = longest(time.step, together(largest(sums), barrier))
  const tick = tickOf(profile)
  const place = cores[busiest]
  return {
    tick,
    barrier,
    mean,
    busiest: place === undefined || mean.value === null ? null : { chip: place.chip, core: place.core },
    keepsTick: keepsTick(mean, tick),
  }
}

/** Seconds of the chip that all steps take. Steps wait for their tick; those that are known to be longer take their time. */
export function secondsOf(
  { steps, tickMs }: ChipCounts,
  profile: ChipProfile,
  stepTime: StepTime | null,
): number | null {
  const speedup = figureValue(profile.time.speedup)
  if (stepTime === null) return tickMs === null || speedup === null ? null : (steps * tickMs) / 1000 / speedup
  const { tick, mean } = stepTime
  return tick === null ? null : (steps * Math.max(tick, mean.value ?? mean.atLeast)) / 1e9
}

function tickOf({ time }: ChipProfile): number | null {
  const [tick, speedup] = [figureValue(time.tick), figureValue(time.speedup)]
  return tick === null || speedup === null ? null : (tick * MILLISECOND) / speedup
}

function keepsTick({ value, atLeast, atMost }: FigureSum, tick: number | null): boolean | null {
  if (tick === null) return null
  if (atLeast > tick) return false
  if (value === null) return null
  return (atMost ?? value) <= tick ? true : null
}

/** What one core has to do in a mean step. */
function busyTime({ neuronSteps, synapticEvents }: CoreCounts, steps: number, { latency }: ChipProfile): FigureSum {
  const { active, idle } = neuronSteps
  return sumOfCosts([
    { field: 'latency.idle', figure: latency.idle, count: (active + idle) / steps },
    { field: 'latency.neuronUpdate', figure: latency.neuronUpdate, count: active / steps },
    { field: 'latency.synapse', figure: latency.synapse, count: synapticEvents / steps },
  ])
}

/** Linear between the two points around so many chips; unknown beyond them. */
function barrierOf(points: readonly BarrierPoint[], chips: number): FigureSum {
  const after = points.findIndex((point) => point.chips >= chips)
  const [low, high] = [points[after - 1], points[after]]
  const cost = (figure: Figure, count: number) => ({ field: 'time.barrier', figure, count })
  if (high === undefined || (low === undefined && high.chips > chips)) return sumOfCosts([cost(null, 1)])
  if (low === undefined || high.chips === chips) return sumOfCosts([cost(high.time, 1)])
  const share = (chips - low.chips) / (high.chips - low.chips)
  return sumOfCosts([cost(low.time, 1 - share), cost(high.time, share)])
}

function together(a: FigureSum, b: FigureSum): FigureSum {
  const plus = (x: number | null, y: number | null) => (x === null || y === null ? null : x + y)
  return {
    value: plus(a.value, b.value),
    atLeast: a.atLeast + b.atLeast,
    atMost: plus(a.atMost, b.atMost),
    unknown: [...new Set([...a.unknown, ...b.unknown])],
  }
}

function largest(sums: readonly FigureSum[]): FigureSum {
  return sums.reduce((a, b) => larger(a, b), sumOfCosts([]))
}

function longest(step: Figure, sum: FigureSum): FigureSum {
  return step === null ? sum : larger(sum, sumOfCosts([{ field: 'time.step', figure: step, count: 1 }]))
}

function larger(a: FigureSum, b: FigureSum): FigureSum {
  const most = (x: number | null, y: number | null) => (x === null || y === null ? null : Math.max(x, y))
  return {
    value: most(a.value, b.value),
    atLeast: Math.max(a.atLeast, b.atLeast),
    atMost: most(a.atMost, b.atMost),
    unknown: [...new Set([...a.unknown, ...b.unknown])],
  }
}
