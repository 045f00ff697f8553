import { InputError } from '../events/errors.js'
import type { Group, Network } from '../network/description/network.js'
import { describeValue } from '../network/reading/describe-value.js'
import { readList } from '../network/reading/read-list.js'
import { readNetwork } from '../network/reading/read-network.js'
import { readRecord } from '../network/reading/read-value.js'
import type { Slice } from '../network/slices/blocks.js'
import type { GroupSlice } from '../network/slices/group-slice.js'
import { isWhole } from '../network/slices/group-slice.js'
import { BLOCK } from '../numerics/block-sum.js'
import type { LatencyOf } from './least-latency.js'
import { CYCLE_REMEDY, describeCycle, findQuickCycles } from './quick-cycles.js'
import { describeSlice, type SlicesPerCore } from './slices.js'

/** A slice, its core and where it stands in the list. */
export interface Held extends GroupSlice {
  readonly core: number
  readonly field: string
}

/**
 * Refuses slices that do not hold every unit of the network exactly once, or that cut what cannot be cut.
 *
 * Raises `InputError`: `PLACEMENT_CORE_EMPTY`, `PLACEMENT_GROUP_UNKNOWN`, `PLACEMENT_SLICE_INVALID`, `PLACEMENT_CUT`
 * (not between blocks of 32, or of an actor that is whole), `PLACEMENT_GROUP_TWICE` (two slices of a group on one core),
 * `PLACEMENT_OVERLAP`, `PLACEMENT_GAP`, `PLACEMENT_CYCLE` (a cycle over several cores that may take less than
 * MINIMAL_CYCLE_DELAY).
 */
export function requireSlices(network: Network, cores: SlicesPerCore, latencyOf: LatencyOf = () => 0): void {
  const held = requireCovering(network, cores, {
    nameOf: (core) => `core ${core}`,
    checkTwins: (slice, twin) => {
      const found = `${describeSlice(twin)} and ${describeSlice(slice)} on core ${slice.core}`
      throw refusal('PLACEMENT_GROUP_TWICE', slice.field, found, 'at most one slice of a group on a core')
    },
  })
  requireCycles(network, held, latencyOf)
}

export interface CoveringRules {
  /** What errors call the core at a place in the list. */
  nameOf(core: number): string
  /** What is done about a second slice of a group on a core. */
  checkTwins(slice: Held, twin: Held): void
}

/**
 * Refuses slices that do not hold every unit of the network exactly once, or are cut inside of blocks.
 *
 * @returns the slices of each group
 */
export function requireCovering(
  network: Network,
  cores: SlicesPerCore,
  { nameOf, checkTwins }: CoveringRules,
): ReadonlyMap<string, readonly Held[]> {
  readNetwork(network)
  if (readList(cores, 'cores').length === 0)
    throw refusal('PLACEMENT_CORE_EMPTY', 'cores', 'no cores', 'at least one core')
  const table = createSliceTable(network)
  cores.forEach((slices, core) => {
    const place = `cores[${core}].slices`
    if (readList(slices, place).length === 0)
      throw refusal('PLACEMENT_CORE_EMPTY', place, 'no slices', 'at least one slice')
    slices.forEach((slice, index) => {
      const field = `${place}[${index}]`
      readRecord(slice, field)
      const here = { ...slice, core, field }
      const { group, last } = table.add(here)
      requireBlocks(here, group)
      if (last?.core === core) checkTwins(here, last)
    })
  })
  table.requireOnce(nameOf, 'exactly one core')
  return table.held
}

