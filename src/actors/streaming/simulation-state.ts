import { byName, entryOf } from '../../events/by-name.js'
import { joinTrains } from '../../events/join-trains.js'
import { noSpikes } from '../../events/no-spikes.js'
import { selectSpikes } from '../../events/select-spikes.js'
import type { SpikeTrains } from '../../events/spike-trains.js'
import type { Placement } from '../../hardware/placement.js'
import { isGiven } from '../../network/description/given-source.js'
import type { Group, Network } from '../../network/description/network.js'
import { isWhole } from '../../network/slices/group-slice.js'
import { placeInRows, sliceOfRows } from '../group/row-slices.js'
import type { UnitStates } from '../group/run.js'

/** A simulation between two segments, whatever the placement: plain data. */
export interface SimulationState {
  /** Everything before this instant, in ms, has happened. */
  readonly time: number
  /** Length in ms that the next segment would have. */
  readonly segment: number
  /** Version of the arithmetic: another one would not go on with the same bits. */
  readonly arithmetic: number
  /**
   * Per group of neurons, or of sources that emit by themselves: its quantities by name, one number per unit; of
   * actors what they remember, of those that are `whole` in lists of any length.
   */
  readonly groups: Readonly<Record<string, Readonly<Record<string, Float64Array>>>>
  /** By projection key: the spikes that may still arrive somewhere, one trial. */
  readonly inFlight: Readonly<Record<string, SpikeTrains>>
  /** By the keys of projections with operators: how many spikes each unit of the source has sent; absent: there are none. */
  readonly sent?: Readonly<Record<string, Float64Array>>
  /** Of a placement with latencies, its `placementHash`: on another one spikes would arrive at other times. */
  readonly chipPlacement?: string
}

type GroupStates = Pick<SimulationState, 'groups' | 'inFlight' | 'sent'>

/** Puts the states of all slices together. */
export function mergeStates({ groups, projections }: Network, slices: readonly UnitStates[]): GroupStates {
  const ofGroup = (name: string) => slices.filter(({ group }) => group === name)
  const moving = groups.filter(hasState)
  const routed = projections.filter(({ through }) => through !== undefined)
  const sent = routed.map(({ key, source, target }) => {
    const size = groups.find(({ name }) => name === source)?.size ?? 0
    return [
      key,
      mostSent(
        size,
        ofGroup(target).flatMap((state) => entryOf(state.sent, key) ?? []),
      ),
    ] as const
  })
  return {
    ...(routed.length === 0 ? {} : { sent: byName(sent) }),
    groups: byName(moving.map((group) => [group.name, mergeColumns(group, ofGroup(group.name))])),
    inFlight: byName(
      projections.map(({ key, target }) => [
        key,
        unitWise(ofGroup(target).flatMap(({ inFlight }) => entryOf(inFlight, key) ?? [])),
      ]),
    ),
  }
}

/** Whether a group continues from a state: one that is given its spikes does not. */
export function hasState(group: Group): boolean {
  return !isGiven(group)
}

function mergeColumns(group: Group, slices: readonly UnitStates[]): Readonly<Record<string, Float64Array>> {
  const [first] = slices
  if (isWhole(group)) return first?.columns ?? {}
  const total = group.size
  // The lists of an actor's units may have other lengths elsewhere.
  const names = new Set(slices.flatMap(({ columns }) => Object.keys(columns)))
  return byName(
    [...names].map((name) => {
      const whole = new Float64Array(total).fill(group.kind === 'actor' ? Number.NaN : 0)
      for (const { start, columns } of slices) {
        const part = entryOf(columns, name) ?? new Float64Array(0)
        placeInRows(part, whole, total, { start, end: start + part.length })
      }
      return [name, whole]
    }),
  )
}

/**
 * Every slice has the spikes of the units that it hears, of each from some time on: the one with the longest delay has all
 * of them.
 */
function unitWise(parts: readonly SpikeTrains[]): SpikeTrains {
  const best = new Map<number, { readonly part: number; readonly count: number }>()
  parts.forEach(({ units }, part) => {
    for (const [unit, count] of countsOf(units))
      if (count > (best.get(unit)?.count ?? 0)) best.set(unit, { part, count })
  })
  const chosen = parts.map((trains, part) => {
    return selectSpikes(trains, (place) => best.get(trains.units[place] as number)?.part === part).trains
  })
  return joinTrains([noSpikes(1), ...chosen]).trains
}

/** A slice counts the spikes of the units that it hears, and of those all. */
function mostSent(size: number, parts: readonly Float64Array[]): Float64Array {
  return Float64Array.from({ length: size }, (_, unit) => Math.max(0, ...parts.map((counts) => counts[unit] ?? 0)))
}

function countsOf(units: Uint32Array): ReadonlyMap<number, number> {
  const counts = new Map<number, number>()
  for (const unit of units) counts.set(unit, (counts.get(unit) ?? 0) + 1)
  return counts
}

/** The states of the slices on one core of a placement. */
export function sliceStates(
  { groups, projections }: Network,
  { cores }: Placement,
  core: number,
  state: GroupStates,
): readonly UnitStates[] {
  const slices = cores.find((place) => place.core === core)?.slices ?? []
  return slices.flatMap(({ group, start, end }): readonly UnitStates[] => {
    const whole = groups.find(({ name }) => name === group)
    if (whole === undefined || !hasState(whole)) return []
    const columns = Object.entries(entryOf(state.groups, group) ?? {}).map(([name, column]) => {
      return [name, isWhole(whole) ? column : sliceOfRows(column, whole.size, { start, end })] as const
    })
    const incoming = projections.filter(({ target }) => target === group)
    const inFlight = incoming.map(({ key }) => [key, entryOf(state.inFlight, key) ?? noSpikes(1)] as const)
    const sent = incoming.flatMap(({ key }) => {
      const counts = entryOf(state.sent, key)
      return counts === undefined ? [] : [[key, counts] as const]
    })
    return [{ group, start, columns: byName(columns), inFlight: byName(inFlight), sent: byName(sent) }]
  })
}
