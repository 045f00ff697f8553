import { entryOf } from '../../events/by-name.js'
import { InputError } from '../../events/errors.js'
import type { SpikeTrains } from '../../events/spike-trains.js'
import { copyOfTrains } from '../../events/spike-trains.js'
import type { Placement } from '../../hardware/placement.js'
import { type PlacementIdentity, placementIdentity } from '../../hardware/placement-hash.js'
import { requireRecordedGroups } from '../../learning/require-recorded-groups.js'
import { requireTrials } from '../../learning/require-trials.js'
import type { Network } from '../../network/description/network.js'
import { isReadout, respondsInSpikes } from '../../network/models/models.js'
import { type Readers, readOptions } from '../../network/reading/read-fields.js'
import { readAnyNumber } from '../../network/reading/read-number.js'
import { asGiven, readRecord } from '../../network/reading/read-value.js'
import { isWhole } from '../../network/slices/group-slice.js'
import { ARITHMETIC_VERSION } from '../../numerics/arithmetic-version.js'
import { isLive, type LiveInput } from './live-source.js'
import { hasState, type SimulationState } from './simulation-state.js'
import type { StreamOptions } from './spike-stream.js'

/** In ms: shorter ones would cost more than what happens in them. */
const SHORTEST_SEGMENT = 1e-3

/** The options of a stream, complete and checked. A stream lasts: nothing in them is the caller's any more. */
export interface StreamSettings {
  readonly until: number
  readonly given: Readonly<Record<string, SpikeTrains>>
  readonly live: Readonly<Record<string, LiveInput>>
  readonly record: readonly string[]
  /** Null: as the spikes allow. */
  readonly segment: number | null
  readonly from: SimulationState | null
  /** Of the states that are saved. */
  readonly identity: PlacementIdentity
}

const READERS: Readers<StreamOptions> = {
  until: readAnyNumber,
  inputs: asGiven,
  record: asGiven,
  segment: readAnyNumber,
  from: asGiven,
}

/**
 * Raises `InputError` as `requireTrials` and `requireRecordedGroups` do, RECORD_KIND for a readout to record, SEGMENT_INVALID,
 * STATE_FOREIGN for a state that does not fit the network, STATE_ARITHMETIC for one of another version of the arithmetic,
 * STATE_PLACEMENT for one with the latencies of another placement, and UNTIL_PASSED for one behind the end.
 */
export function streamSettings(network: Network, placement: Placement, options: StreamOptions): StreamSettings {
  const identity = placementIdentity(placement)
  const { until = Infinity, inputs = {}, segment = null, from = null, record } = readOptions(options, READERS)
  const fed = Object.entries(readRecord(inputs, 'options.inputs') as NonNullable<StreamOptions['inputs']>)
  const live = Object.fromEntries(fed.filter((entry): entry is [string, LiveInput] => isLive(entry[1])))
  const given = Object.fromEntries(fed.filter((entry): entry is [string, SpikeTrains] => !isLive(entry[1])))
  const empty = { offsets: Uint32Array.of(0, 0), times: new Float64Array(0), units: new Uint32Array(0) }
  const names = Object.fromEntries(Object.keys(live).map((name) => [name, empty]))
  const checked = requireTrials(network, { count: 1, until, inputs: { ...given, ...names } }, null).inputs
  if (segment !== null && !(segment >= SHORTEST_SEGMENT && segment < Infinity))
    fail('SEGMENT_INVALID', 'options.segment', String(segment), `a finite length of at least ${SHORTEST_SEGMENT} ms`)
  if (from !== null) requireStreamState(network, identity, from)
  if (from !== null && from.time > until)
    fail('UNTIL_PASSED', 'options.until', `${until} ms`, `${from.time} ms or later, where options.from stands`)
  const plain = Object.fromEntries(
    Object.keys(given).map((name) => [name, copyOfTrains(entryOf(checked, name) as SpikeTrains)]),
  )
  const recorded = [...recordOf(network, record)]
  return {
    until,
    given: plain,
    live,
    record: recorded,
    segment,
    from: from === null ? null : structuredClone(from),
    identity,
  }
}

function recordOf(network: Network, given: readonly string[] | undefined): readonly string[] {
  if (given === undefined) return network.groups.filter(respondsInSpikes).map(({ name }) => name)
  requireRecordedGroups(network, given)
  const readout = network.groups.find((group) => isReadout(group) && given.includes(group.name))
  if (readout !== undefined)
    fail(
      'RECORD_KIND',
      'options.record',
      `"${readout.name}", a readout`,
      'groups that spike: of sources, LIF neurons or actors',
    )
  return given
}

function requireStreamState(
  { groups, projections }: Network,
  { chipPlacement }: PlacementIdentity,
  from: SimulationState,
): void {
  const given = readRecord(from, 'options.from')
  const time = readAnyNumber(given.time, 'options.from.time')
  readAnyNumber(given.segment, 'options.from.segment')
  const states = readRecord(given.groups, 'options.from.groups') as SimulationState['groups']
  const inFlight = readRecord(given.inFlight, 'options.from.inFlight') as SimulationState['inFlight']
  const moving = groups.filter(hasState)
  const fits = moving.every((group) => {
    const columns = Object.values(entryOf(states, group.name) ?? {})
    const isOfUnits = (column: unknown) =>
      column instanceof Float64Array && (isWhole(group) || column.length === group.size)
    // What an actor remembers is its own business; it may be nothing.
    return (group.kind === 'actor' || columns.length > 0) && columns.every(isOfUnits)
  })
  if (given.chipPlacement !== chipPlacement)
    fail(
      'STATE_PLACEMENT',
      'options.from.chipPlacement',
      placementInWords(given.chipPlacement),
      placementInWords(chipPlacement),
    )
  const counts = given.sent as SimulationState['sent']
  const isCounted = ({ key, source, through }: Network['projections'][number]) => {
    const sent = entryOf(counts, key)
    const size = groups.find(({ name }) => name === source)?.size
    return through === undefined ? sent === undefined : sent instanceof Float64Array && sent.length === size
  }
  const isComplete = projections.every((each) => entryOf(inFlight, each.key) !== undefined && isCounted(each))
  if (time >= 0 && fits && isComplete) {
    requireSameArithmetic(given.arithmetic)
    return
  }
  const found = `one at ${time} ms of the groups ${Object.keys(states).join(', ')}`
  fail(
    'STATE_FOREIGN',
    'options.from',
    found,
    `a state of ${moving.map(({ name }) => name).join(', ')}, of their sizes`,
  )
}

function requireSameArithmetic(version: unknown): void {
  if (version === ARITHMETIC_VERSION) return
  throw new InputError({
    code: 'STATE_ARITHMETIC',
    field: 'options.from.arithmetic',
    found: version === undefined ? 'none: a state of version 8 or before' : `version ${String(version)}`,
    expected: `version ${ARITHMETIC_VERSION}`,
    remedy: 'Run the simulation again from its start, or go on with the version of antidrome that saved the state.',
  })
}

function placementInWords(hash: unknown): string {
  return hash === undefined ? 'a placement without latencies' : `the latencies of the placement ${String(hash)}`
}

function fail(code: string, field: string, found: string, expected: string): never {
  throw new InputError({ code, field, found, expected })
}
