import { entryOf } from '../../events/by-name.js'
import type { GradientResult } from '../../learning/session.js'
import { respondsInSpikes } from '../../network/models/models.js'
import type { FileTrial } from '../read-trial.js'
import { shapeGradients } from './gradient-shapes.js'

/** What `gradient` prints of one trial, in the shapes of the network file. */
export type GradientReport = ReturnType<typeof gradientReport>

export function gradientReport(
  { network, fileOrder }: Pick<FileTrial, 'network' | 'fileOrder'>,
  result: GradientResult,
) {
  const loss = result.losses[0] ?? null
  return {
    loss,
    ...(loss === null ? { labelSilent: true } : {}),
    spikes: Object.fromEntries(
      network.groups.filter(respondsInSpikes).map(({ name }) => {
        const { times, units } = entryOf(result.recording.spikes, name) ?? { times: [], units: [] }
        return [name, { times, units }]
      }),
    ),
    gradients: shapeGradients(network, result.gradients),
    inputTimes: Object.fromEntries(
      Object.entries(fileOrder).map(([name, order]) => [name, inFileOrder(order, entryOf(result.inputTimes, name))]),
    ),
    grazing: result.grazing,
  }
}

function inFileOrder(order: Uint32Array, values: Float64Array | undefined): Float64Array {
  const ordered = new Float64Array(order.length)
  for (const [k, place] of order.entries()) ordered[place] = values?.[k] ?? 0
  return ordered
}
