import { InputError } from '../../events/errors.js'
import { isGiven } from '../../network/description/given-source.js'
import type { Group, Network, Projection } from '../../network/description/network.js'
import { hasNeurons, isReadout } from '../../network/models/models.js'
import { describeValue } from '../../network/reading/describe-value.js'
import { suggestionFor } from '../../network/reading/nearest-name.js'
import { type Readers, readOptions, readRequired } from '../../network/reading/read-fields.js'
import { readNumbers } from '../../network/reading/read-list.js'
import { integerFrom, numberThat } from '../../network/reading/read-number.js'
import { wordOf } from '../../network/reading/read-value.js'
import type { VoltagesOrder } from '../partition/partition.js'
import type { VoltageOptions, WatchOptions } from './watched.js'

const READERS: Readers<WatchOptions> = { overflow: wordOf(['drop', 'wait']), buffer: integerFrom(1) }

/** Number of batches that wait for the iterating consumer. */
const BUFFER = 16

/** Complete and checked; raises `InputError` FIELD_TYPE, FIELD_UNKNOWN and OPTION_OUT_OF_RANGE. */
export function readWatchOptions(given: WatchOptions = {}): Required<WatchOptions> {
  const { overflow = 'drop', buffer = BUFFER } = readOptions(given, READERS)
  return { overflow, buffer }
}

const VOLTAGE_READERS: Readers<VoltageOptions> = {
  ...READERS,
  units: readNumbers,
  every: numberThat({ expected: 'a finite number of ms above 0', holds: (value) => value > 0 }),
}

export interface ReadVoltageOptions {
  readonly watch: WatchOptions
  readonly asked: Omit<VoltagesOrder, 'id'>
}

/**
 * Raises `InputError` as `readWatchOptions` and `requireSpiking` do, FIELD_MISSING, and UNIT_UNKNOWN for units that are not
 * there or come twice.
 */
export function readVoltageOptions(network: Network, name: string, given: VoltageOptions): ReadVoltageOptions {
  const group = requireGroup(network, name)
  if (!hasNeurons(group)) {
    const found = `"${name}", ${group.kind === 'source' ? 'a source' : 'an actor'}`
    throw wrongKind('group', found, 'a group of neurons: they have voltages, others have none')
  }
  const { units: asked, every, ...watch } = readRequired(given, VOLTAGE_READERS, ['every'])
  const units = asked === undefined ? Array.from({ length: group.size }, (_, k) => k) : Array.from(asked)
  const wrong = units.findIndex(
    (unit, k) => !(Number.isInteger(unit) && unit >= 0 && unit < group.size) || units.indexOf(unit) < k,
  )
  if (wrong >= 0)
    throw new InputError({
      code: 'UNIT_UNKNOWN',
      field: `options.units[${wrong}]`,
      found: describeValue(units[wrong]),
      expected: `units from 0 to ${group.size - 1}, each once`,
    })
  return { watch, asked: { group: name, units: Uint32Array.from(units), every } }
}

/** Raises `InputError` GROUP_UNKNOWN, and WATCH_KIND for a group that has no spikes. */
export function requireSpiking(network: Network, name: string): Group {
  const group = requireGroup(network, name)
  if (isReadout(group))
    throw wrongKind('group', `"${name}", a readout`, 'a group that spikes: a source, LIF neurons or an actor')
  return group
}

function requireGroup({ groups }: Network, name: string): Group {
  const found = groups.find((group) => group.name === name)
  if (found !== undefined) return found
  const names = groups.map((group) => group.name)
  throw unknown({ code: 'GROUP_UNKNOWN', field: 'group', name, names, expected: 'a group of the network' })
}

/** Raises `InputError` PROJECTION_UNKNOWN, and WATCH_KIND for a projection along which no gradients return. */
export function requireReturned({ groups, projections }: Network, key: string): Projection {
  const found = projections.find((projection) => projection.key === key)
  if (found === undefined) {
    const names = projections.map((projection) => projection.key)
    const expected = 'the key of a projection'
    throw unknown({ code: 'PROJECTION_UNKNOWN', field: 'projection', name: key, names, expected })
  }
  const source = groups.find(({ name }) => name === found.source)
  if (source?.kind === 'source' && !isGiven(source))
    throw wrongKind(
      'projection',
      `"${key}", from a source that emits by itself`,
      'a projection from neurons, or from a source that is given its spikes',
    )
  return found
}

interface UnknownName {
  readonly code: string
  readonly field: string
  readonly name: unknown
  readonly names: readonly string[]
  readonly expected: string
}

function unknown({ code, field, name, names, expected }: UnknownName): InputError {
  const listed = `${expected}: ${names.join(', ')}`
  return new InputError({ code, field, found: describeValue(name), expected: listed, ...suggestionFor(name, names) })
}

function wrongKind(field: string, found: string, expected: string): InputError {
  return new InputError({ code: 'WATCH_KIND', field, found, expected })
}
