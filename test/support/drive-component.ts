import type { ComponentKernel } from '../../src/dynamics/kernels/component-kernel.js'
import { EXPLICIT, type ReturnedEvents, sumReturned } from '../../src/dynamics/kernels/returned-events.js'
import type { SourceSlices } from '../../src/dynamics/timeline/kernel-input.js'
import { joinTrains } from '../../src/events/join-trains.js'
import type { SpikeTrains } from '../../src/events/spike-trains.js'
import { cutTrains, unitsOf } from './cut-trains.js'
import { expectWithin } from './drive-kernel.js'

export interface ComponentRun {
  readonly trials: number
  readonly until: number
  /** Spikes of every group outside. */
  readonly outside: Readonly<Record<string, SpikeTrains>>
  /** Where `advance` stops on its way to the end, and where the spikes from outside are cut. */
  readonly horizons: readonly number[]
  readonly cuts: readonly number[]
  /** dL/d(spike time) per group, from all of its spikes. */
  readonly explicit: (group: string, trains: SpikeTrains) => Float64Array
  /** How the groups outside are cut, where they are; the component was made with the same. */
  readonly sourceSlices?: SourceSlices
}

export interface ComponentResult {
  readonly spikes: Readonly<Record<string, SpikeTrains>>
  /** Summed gradient events per group outside. */
  readonly events: Readonly<Record<string, Float64Array>>
  /** One vector per kernel. */
  readonly gradients: readonly Float64Array[]
}

/** Runs a component forward and backward, cut in one way. */
export function driveComponent(component: ComponentKernel, run: ComponentRun): ComponentResult {
  const { trials, until, outside, horizons, cuts, explicit, sourceSlices } = run
  const names = component.kernels.map(({ values }) => values.name)
  component.begin(() => {
    const unused = { whole: true, stopAfterFirst: false, trackSilent: false }
    return {
      ...unused,
      trials,
      until,
      gradients: true,
      tauGradient: true,
      undefinedSlope: 'ignore',
      beat: () => undefined,
    }
  })
  const parts = component.inputs.map(({ source, slice }) => unitsOf(outside[source]!, sourceSlices?.(source)[slice]))
  const batches = parts.map(({ trains }) => cutTrains(trains, cuts, until))
  const delays = component.smallestDelays()
  const next = batches.map(() => 0)
  const receiveUpTo = (horizon: number) =>
    batches.forEach((list, input) => {
      for (let batch = list[next[input]!]; batch !== undefined; batch = list[++next[input]!]) {
        if (batch.window.start + delays[input]! >= horizon) return
        component.receive(input, batch)
      }
    })
  let reached = 0
  const steps = [...horizons, until].map((horizon) => {
    receiveUpTo(horizon)
    const step = component.advance(horizon)
    for (const trains of step) expectWithin(trains, { start: reached, end: horizon })
    reached = horizon
    return step
  })
  receiveUpTo(Number.POSITIVE_INFINITY)
  const joined = names.map((_, g) => joinTrains(steps.map((step) => step[g]!)))
  const deltas = joined.map(({ trains }, g) => explicit(names[g]!, trains))

  const returned = batches.map((list) => list.map(({ times }) => new Float64Array(times.length)))
  const collect = () => {
    for (const { input, batch, values } of component.takeReturned()) returned[input]![batch.sequence] = values.slice()
  }
  component.beginBackward(names.map(() => null))
  collect()
  for (let step = steps.length - 1; step >= 0; step--) {
    component.backward(
      joined.map(({ places }, g) => [{ ...EXPLICIT, values: Float64Array.from(places[step]!, (k) => deltas[g]![k]!) }]),
    )
    collect()
  }
  const events = Object.entries(outside).map(([source, { times }]) => {
    const sums = new Map<number, ReturnedEvents>()
    component.inputs.forEach((input, i) => {
      if (input.source !== source) return
      const sum = sums.get(input.order) ?? { ...EXPLICIT, order: input.order, values: new Float64Array(times.length) }
      const { places } = joinTrains(batches[i]!)
      for (const [w, place] of places.entries())
        for (const [k, to] of place.entries()) sum.values[parts[i]!.places[to]!] = returned[i]![w]![k]!
      sums.set(input.order, sum)
    })
    return [source, sumReturned(times.length, [...sums.values()])] as const
  })
  return {
    spikes: Object.fromEntries(names.map((name, g) => [name, joined[g]!.trains])),
    events: Object.fromEntries(events),
    gradients: component.kernels.map((kernel) => kernel.finishGradient().slice()),
  }
}
