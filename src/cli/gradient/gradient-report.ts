import { entryOf } from '../../events/by-name.js'
import type { GradientResult, GroupParameters, Parameters } from '../../learning/session.js'
import { connectivityOf } from '../../network/connectivity/connectivity-of.js'
import type { PairMatrix } from '../../network/connectivity/pair-rows.js'
import type { Group, Network, Projection } from '../../network/description/network.js'
import { type TauField, tauShapes } from '../../network/description/time-constants.js'
import { learnableOf, respondsInSpikes } from '../../network/models/models.js'
import type { LearnedField } from '../../network/models/neuron-model.js'
import type { FileTrial } from '../read-trial.js'

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

interface ProjectionGradients {
  /** Dense: rows [target][source]. Listed synapses: in list order; those of a rule by target. */
  readonly weights: PairMatrix | Float64Array
  /** One number, one per source unit, or as `weights`; absent where the projection has no delays. */
  readonly delays?: number | PairMatrix | Float64Array
}

/** Time constants that the whole group shares are one number. */
type GroupGradients = Pick<GroupParameters, LearnedField> & Readonly<Partial<Record<TauField, number | Float64Array>>>

type ShapedGradients = Readonly<Record<string, ProjectionGradients | GroupGradients>>

/** The gradients in the shapes that a network file has for the parameters, by projection key and group name. */
export function shapeGradients(network: Network, { projections, groups }: Parameters): ShapedGradients {
  const sizes = new Map(network.groups.map(({ name, size }) => [name, size]))
  const shaped = new Map<string, ProjectionGradients | GroupGradients>()
  for (const projection of network.projections) {
    const gradients = entryOf(projections, projection.key)
    if (gradients === undefined) continue
    const connectivity = connectivityOf(projection)
    const pairs = (values: Float64Array) => connectivity.shape(values, sizes.get(projection.source) ?? 0)
    shaped.set(projection.key, {
      weights: pairs(gradients.weights),
      ...delaysOf(projection, gradients.delays, pairs),
    })
  }
  for (const group of network.groups) {
    const { name } = group
    const gradients = entryOf(groups, name)
    if (gradients === undefined) continue
    const own = Object.fromEntries(learnableOf(group).map(({ field }) => [field, gradients[field]]))
    shaped.set(name, { ...(own as Pick<GroupParameters, LearnedField>), ...tausOf(group, gradients) })
  }
  return Object.fromEntries(shaped)
}

function tausOf(group: Group, gradients: GroupParameters): Readonly<Partial<Record<TauField, number | Float64Array>>> {
  return Object.fromEntries(
    tauShapes(group).flatMap(({ field, isCommon }) => {
      const values = gradients[field]
      return values === undefined ? [] : [[field, isCommon ? (values[0] as number) : values]]
    }),
  )
}

function delaysOf(
  { delays: { kind } }: Projection,
  values: Float64Array,
  pairs: (values: Float64Array) => PairMatrix | Float64Array,
): Pick<ProjectionGradients, 'delays'> {
  switch (kind) {
    case 'none':
      return {}
    case 'scalar':
      return { delays: values[0] as number }
    case 'perSource':
      return { delays: values }
    case 'perSynapse':
      return { delays: pairs(values) }
  }
}
