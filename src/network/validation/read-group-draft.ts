import { entryOf } from '../../events/by-name.js'
import { InputError } from '../../events/errors.js'
import type { Emission } from '../description/emission.js'
import type { Group, Quantity, SourceGroup, SynapticTimeConstants } from '../description/network.js'
import { isSpiking, modelOf, NEURON_MODELS, type NeuronGroups } from '../models/models.js'
import { defaultsOf, type NeuronModel } from '../models/neuron-model.js'
import { describeValue, eitherOf } from '../reading/describe-value.js'
import { refuseUnknown } from '../reading/read-fields.js'
import { numbersThat } from '../reading/read-list.js'
import { numberThat } from '../reading/read-number.js'
import { type Reader, valueThat } from '../reading/read-value.js'
import { optional, variantOf, withDefault } from '../reading/read-variant.js'
import { wrongShape } from '../reading/wrong-value.js'
import { EMISSION_TIME_RULE, PERIOD_RULE, RATE_RULE, SCALE_RULE, TIME_CONSTANT } from './quantity-rule.js'
import { readActor } from './read-actor.js'
import { isInitializer, quantityOf } from './read-quantity.js'
import { readUserName } from './read-user-name.js'

/** An emission whose every field is known and in range; raises `EMISSION_PROCESS_UNKNOWN` and the codes of its numbers. */
function emissionOf(size: number): Reader<Emission> {
  const span = { start: withDefault(readTime, 0), stop: optional(readTime) as Reader<number> }
  const read = variantOf<Emission, 'process'>(
    'process',
    {
      regular: { period: quantityOf(PERIOD_RULE, size), ...span },
      poisson: { rate: quantityOf(RATE_RULE, size), ...span },
      inhomogeneousPoisson: {
        times: readRisingTimes,
        rates: numbersThat(RATE_RULE),
        scale: withDefault(quantityOf(SCALE_RULE, size), 1),
      },
    },
    { code: 'EMISSION_PROCESS_UNKNOWN' },
  )
  return (value, field) => {
    const emission = read(value, field)
    if (emission.process === 'inhomogeneousPoisson') requireRates(emission, field)
    else requireSpan(emission, field)
    return emission
  }
}

const readTime = numberThat(EMISSION_TIME_RULE)

const readTimes = numbersThat(EMISSION_TIME_RULE)

const readRisingTimes: Reader<readonly number[]> = (value, field) => {
  const times = readTimes(value, field)
  if (times.length === 0) throw wrongShape(field, 'no time', 'at least one')
  const late = times.findIndex((time, j) => j > 0 && time <= (times[j - 1] as number))
  if (late < 0) return times
  throw new InputError({
    code: 'EMISSION_TIMES_NOT_RISING',
    field: `${field}[${late}]`,
    found: `${times[late]} after ${times[late - 1]}`,
    expected: 'times that rise',
  })
}

function requireRates({ times, rates }: { times: readonly number[]; rates: readonly number[] }, place: string): void {
  if (rates.length !== times.length) throw wrongShape(`${place}.rates`, `${rates.length} values`, `${times.length}`)
}

function requireSpan({ start, stop }: { start: number; stop?: number }, place: string): void {
  if (stop === undefined || stop > start) return
  throw new InputError({
    code: 'EMISSION_STOP_NOT_AFTER_START',
    field: `${place}.stop`,
    found: String(stop),
    expected: `a time in ms after the start, ${start}`,
  })
}

/** A group as it was handed over, and where. */
export interface GroupDraft {
  readonly place: string
  readonly name: unknown
  /** `kind`, `size` and the quantities of the kind. */
  readonly fields: Readonly<Record<string, unknown>>
  /** Against which paths of modules are resolved; null: no module may be named. */
  readonly modules?: string | null
}

/** Spikes carry their unit in 32 bits. */
export const LARGEST_SIZE = 2 ** 24

