import type { Network } from '../../network/description/network.js'
import type { ProjectionValues } from '../../network/instance/instance.js'
import type { GroupSlice } from '../../network/slices/group-slice.js'
import type { Destinations } from '../counts/destinations.js'
import { tellSynapses } from '../counts/synaptic-events.js'
import { createCoreMeter } from '../reach/core-meter.js'
import type { Incoming } from '../reach/incoming.js'
import { heardBy, type Reach } from '../reach/reach.js'
import { createActiveSteps, type StepGrid } from '../tally/active-steps.js'
import type { UnitSpikes } from '../tally/unit-spikes.js'

/** What one core does in each step of one trial; entry k is step k, entry 0 is unused. */
export interface CoreSteps {
  /** Neurons to which something arrives, or that spike. */
  readonly active: Float64Array
  /** Of neurons, sources apart. */
  readonly spikes: Float64Array
  readonly packetsOut: Float64Array
  readonly packetsIn: Float64Array
  /** In the step of their spikes. */
  readonly synapticEvents: Float64Array
}

/** A run that is looked at core by core. */
export interface SteppedRun {
  readonly network: Network
  readonly grid: StepGrid
  /** With all synapses drawn. */
  readonly incoming: ReadonlyMap<string, readonly Incoming[]>
  readonly projections: readonly ProjectionValues[]
  readonly destinations: Destinations
  /** By group and trial. */
  readonly spikes: ReadonlyMap<string, readonly UnitSpikes[]>
  /** Whether a packet is copied on its way. */
  readonly multicast: boolean
}

/** Counts what a core with some slices does, trial by trial; the arrays are the same ones each time. */
export function createCoreSteps(run: SteppedRun, slices: readonly GroupSlice[]): (trial: number) => CoreSteps {
  const { network, grid, incoming, projections, destinations, spikes, multicast } = run
  const [active, fired, packetsOut, packetsIn, synapticEvents] = Array.from(
    { length: 5 },
    () => new Float64Array(grid.steps + 1),
  ) as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array]
  const sources = new Set(network.groups.filter(({ kind }) => kind === 'source').map(({ name }) => name))
  const neurons = slices.filter(({ group }) => !sources.has(group))
  const activities = neurons.map((slice) => ({ ...slice, tell: activityOf(slice.group) }))
  const heard = heardUnits()
  return (trial) => {
    for (const counts of [active, fired, packetsOut, packetsIn, synapticEvents]) counts.fill(0)
    for (const { start, end, tell } of activities) for (let neuron = start; neuron < end; neuron++) tell(neuron, trial)
    for (const slice of slices) countOut(slice, trial)
    for (const { group, unit, synapses } of heard)
      for (const step of stepsOfUnit(group, unit, trial)) {
        packetsIn[step] = (packetsIn[step] as number) + 1
        synapticEvents[step] = (synapticEvents[step] as number) + synapses
      }
    return { active, spikes: fired, packetsOut, packetsIn, synapticEvents }
  }

  function activityOf(group: string) {
    const into = projections.filter(({ target }) => target === group)
    const afferents = into.map((values) => ({ values, spikes: spikes.get(values.source) ?? [] }))
    return createActiveSteps(spikes.get(group) ?? null, afferents, grid, (step) => {
      active[step] = (active[step] as number) + 1
    })
  }

  function countOut({ group, start, end }: GroupSlice, trial: number): void {
    const { fanOf, partsOf } = destinations.reach.get(group) as Reach
    for (let unit = start; unit < end; unit++) {
      const targets = partsOf(fanOf[unit] as number).length
      const packets = multicast ? Math.min(1, targets) : targets
      for (const step of stepsOfUnit(group, unit, trial)) {
        packetsOut[step] = (packetsOut[step] as number) + packets
        if (!sources.has(group)) fired[step] = (fired[step] as number) + 1
      }
    }
  }

  function stepsOfUnit(group: string, unit: number, trial: number): Uint32Array {
    const own = spikes.get(group)?.[trial]
    return own === undefined ? NONE : own.steps.subarray(own.starts[unit], own.starts[unit + 1])
  }

  /** The units with a target here, and their synapses onto the core. */
  function heardUnits(): readonly { readonly group: string; readonly unit: number; readonly synapses: number }[] {
    const sizes = new Map(network.groups.map(({ name, size }) => [name, size]))
    const meter = createCoreMeter(network, incoming)
    meter.hold(slices)
    const synapses = new Map([...sizes].map(([name, size]) => [name, new Float64Array(size)]))
    for (const slice of neurons)
      for (const into of incoming.get(slice.group) ?? []) {
        const sums = synapses.get(into.source) as Float64Array
        tellSynapses(into, slice, {
          all: (count) => {
            for (let unit = 0; unit < sums.length; unit++) sums[unit] = (sums[unit] as number) + count
          },
          one: (unit, count) => {
            sums[unit] = (sums[unit] as number) + count
          },
        })
      }
    return [...heardBy(meter, sizes)].flatMap(([group, units]) =>
      Array.from(units, (unit) => ({ group, unit, synapses: synapses.get(group)?.[unit] ?? 0 })),
    )
  }
}

const NONE = new Uint32Array(0)