/** Refuses slices of no group, or of units that the group does not have, and collects the others by group. */
export function createSliceTable({ groups }: Network) {
  const known = new Map(groups.map((group) => [group.name, group]))
  const held = new Map<string, Held[]>(groups.map(({ name }) => [name, []]))
  return { held, add, requireOnce }

  /** Returns the group, and the slice of it that was added before. */
  function add(slice: Held): { readonly group: Group; readonly last: Held | undefined } {
    const { group: name, start, end, field } = slice
    const [group, slices] = [known.get(name), held.get(name)]
    if (group === undefined || slices === undefined) {
      const expected = `one of the groups ${[...known.keys()].join(', ')}`
      throw refusal('PLACEMENT_GROUP_UNKNOWN', `${field}.group`, describeValue(name), expected)
    }
    const isRange = Number.isInteger(start) && Number.isInteger(end) && start >= 0 && start < end && end <= group.size
    if (!isRange) {
      const expected = `a slice of ${name} with 0 <= start < end <= ${group.size}`
      throw refusal('PLACEMENT_SLICE_INVALID', field, describeSlice(slice), expected)
    }
    const last = slices.at(-1)
    slices.push(slice)
    return { group, last }
  }

  function requireOnce(nameOf: CoveringRules['nameOf'], cores: 'exactly one core' | 'at most one core'): void {
    for (const { name, size } of groups) {
      const fault = (code: string, slice: Slice, where: string) =>
        refusal(code, name, `${describeSlice({ group: name, ...slice })} ${where}`, `every unit of ${name} on ${cores}`)
      const mayMiss = cores === 'at most one core'
      let before: Pick<Held, 'end' | 'core'> = { end: 0, core: -1 }
      for (const slice of [...(held.get(name) ?? [])].sort((a, b) => a.start - b.start)) {
        const { start, end, core } = slice
        if (start > before.end && !mayMiss)
          throw fault('PLACEMENT_GAP', { start: before.end, end: start }, 'on no core')
        if (start < before.end) {
          const shared = { start, end: Math.min(before.end, end) }
          throw fault('PLACEMENT_OVERLAP', shared, `on ${nameOf(before.core)} and on ${nameOf(core)}`)
        }
        before = slice
      }
      if (size > before.end && !mayMiss) throw fault('PLACEMENT_GAP', { start: before.end, end: size }, 'on no core')
    }
  }
}

/** Refuses a slice that is cut inside of a block, or of an actor that is whole. */
function requireBlocks(slice: Held, group: Group): void {
  const { start, end, field } = slice
  const { name, size } = group
  if (isWhole(group) && end - start < size)
    throw refusal('PLACEMENT_CUT', field, describeSlice(slice), `all of ${name}, an actor that is whole`)
  if (start % BLOCK === 0 && (end % BLOCK === 0 || end === size)) return
  const expected = `cuts between blocks of ${BLOCK} neurons`
  throw refusal('PLACEMENT_CUT', field, describeSlice(slice), expected)
}

function requireCycles(network: Network, held: ReadonlyMap<string, readonly Held[]>, latencyOf: LatencyOf): void {
  const { tight } = findQuickCycles(network, latencyOf)
  for (const { name } of network.groups) {
    const quickCycle = tight(name)
    if (quickCycle === undefined || quickCycle.groups[0] !== name) continue
    const cores = new Set(quickCycle.groups.flatMap((group) => (held.get(group) ?? []).map(({ core }) => core)))
    if (cores.size === 1) continue
    const latency = quickCycle.cycle.reduce((sum, source, k) => {
      return sum + latencyOf({ source, target: quickCycle.cycle[(k + 1) % quickCycle.cycle.length] as string })
    }, 0)
    const ofIt = latency === 0 ? '' : `, ${inMs(latency)} of it for the way between cores`
    const why =
      quickCycle.delay === 0
        ? 'nothing says that the cycle has a delay'
        : `the cycle may take only ${inMs(quickCycle.delay)}${ofIt}`
    throw new InputError({
      code: 'PLACEMENT_CYCLE',
      field: quickCycle.cycle[0] as string,
      found: `the cycle ${describeCycle(quickCycle.cycle)} over cores ${[...cores].sort((a, b) => a - b).join(', ')}`,
      expected: `${quickCycle.groups.join(', ')} on one core, for ${why}`,
      remedy: `Keep them together, or ${CYCLE_REMEDY}`,
    })
  }
}

function inMs(time: number): string {
  return `${Number(time.toPrecision(6))} ms`
}

function refusal(code: string, field: string, found: string, expected: string): InputError {
  return new InputError({ code, field, found, expected })
}
