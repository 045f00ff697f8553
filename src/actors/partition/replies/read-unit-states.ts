import { byName } from '../../../events/by-name.js'
import type { SpikeTrains } from '../../../events/spike-trains.js'
import { isGiven } from '../../../network/description/given-source.js'
import type { Group } from '../../../network/description/network.js'
import { ANY_NUMBER, doublesThat } from '../../../network/reading/read-array.js'
import { mapOf } from '../../../network/reading/read-fields.js'
import { oneOfEach } from '../../../network/reading/read-list.js'
import type { Reader } from '../../../network/reading/read-value.js'
import { formOf, optional } from '../../../network/reading/read-variant.js'
import { isWhole } from '../../../network/slices/group-slice.js'
import type { UnitStates } from '../../group/run.js'
import type { HeldCore } from './held-core.js'
import { sameAs, sliceKey, trainsReader } from './read-slices.js'

/** What moves by itself on a core. */
interface MovingSlice {
  readonly group: string
  readonly start: number
  readonly size: number
  readonly described: Group
}

/** The states of the slices of a core between two segments of a stream; what their columns are called is for kernels to say. */
export function unitStatesReader(held: HeldCore): Reader<readonly UnitStates[]> {
  const emitting = held.sources
    .filter(({ described }) => !isGiven(described))
    .map(({ name: group, start, end, described }) => ({ group, start, size: end - start, described }))
  const moving: readonly MovingSlice[] = [...held.slices, ...emitting]
  return oneOfEach(new Map(moving.map((slice) => [sliceKey(slice), stateReader(held, slice)])), sliceKey)
}

function stateReader({ network }: HeldCore, { group, start, size, described }: MovingSlice): Reader<UnitStates> {
  const incoming = network.projections.filter(({ target }) => target === group)
  const sizeOf = (name: string) => network.groups.find((each) => each.name === name)?.size ?? 0
  const inFlight = incoming.map(({ key, source }) => [key, trainsReader(1, { start: 0, end: sizeOf(source) })] as const)
  const sent = incoming.map(({ key, source }) => [key, optional(doublesThat(sizeOf(source)))] as const)
  return formOf<UnitStates>({
    group: sameAs(group),
    start: sameAs(start),
    columns: mapOf(doublesThat(isWhole(described) ? null : size, ANY_NUMBER)),
    inFlight: formOf(byName(inFlight)) as Reader<Readonly<Record<string, SpikeTrains>>>,
    sent: optional(formOf(byName(sent)) as Reader<NonNullable<UnitStates['sent']>>),
  })
}
