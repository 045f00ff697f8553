import type { ChipCounts, CoreCounts } from '../counts/chip-counts.js'
import type { ChipLatency, ChipProfile } from '../profile/chip-profile.js'
import { type Figure, figureValue } from '../profile/figure.js'
import { barrierOf, tilesUsed } from './barrier.js'
import type { FigureSum, StepTime } from './chip-report.js'
import { type Cost, sumOfCosts } from './figure-sum.js'

/** ns of a ms. */
const MILLISECOND = 1e6

/** How long the steps of a stepped chip take; null where time is continuous. */
export function stepTimeOf({ cores, steps, placement }: ChipCounts, profile: ChipProfile): StepTime | null {
  const { time } = profile
  if (time.mode === 'continuous') return null
  const barrier = barrierOf(time, { chips: placement.chipsUsed, tiles: tilesUsed(profile, cores) })
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
function busyTime(
  { neuronSteps, neuronSpikes, synapticEvents, packetsOut, packetsIn }: CoreCounts,
  steps: number,
  { latency }: ChipProfile,
): FigureSum {
  const { active, idle } = neuronSteps
  const cost = (name: keyof ChipLatency, count: number): Cost => {
    return { field: `latency.${name}`, figure: latency[name], count: count / steps }
  }
  return sumOfCosts([
    cost('idle', active + idle),
    cost('neuronUpdate', active),
    cost('spikeOut', neuronSpikes),
    cost('packetOut', packetsOut),
    cost('packetIn', packetsIn),
    cost('synapse', synapticEvents),
  ])
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
