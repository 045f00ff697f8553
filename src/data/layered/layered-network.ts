import { InputError } from '../../events/errors.js'
import { defineNetwork } from '../../network/description/define-network.js'
import { fanIn } from '../../network/description/fan-in.js'
import { source } from '../../network/description/groups.js'
import { normal, uniform } from '../../network/description/initializers.js'
import type { GroupSpec, Network, Quantity } from '../../network/description/network.js'
import {
  type Connection,
  type ConnectOptions,
  connect,
  dense,
  perSynapse,
} from '../../network/description/projections.js'
import { li } from '../../network/models/li.js'
import { lif } from '../../network/models/lif.js'
import { partOf, type Readers, recordOf } from '../../network/reading/read-fields.js'
import { integerFrom } from '../../network/reading/read-number.js'
import { wrongType } from '../../network/reading/wrong-value.js'
import { hiddenLayers } from './hidden-layers.js'
import { DEFAULT_THRESHOLD } from './layered-defaults.js'
import {
  type LayeredSettings,
  PROJECTION_ROLES,
  type ProjectionRole,
  type TimeConstant,
  type WeightDraw,
} from './layered-options.js'
import { LAYERED_READERS } from './layered-readers.js'

/**
 * How long a spike takes within a recurrent layer whose delays are not learned one by one, in ms: cycles without any
 * delay could not be cut between cores.
 */
export const RECURRENT_DELAY = 1

export interface LayeredEnds {
  /** Units of the source group `input`. */
  readonly inputs: number
  /** Classes: units of `output`, or this many for each of `readoutTaus`. */
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
  const { neuron, bias } = settings
  const hidden = hiddenLayers(settings.hidden)
  const { tauMem, tauSyn, threshold = DEFAULT_THRESHOLD } = neuron
  const adaptive = settings.adaptation ? settings.adaptive : {}
  const hiddenNeuron = { tauMem: drawn(tauMem), tauSyn: drawn(tauSyn), threshold, bias, ...adaptive }
  const groups: Record<string, GroupSpec> = {
    input: source(inputs),
    ...Object.fromEntries(hidden.map(({ name, size }) => [name, lif(size, hiddenNeuron)])),
    output: outputOf(outputs, settings),
  }
  return defineNetwork({ groups, projections: layeredProjections(inputs, hidden, settings) })
}

function outputOf(classes: number, { neuron, readout, readoutTaus = [] }: LayeredSettings): GroupSpec {
  const [tauMem, tauSyn] = [middleOf(neuron.tauMem), middleOf(neuron.tauSyn)]
  if (readout === 'lif' && readoutTaus.length > 0)
    throw new InputError({
      code: 'OPTION_CONFLICT',
      field: 'settings.readoutTaus',
      found: `${readoutTaus.length} time constants for a readout of spiking neurons`,
      expected: 'none, or the readout "li"',
    })
  if (readout === 'lif') return lif(classes, { tauMem, tauSyn, threshold: neuron.threshold ?? DEFAULT_THRESHOLD })
  const [only = tauMem, ...others] = readoutTaus
  if (others.length === 0) return li(classes, { tauMem: only, tauSyn })
  const taus = readoutTaus.flatMap((tau) => Array.from({ length: classes }, () => tau))
  return li(taus.length, { tauMem: taus, tauSyn })
}

function drawn(tau: TimeConstant): Quantity {
  return typeof tau === 'number' ? tau : uniform(tau.low, tau.high)
}

function middleOf(tau: TimeConstant): number {
  return typeof tau === 'number' ? tau : (tau.low + tau.high) / 2
}

/** What else the settings of a task hold is its own business. */
function readSettings(given: LayeredSettings): LayeredSettings {
  const settings = partOf(LAYERED_READERS)({ readoutTaus: [], ...given }, 'settings')
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
