import type { ChipLatency } from '../profile/chip-profile.js'
import type { Figure } from '../profile/figure.js'
import type { FigureSum } from '../report/chip-report.js'
import { boundsOf } from '../report/figure-sum.js'
import type { CorePlace } from '../routing/layout.js'
import type { ChipTiming, LongestStep } from './chip-timing.js'
import type { CoreSteps } from './core-steps.js'

/** What takes time on a core: neurons there and their packets, or packets to it and their synapses. */
const NEURONS = ['idle', 'neuronUpdate', 'spikeOut', 'packetOut'] as const
const PACKETS = ['packetIn', 'synapse'] as const
const ALL = [...NEURONS, ...PACKETS] as const
type Work = (typeof ALL)[number]

/** Whether anything is known of how long cores work. */
export function knowsLatencies(latency: ChipLatency): boolean {
  return ALL.some((work) => latency[work] !== null)
}

/** The longest work of any core in each step, and what all steps take. */
export interface StepTimes {
  add(place: CorePlace, neurons: number, trial: number, steps: CoreSteps): void
  result(): Omit<ChipTiming, 'profile' | 'model' | 'chips' | 'tiles'>
}

/** A latency by its value, at least and at most; unknown: 0, 0, and without end. */
type Bounds = readonly [value: number, least: number, most: number]

export function createStepTimes(
  latency: ChipLatency,
  barrier: FigureSum,
  { trials, steps }: { readonly trials: number; readonly steps: number },
): StepTimes {
  const bounds = Object.fromEntries(
    [...NEURONS, ...PACKETS].map((work) => [work, boundsIn(latency[work])]),
  ) as Readonly<Record<Work, Bounds>>
  const longest = [0, 1, 2].map(() => new Float64Array(trials * steps)) as [Float64Array, Float64Array, Float64Array]
  const waitsFor: (CorePlace | undefined)[] = []
  const unknown = new Set<string>()

  function timeOf(works: readonly Work[], counts: Readonly<Record<Work, number>>, bound: 0 | 1 | 2): number {
    return works.reduce((sum, work) => (counts[work] === 0 ? sum : sum + counts[work] * bounds[work][bound]), 0)
  }

  function meet(place: CorePlace, at: number, counts: Readonly<Record<Work, number>>): void {
    for (const bound of [0, 1, 2] as const) {
      const time = Math.max(timeOf(NEURONS, counts, bound), timeOf(PACKETS, counts, bound))
      if (time <= (longest[bound][at] as number)) continue
      longest[bound][at] = time
      if (bound === 1) waitsFor[at] = place
    }
  }

  return {
    add(place, neurons, trial, own) {
      for (let step = 1; step <= steps; step++) {
        const counts = countsOf(neurons, own, step)
        for (const work of ALL) if (counts[work] > 0 && latency[work] === null) unknown.add(`latency.${work}`)
        meet(place, trial * steps + step - 1, counts)
      }
    },
    result() {
      const total = together(longest, barrier, [...unknown])
      return { steps: trials * steps, barrier, total, mean: shareOf(total, trials * steps), longest: longestOf() }
    },
  }

  function longestOf(): LongestStep | null {
    const [, least] = longest
    const at = least.reduce((best, time, k) => (time > (least[best] as number) ? k : best), 0)
    const core = waitsFor[at]
    const place = { trial: Math.floor(at / steps), step: (at % steps) + 1 }
    return core === undefined ? null : { ...place, atLeast: least[at] as number, core }
  }
}

function countsOf(neurons: number, steps: CoreSteps, k: number): Readonly<Record<Work, number>> {
  return {
    idle: neurons,
    neuronUpdate: steps.active[k] as number,
    spikeOut: steps.spikes[k] as number,
    packetOut: steps.packetsOut[k] as number,
    packetIn: steps.packetsIn[k] as number,
    synapse: steps.synapticEvents[k] as number,
  }
}

function boundsIn(figure: Figure): Bounds {
  if (figure === null) return [0, 0, Number.POSITIVE_INFINITY]
  const { least, most } = boundsOf(figure)
  return [figure.value, least, most]
}

/** All steps, and a barrier for each. */
function together(
  longest: readonly [Float64Array, Float64Array, Float64Array],
  barrier: FigureSum,
  missing: readonly string[],
): FigureSum {
  const [value, atLeast, atMost] = longest.map((times) => times.reduce((sum, time) => sum + time, 0)) as [
    number,
    number,
    number,
  ]
  const steps = longest[0].length
  const unknown = [...missing, ...barrier.unknown]
  const most = barrier.atMost === null ? Number.POSITIVE_INFINITY : atMost + steps * barrier.atMost
  return {
    value: unknown.length > 0 || barrier.value === null ? null : value + steps * barrier.value,
    atLeast: atLeast + steps * barrier.atLeast,
    atMost: unknown.length > 0 || most === Number.POSITIVE_INFINITY ? null : most,
    unknown,
  }
}

function shareOf({ value, atLeast, atMost, unknown }: FigureSum, count: number): FigureSum {
  return {
    value: value === null ? null : value / count,
    atLeast: atLeast / count,
    atMost: atMost === null ? null : atMost / count,
    unknown,
  }
}
