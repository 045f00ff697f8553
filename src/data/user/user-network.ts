import { InputError } from '../../events/errors.js'
import type { Dataset } from '../../learning/task.js'
import type { Network } from '../../network/description/network.js'
import { LAYERED_DEFAULTS } from '../layered/layered-defaults.js'
import { layeredNetwork } from '../layered/layered-network.js'
import type { LayeredOptions, LayeredSettings } from '../layered/layered-options.js'
import { LAYERED_READERS } from '../layered/layered-readers.js'
import type { SpikeDataset } from './create-dataset.js'

/** Defaults of the network of a user-defined task; times in ms. Weights are scaled until neurons spike. */
export const OWN_TASK_DEFAULTS = Object.freeze({
  ...LAYERED_DEFAULTS,
  hidden: 60,
  readout: 'li',
  neuron: { tauMem: 20, tauSyn: 5, threshold: 1 },
  weights: {
    input: { drive: 20, spread: 13 },
    hidden: { drive: 20, spread: 13 },
    recurrent: { drive: 0, spread: 1 },
    output: { drive: 0, spread: 0.5 },
  },
  /** Only with `learnDelays`. */
  delays: { input: { low: 0, high: 20 }, hidden: { low: 0, high: 5 }, output: { low: 0, high: 5 } },
} as const satisfies LayeredSettings)

/** The layered network of data sets of the source group `input`, as described: not measured yet. */
export function userNetwork(datasets: readonly Dataset[], given: LayeredOptions): Network {
  const names = Object.keys(LAYERED_READERS)
  const options: LayeredOptions = Object.fromEntries(
    Object.entries(given).filter(([name, value]) => value !== undefined && names.includes(name)),
  )
  const settings: LayeredSettings = {
    ...OWN_TASK_DEFAULTS,
    ...options,
    weights: { ...OWN_TASK_DEFAULTS.weights, ...options.weights },
  }
  const outputs = Math.max(...datasets.map(({ classes }) => classes))
  return layeredNetwork({ inputs: Math.max(...datasets.map(inputsOf)), outputs }, settings)
}

function inputsOf(dataset: Dataset): number {
  const { units } = dataset as Partial<SpikeDataset>
  const names = typeof units === 'object' && units !== null ? Object.keys(units) : null
  if (names?.length === 1 && names[0] === 'input') return (units as SpikeDataset['units']).input as number
  throw new InputError({
    code: 'NETWORK_MISSING',
    field: 'network',
    found: `no network, and a data set ${names === null ? 'that does not say its groups' : `of the groups ${names.join(', ')}`}`,
    expected: 'a network, or a data set of createDataset with the group "input" alone',
  })
}
