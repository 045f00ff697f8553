import { entryOf } from '../../events/by-name.js'
import type { LayerAdvice } from './advice-context.js'
import type { LayerDiagnosis } from './layer-diagnosis.js'

/** Why no gradient arrives in a layer, and what helps; null if one does, or if that has been said. */
export function onNoGradient(asked: LayerAdvice): string | null {
  const { name, layer, step, silentLabelFraction } = asked
  if (layer.gradientNorm !== 0 || doesNothing(layer)) return null
  const isOutput = name === step.loss.group
  // Then there is no loss, which has been said.
  if (isOutput && silentLabelFraction === 1) return null
  const reason = adaptationAlone(asked) ?? (isOutput ? null : wayBack(asked))
  const otherwise = isOutput
    ? `the loss does not depend on what is learned here (${Object.keys(step.rates).join(', ')})`
    : 'its spikes arrive after the trial ends, or behind what the loss looks at'
  return `no gradient arrives, so nothing is learned; ${reason ?? otherwise}`
}

/** Adaptation raises the threshold behind a spike: it moves the spikes after a neuron's first one in a trial, and no other. */
function adaptationAlone({ layer, step, words }: LayerAdvice): string | null {
  const kinds = Object.keys(step.rates)
  if (kinds.some((kind) => kind !== 'adaptation') || !spikesOnceAtMost(layer)) return null
  const more = words.learn(['weights', ...kinds])
  return `adaptation acts on the second spike of a neuron in a trial, and none has one; learn weights, too (${more})`
}

function spikesOnceAtMost({ spikes, silent }: LayerDiagnosis): boolean {
  return spikes !== null && silent !== null && Math.abs(spikes + silent - 1) < 1e-9
}

/** What is wrong behind the layer, of what it drives. */
function wayBack({ name, network, layers }: LayerAdvice): string | null {
  const driven = new Set(network.projections.flatMap(({ source, target }) => (source === name ? [target] : [])))
  driven.delete(name)
  const found = [...driven].map((group) => ({ group, layer: entryOf(layers, group) }))
  const names = found.map(({ group }) => group).join(', ')
  if (found.length === 0) return 'it drives no layer'
  if (found.every(({ layer }) => layer !== undefined && doesNothing(layer))) return `what it drives is silent: ${names}`
  if (found.every(({ layer }) => layer?.gradientNorm === 0)) return `none arrives in what it drives, either: ${names}`
  return null
}

function doesNothing({ silentNeurons, unrisen }: LayerDiagnosis): boolean {
  return silentNeurons === 1 || unrisen === 1
}
