import type { NeuronKind, NeuronValues } from '../../network/models/models.js'
import { layOutLi } from './li.js'
import { layOutLif } from './lif-adjoint.js'
import type { LayOutNeurons, NeuronPlace, NeuronRun } from './neuron-run.js'

/** The equations of every model of `network/models`, forward and backward. */
const DYNAMICS: { readonly [Kind in NeuronKind]: LayOutNeurons<Extract<NeuronValues, { readonly kind: Kind }>> } = {
  lif: layOutLif,
  li: layOutLi,
}

export function layOutNeurons(values: NeuronValues, place: NeuronPlace): NeuronRun {
  return (DYNAMICS[values.kind] as LayOutNeurons<NeuronValues>)(values, place)
}