/** A group whose every field is known, there, of the right shape and in range; defaults filled in. */
export function readGroupDraft({ place, name: givenName, fields: given, modules }: GroupDraft): Group {
  const name = readUserName(givenName, `${place}.name`)
  switch (given.kind) {
    case 'source':
      return { name, ...readSourceGroup(given, place) }
    case 'actor':
      return {
        name,
        kind: 'actor',
        size: readSize(given.size, `${place}.size`),
        ...readActor(given, place, modules),
      }
  }
  const model = typeof given.kind === 'string' ? modelOf({ kind: given.kind }) : null
  if (model !== null) return { name, ...readNeuronGroup(given, model, place) }
  throw new InputError({
    code: 'GROUP_KIND_UNKNOWN',
    field: `${place}.kind`,
    found: describeValue(given.kind),
    expected: eitherOf(['source', ...Object.keys(NEURON_MODELS), 'actor']),
  })
}

function readSourceGroup(given: Readonly<Record<string, unknown>>, place: string): SourceGroup {
  refuseUnknown(given, ['kind', 'size', 'emission'], place)
  const size = readSize(given.size, `${place}.size`)
  if (given.emission === undefined) return { kind: 'source', size }
  return { kind: 'source', size, emission: emissionOf(size)(given.emission, `${place}.emission`) }
}

const readSize = valueThat<number>({
  code: 'GROUP_SIZE_INVALID',
  expected: `an integer from 1 to ${LARGEST_SIZE}`,
  holds: (size) => Number.isInteger(size) && Number(size) > 0 && Number(size) <= LARGEST_SIZE,
})

function readNeuronGroup(given: Readonly<Record<string, unknown>>, model: NeuronModel, place: string): NeuronGroups {
  const fields: Readonly<Record<string, unknown>> = { ...defaultsOf(model), ...given }
  const size = readSize(given.size, `${place}.size`)
  refuseUnknown(fields, ['kind', 'size', ...Object.keys(model.fields), 'tauSyn', 'tauSynExc', 'tauSynInh'], place)
  const quantities = Object.entries(model.fields).map(([field, { rule }]) => {
    return [field, quantityOf(rule, size)(entryOf(fields, field), `${place}.${field}`)] as const
  })
  const synaptic = readSynapticTimeConstants(fields, model, size, place)
  const group = { kind: model.kind, size, ...Object.fromEntries(quantities), ...synaptic } as NeuronGroups
  if (isSpiking(group)) refuseHighReset(group.vReset, group.threshold, size, place)
  return group
}

function readSynapticTimeConstants(
  { tauSyn, tauSynExc, tauSynInh }: Readonly<Record<string, unknown>>,
  model: NeuronModel,
  size: number,
  place: string,
): SynapticTimeConstants {
  if (tauSynExc === undefined && tauSynInh === undefined)
    return { tauSyn: quantityOf(model.tauSyn, size)(tauSyn, `${place}.tauSyn`) }
  if (tauSyn === undefined) {
    const read = quantityOf(TIME_CONSTANT, size)
    return { tauSynExc: read(tauSynExc, `${place}.tauSynExc`), tauSynInh: read(tauSynInh, `${place}.tauSynInh`) }
  }
  throw new InputError({
    code: 'TAU_SYN_AMBIGUOUS',
    field: `${place}.tauSyn`,
    found: 'tauSyn beside tauSynExc or tauSynInh',
    expected: 'either tauSyn, or both tauSynExc and tauSynInh',
  })
}

function refuseHighReset(vReset: Quantity, threshold: Quantity, size: number, place: string): void {
  // What a distribution draws is checked once it is drawn.
  if (isInitializer(vReset) || isInitializer(threshold)) return
  const neurons = typeof vReset === 'number' && typeof threshold === 'number' ? 1 : size
  for (let neuron = 0; neuron < neurons; neuron++) {
    const reset = valueAt(vReset, neuron)
    const limit = valueAt(threshold, neuron)
    if (reset < limit) continue
    const field = typeof vReset === 'number' ? `${place}.vReset` : `${place}.vReset[${neuron}]`
    throw resetNotBelowThreshold(field, reset, limit)
  }
}

function valueAt(quantity: number | readonly number[], neuron: number): number {
  return typeof quantity === 'number' ? quantity : (quantity[neuron] as number)
}

/** The error for a neuron that would be at its threshold right after a spike. */
export function resetNotBelowThreshold(field: string, vReset: number, threshold: number): InputError {
  return new InputError({
    code: 'RESET_NOT_BELOW_THRESHOLD',
    field,
    found: String(vReset),
    expected: `a voltage below the threshold, ${threshold}`,
  })
}
