import { byName } from '../../../events/by-name.js'
import { isDeepEqual } from '../../../events/is-deep-equal.js'
import type { SpikeTrains } from '../../../events/spike-trains.js'
import { readOptimizerMemory } from '../../../learning/optimizers/read-memory.js'
import { readOptimizerKind } from '../../../learning/optimizers/read-optimizer.js'
import { PARAMETER_KINDS } from '../../../learning/parameter-kinds.js'
import { requireTrains } from '../../../learning/require-trials.js'
import type { OptimizerMemory } from '../../../learning/session.js'
import { isGiven } from '../../../network/description/given-source.js'
import type { Group } from '../../../network/description/network.js'
import { TAU_FIELDS } from '../../../network/description/time-constants.js'
import { learnableOf } from '../../../network/models/models.js'
import { type LearnedField, NEURON_PARAMETERS } from '../../../network/models/neuron-model.js'
import { describeValue } from '../../../network/reading/describe-value.js'
import { ANY_NUMBER, doublesThat } from '../../../network/reading/read-array.js'
import { mapOf } from '../../../network/reading/read-fields.js'
import { listOf, oneOfEach, tupleOf } from '../../../network/reading/read-list.js'
import type { NumberRule } from '../../../network/reading/read-number.js'
import {
  asGiven,
  type Fields,
  type Reader,
  readRecord,
  readString,
  wordOf,
} from '../../../network/reading/read-value.js'
import { formOf, optional } from '../../../network/reading/read-variant.js'
import { wrongShape } from '../../../network/reading/wrong-value.js'
import { isWhole } from '../../../network/slices/group-slice.js'
import type { UnitStates } from '../../group/run.js'
import { arrayOf, memoryOf } from '../learning/slice-parameters.js'
import type { ArrayName, SliceParameters, SliceState, SliceTaus } from '../partition.js'
import type { HeldCore } from './held-core.js'
import type { HeldSlice } from './held-slices.js'

/** What the coordinator knows already: anything else is refused. */
export function sameAs<Value>(expected: Value): Reader<Value> {
  return (value, field) => {
    if (isDeepEqual(value, expected)) return expected
    throw wrongShape(field, describeValue(value), JSON.stringify(expected))
  }
}

/** What tells slices apart in a list of them. */
export const sliceKey = ({ group, start }: Fields | Pick<HeldSlice, 'group' | 'start'>): string =>
  `${String(group)} from ${String(start)}`

/** Readers of what is reported of each of some slices. */
export function bySlice<Entry>(
  held: readonly HeldSlice[],
  readerOf: (slice: HeldSlice) => Reader<Entry>,
): ReadonlyMap<string, Reader<Entry>> {
  return new Map(held.map((slice) => [sliceKey(slice), readerOf(slice)]))
}

/** The learnable numbers of all slices of a core, or their gradients, which may be beyond the range of a double. */
export function slicesReader(
  held: readonly HeldSlice[],
  what: 'parameters' | 'gradients',
): Reader<readonly SliceParameters[]> {
  const rule = what === 'gradients' ? ANY_NUMBER : undefined
  return oneOfEach(
    bySlice(held, (slice) => sliceReader(slice, rule)),
    sliceKey,
  )
}

function sliceReader(slice: HeldSlice, rule?: NumberRule): Reader<SliceParameters> {
  const { group, start, size, described, projections, taus } = slice
  const ofNeurons = doublesThat(size, rule)
  const learned: readonly string[] = ['bias', ...learnableOf(described).map(({ field }) => field)]
  const numbers = Object.values(NEURON_PARAMETERS).map((field) => {
    return [field, learned.includes(field) ? ofNeurons : sameAs(null)] as const
  })
  const tausOf = Object.fromEntries(taus.map(({ field, count }) => [field, doublesThat(count, rule)]))
  return formOf<SliceParameters>({
    group: sameAs(group),
    start: sameAs(start),
    // As many as there are is drawn, so only when they come.
    projections: (value, field) =>
      tupleOf(
        projections.map(({ key, weights, delays }) =>
          formOf<SliceParameters['projections'][number]>({
            key: sameAs(key),
            weights: doublesThat(weights(), rule),
            delays: doublesThat(delays(), rule),
          }),
        ),
      )(value, field),
    ...(Object.fromEntries(numbers) as { readonly [Field in LearnedField]: Reader<never> }),
    taus: formOf(tausOf) as Reader<SliceTaus>,
  })
}

/**
 * What the slices of a core have learned.
 *
 * @param remembered arrays of which every slice that holds one has an entry
 */
export function statesReader(
  held: readonly HeldSlice[],
  remembered: readonly ArrayName[],
): Reader<readonly SliceState[]> {
  return oneOfEach(
    bySlice(held, (slice) => (value, field) => {
      const { parameters } = formOf<SliceState>({ parameters: sliceReader(slice), memories: asGiven })(value, field)
      const { memories } = value as Fields
      const place = `${field}.memories`
      const read = readMemories(memories, place, parameters)
      requireAll(read, place, { parameters, remembered })
      return { parameters, memories: read }
    }),
    (state, field) => sliceKey(readRecord(state.parameters, `${field}.parameters`)),
  )
}

/** Each array of a slice is remembered once at most. */
function readMemories(value: unknown, field: string, slice: SliceParameters): readonly OptimizerMemory[] {
  const seen = new Set<string>()
  return listOf((entry, place): OptimizerMemory => {
    const memory = formOf<OptimizerMemory>({
      kind: wordOf(PARAMETER_KINDS),
      of: readString,
      field: optional(wordOf(TAU_FIELDS)),
      method: readOptimizerKind,
      scalars: asGiven,
      moments: asGiven,
    })(entry, place)
    const { kind, of, field: tau } = memory
    const array = arrayOf(slice, memory)
    const name = `${tau ?? kind} of ${describeValue(of)}`
    if (array === null || array.length === 0 || seen.has(name))
      throw wrongShape(place, name, 'something that the slice learns, once')
    seen.add(name)
    const plain = readOptimizerMemory(memory.method, memory, place)
    const moments = plain.moments.map((moment, k) => doublesThat(array.length)(moment, `${place}.moments[${k}]`))
    return { ...memory, ...plain, moments }
  })(value, field)
}

/** An optimiser without the memory of an array of a slice continues with other numbers than one that has it. */
function requireAll(
  memories: readonly OptimizerMemory[],
  field: string,
  { parameters, remembered }: { readonly parameters: SliceParameters; readonly remembered: readonly ArrayName[] },
): void {
  const missing = remembered.find((array) => {
    const { length = 0 } = arrayOf(parameters, array) ?? []
    return length > 0 && memoryOf(memories, array) === undefined
  })
  if (missing === undefined) return
  const { kind, of, field: tau = kind } = missing
  throw wrongShape(field, `none of ${tau} of ${describeValue(of)}`, 'one of each array that the slice has learned')
}

/** Spikes of some units of a group, in the given number of trials. */
export function trainsReader(trials: number, { start, end }: { readonly start: number; readonly end: number }) {
  return (value: unknown, field: string) => {
    const trains = requireTrains(field, value as Parameters<typeof requireTrains>[1], trials, end)
    const stranger = start === 0 ? -1 : trains.units.findIndex((unit) => unit < start)
    if (stranger < 0) return trains
    throw wrongShape(
      `${field}.units[${stranger}]`,
      String(trains.units[stranger]),
      `a unit from ${start} to ${end - 1}`,
    )
  }
}

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
