import { defineNetwork } from '../../network/description/define-network.js'
import { fanIn } from '../../network/description/fan-in.js'
import { li, lif, source } from '../../network/description/groups.js'
import { normal, uniform } from '../../network/description/initializers.js'
import type { GroupSpec, Network } from '../../network/description/network.js'
import {
  type Connection,
  type ConnectOptions,
  connect,
  dense,
  perSynapse,
} from '../../network/description/projections.js'
import { partOf, type Readers, recordOf } from '../../network/reading/read-fields.js'
import { integerFrom } from '../../network/reading/read-number.js'
import { wrongType } from '../../network/reading/wrong-value.js'
import { hiddenLayers } from './hidden-layers.js'
import { type LayeredSettings, PROJECTION_ROLES, type ProjectionRole, type WeightDraw } from './layered-options.js'
import { LAYERED_READERS } from './layered-readers.js'

/**
 * How long a spike takes within a recurrent layer whose delays are not learned one by one, in ms: cycles without any
 * delay could not be cut between cores.
 */
export const RECURRENT_DELAY = 1

export interface LayeredEnds {
  /** Units of the source group `input`. */
  readonly inputs: number
  /** Units of `output`, one per class. */
  readonly outputs: number
}

const ENDS: Readers<LayeredEnds> = { inputs: integerFrom(1), outputs: integerFrom(1) }

interface Layer {
  readonly name: string
  readonly size: number
}

/**
 * The network of a task: `input`, hidden layers of lif neurons, `output`, all of them densely joined in this order;
 * recurrent layers to themselves, too.
 *
 * Raises the `InputError`s of `defineNetwork`.
 */
export function layeredNetwork(ends: LayeredEnds, given: LayeredSettings): Network {
  const { inputs, outputs } = recordOf(ENDS)(ends, 'ends')
  const settings = readSettings(given)
  const { neuron, bias, readout } = settings
  const hidden = hiddenLayers(settings.hidden)
  const hiddenNeuron = { ...neuron, bias, ...(settings.adaptation ? settings.adaptive : {}) }
  const { tauMem, tauSyn } = neuron
  const groups: Record<string, GroupSpec> = {
    input: source(inputs),
    ...Object.fromEntries(hidden.map(({ name, size }) => [name, lif(size, hiddenNeuron)])),
    output: readout === 'lif' ? lif(outputs, neuron) : li(outputs, { tauMem, tauSyn }),
  }
  return defineNetwork({ groups, projections: layeredProjections(inputs, hidden, settings) })
}

/** What else the settings of a task hold is its own business. */
function readSettings(given: LayeredSettings): LayeredSettings {
  const settings = partOf(LAYERED_READERS)(given, 'settings')
  const missing = PROJECTION_ROLES.find((role) => settings.weights?.[role] === undefined)
  if (missing !== undefined) throw wrongType(undefined, `settings.weights.${missing}`, 'how weights are drawn')
  return settings as LayeredSettings
}

function layeredProjections(inputs: number, hidden: readonly Layer[], settings: LayeredSettings): Connection[] {
  const join = (from: Layer, to: string, role: ProjectionRole) =>
    connect(from.name, to, dense(weightsOf(settings.weights[role])), delaysOf(settings, role))
  const projections: Connection[] = []
  let from: Layer = { name: 'input', size: inputs }
  for (const [depth, layer] of hidden.entries()) {
    projections.push(join(from, layer.name, depth === 0 ? 'input' : 'hidden'))
    if (settings.recurrent) projections.push(join(layer, layer.name, 'recurrent'))
    from = layer
  }
  return [...projections, join(from, 'output', 'output')]
}

function weightsOf(draw: WeightDraw) {
  return 'mean' in draw ? normal(draw.mean, draw.std) : fanIn({ mean: draw.drive, std: draw.spread })
}

function delaysOf({ learnDelays, delays }: LayeredSettings, role: ProjectionRole): ConnectOptions {
  const draw = learnDelays ? delays[role] : undefined
  if (draw !== undefined) return { delay: perSynapse(uniform(draw.low, draw.high)) }
  return role === 'recurrent' ? { delay: RECURRENT_DELAY } : {}
}
