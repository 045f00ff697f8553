import { InputError } from '../../events/errors.js'
import { describeValue } from '../../network/reading/describe-value.js'
import { countOf } from './name-range.js'
import type { YamlSpot } from './yaml-spot.js'

/** What an event costs, J, or takes, s, by the unit that it happens in; the unit that SANA-FE takes by default first. */
export interface UnitCosts {
  readonly energy: readonly number[]
  readonly latency: readonly number[]
}

/** A kind of core of an architecture. */
export interface ArchitectureCore {
  /** Cores of a tile. */
  readonly count: number
  readonly neurons: number
  /** Before or within which unit what arrives waits for the end of the step. */
  readonly buffer: { readonly position: 'dendrite' | 'soma' | 'axon_out'; readonly isInside: boolean }
  readonly messageIn: UnitCosts
  readonly messageOut: UnitCosts
  readonly synapse: UnitCosts
  readonly dendrite: UnitCosts
  readonly access: UnitCosts
  readonly update: UnitCosts
  readonly spikeOut: UnitCosts
  /** Costs of input units, which are expected to have none. */
  readonly inputs: readonly { readonly place: string; readonly value: number }[]
}

const POSITIONS = ['dendrite', 'soma', 'axon_out'] as const
const SOMA_EVENTS = ['access_neuron', 'update_neuron', 'spike_out'] as const

export function readCore(spot: YamlSpot): ArchitectureCore {
  const count = countOf(spot.child('name', 'the name of a core'))
  const attributes = spot.child('attributes', 'the attributes of a core')
  const somas = unitsOf(spot, 'soma')
  const inputs = somas.filter(({ model }) => model === 'input')
  const neurons = somas.filter(({ model }) => model !== 'input')
  return {
    count,
    neurons: attributes.child('max_neurons_supported', 'how many neurons a core has room for').count(),
    buffer: readBuffer(attributes),
    messageIn: messagesOf(spot, 'axon_in', 'message_in'),
    messageOut: messagesOf(spot, 'axon_out', 'message_out'),
    synapse: costsOf(unitsOf(spot, 'synapse'), 'process_spike'),
    dendrite: costsOf(unitsOf(spot, 'dendrite'), 'update'),
    access: somaCosts(neurons, 'access_neuron'),
    update: somaCosts(neurons, 'update_neuron'),
    spikeOut: somaCosts(neurons, 'spike_out'),
    inputs: inputs.flatMap(({ attributes: own }) =>
      SOMA_EVENTS.flatMap((event) => [`energy_${event}`, `latency_${event}`]).flatMap((name) => {
        const found = own.find(name)
        return found === null ? [] : [{ place: found.place, value: found.number() }]
      }),
    ),
  }
}

interface Unit {
  readonly model: string
  readonly attributes: YamlSpot
}

function unitsOf(core: YamlSpot, section: 'synapse' | 'dendrite' | 'soma'): readonly Unit[] {
  return core
    .child(section, `the ${section} units of a core`)
    .items()
    .map((unit) => {
      countOf(unit.child('name', 'the name of a unit'))
      const attributes = unit.child('attributes', 'the attributes of a unit')
      return { attributes, model: attributes.child('model', 'the model of a unit').text() }
    })
}

/** SANA-FE sends all messages by the first of these units. */
function messagesOf(core: YamlSpot, section: 'axon_in' | 'axon_out', event: string): UnitCosts {
  const [unit] = core.child(section, `the ${section} units of a core`).items() as [YamlSpot]
  unit.child('name', 'the name of a unit')
  const attributes = unit.child('attributes', 'the attributes of a unit')
  const costOf = (name: string) => [attributes.child(name, 'a number').number()]
  return { energy: costOf(`energy_${event}`), latency: costOf(`latency_${event}`) }
}

function costsOf(units: readonly Unit[], event: string): UnitCosts {
  const all = (name: string) => units.flatMap(({ attributes }) => attributes.find(name)?.number() ?? [])
  return { energy: all(`energy_${event}`), latency: all(`latency_${event}`) }
}

/** The three costs of a soma are there together or not at all. */
function somaCosts(units: readonly Unit[], event: (typeof SOMA_EVENTS)[number]): UnitCosts {
  for (const what of ['energy', 'latency'])
    for (const { attributes } of units)
      if (SOMA_EVENTS.some((each) => attributes.find(`${what}_${each}`) !== null))
        attributes.child(`${what}_${event}`, 'a number, for other costs of this soma are there')
  return costsOf(units, event)
}

function readBuffer(attributes: YamlSpot): ArchitectureCore['buffer'] {
  const spot = attributes.child('buffer_position', `one of ${POSITIONS.join(', ')}`)
  const text = spot.text()
  const position = POSITIONS.find((each) => each === text)
  if (position === undefined)
    throw new InputError({
      code: 'OPTION_OUT_OF_RANGE',
      field: spot.place,
      found: describeValue(text),
      expected: `one of ${POSITIONS.join(', ')}`,
    })
  return { position, isInside: attributes.find('buffer_inside_unit')?.flag() ?? false }
}
