import { ASKED_FOR } from '../../dynamics/kernels/choose-kernel.js'
import { entryOf } from '../../events/by-name.js'
import type { Network } from '../../network/description/network.js'
import { observedBy } from '../loss-view.js'
import type { AdviceContext, LayerAdvice } from './advice-context.js'
import { classesInWords, classesOfUnits, unitClasses } from './class-advice.js'
import { type EpochDiagnosis, EXPLOSION, type LayerDiagnosis } from './layer-diagnosis.js'
import { LIBRARY_WORDS, type OptionWords } from './option-words.js'

/** From these shares on something is said: of neurons, of trials, of (neuron, trial) pairs, of mini-batches, of spikes. */
const SHARES = { silentNeurons: 0.2, silentLabels: 0.2, saturated: 0.1, exploding: 0.02, grazing: 0.02 } as const

/** Values that are proposed where an option has none yet. */
const PROPOSED = {
  silentHinge: 0.1,
  silentLabelHinge: 1,
  clipNorm: 1,
  leastThreshold: 0.5,
  integralScale: 0.2,
} as const

/**
 * What is wrong with an epoch, in plain sentences, the layer first: units that never spike, never rise or spike all the
 * time, gradients that explode, are unreliable or do not arrive, kernels that take long. None if nothing is.
 *
 * @example
 * adviceOn(diagnosis, context)
 * // ['hidden: 62 % of neurons never spike, 62 of 100; raise the initial weights, …']
 */
export function adviceOn({ layers }: EpochDiagnosis, context: AdviceContext): readonly string[] {
  const { network, step, classNames, words = LIBRARY_WORDS } = context
  const classes = unitClasses(step.loss, sizeOf(network, step.loss.group), classNames)
  return Object.entries(layers).flatMap(([name, layer]) => {
    const asked: LayerAdvice = { ...context, words, name, layer, layers, classes }
    const sentences = [
      name === step.loss.group ? onDeadOutput(asked) : onSilence(asked),
      onSaturation(asked),
      onExplosion(asked),
      onGrazing(asked),
      onNoGradient(asked),
      onKernel(name, context),
    ]
    return sentences.flatMap((sentence) => (sentence === null ? [] : [`${name}: ${sentence}.`]))
  })
}

export function sizeOf({ groups }: Network, name: string): number {
  return groups.find((group) => group.name === name)?.size ?? 0
}

function onSilence({ name, layer: { silentNeurons }, network, step, words }: LayerAdvice): string | null {
  if (silentNeurons === null || silentNeurons < SHARES.silentNeurons) return null
  const size = sizeOf(network, name)
  const some = `${percent(silentNeurons)} of neurons never spike, ${Math.round(silentNeurons * size)} of ${size}`
  const who = silentNeurons === 1 ? 'no neuron ever spikes' : some
  const strength = entryOf(step.silentHinge, name) ?? 0
  const hinge = words.silentHinge(name, strength > 0 ? strength : PROPOSED.silentHinge)
  return `${who}; ${heavier(words)}, or ${orMore(strength)} the silent hinge (${hinge})`
}

function onDeadOutput(asked: LayerAdvice): string | null {
  return observedBy(asked.step.loss) === 'spikes' ? onSilentOutput(asked) : onUnrisenReadout(asked)
}

/** One silent unit is a class that cannot be predicted. */
function onSilentOutput({ layer, step, words, silentLabelFraction, classes }: LayerAdvice): string | null {
  const { silentNeurons, deadUnits } = layer
  const { silentLabelHinge: strength } = step
  const hinge = words.silentLabelHinge(strength > 0 ? strength : PROPOSED.silentLabelHinge)
  const remedy = `${heavier(words)}, or ${orMore(strength)} the hinge on silent labels (${hinge})`
  if (silentNeurons === 1) return `no unit ever spikes; ${remedy}`
  if (silentNeurons !== null && silentNeurons > 0) {
    const never =
      classes === null
        ? ''
        : `, so ${classesInWords(classes, classesOfUnits(classes, deadUnits ?? []))} cannot be predicted`
    return `${percent(silentNeurons)} of its units never spike${never}; ${remedy}`
  }
  if (silentLabelFraction < SHARES.silentLabels) return null
  return `the unit of the label is silent in ${percent(silentLabelFraction)} of trials, which then have no loss; ${remedy}`
}

/** A voltage that never rises is largest where it begins: no weight moves that. An integral over it has a gradient. */
function onUnrisenReadout({ name, layer: { deadUnits }, step, words, classes }: LayerAdvice): string | null {
  if (observedBy(step.loss) !== 'maxima' || deadUnits === null || deadUnits.length === 0) return null
  const units =
    classes === null ? `unit ${deadUnits.join(', ')}` : classesInWords(classes, classesOfUnits(classes, deadUnits))
  const found = `the readout of ${units} never rises above where it begins, so its maximum has no gradient`
  const loss = words.integralLoss(name, PROPOSED.integralScale)
  return `${found}; take a loss that has one (${loss}), or other initial weights (${words.seed})`
}

function onSaturation({ layer: { saturated, spikes }, step, words }: LayerAdvice): string | null {
  if (saturated === null || spikes === null || saturated < SHARES.saturated) return null
  const often = `${percent(saturated)} of neurons are saturated in a trial, at ${spikes.toFixed(1)} spikes on average`
  const bound = `, or bound the thresholds from below (${words.leastThreshold(PROPOSED.leastThreshold)})`
  return `${often}; lower the initial weights${step.rates.thresholds === undefined ? '' : bound}`
}

function onExplosion({ name, layer, layers, step, words }: LayerAdvice): string | null {
  const { exploding, gradientNorm } = layer
  const output = entryOf(layers, step.loss.group)?.gradientNorm ?? 0
  const { clipNorm } = step
  const isOpen = clipNorm === Number.POSITIVE_INFINITY
  const clip = isOpen
    ? `clip the gradient (${words.clipNorm(PROPOSED.clipNorm)})`
    : `clip at a smaller norm than ${words.clipNorm(clipNorm)}`
  if (exploding !== null && exploding >= SHARES.exploding) {
    const often = `in ${percent(exploding)} of mini-batches the gradient is more than ${EXPLOSION} times its median`
    return `${often}; ${clip}, or lower the learning rate`
  }
  if (name === step.loss.group || gradientNorm === null || output === 0 || gradientNorm <= EXPLOSION * output)
    return null
  const grown = `the gradient is ${Math.round(gradientNorm / output)} times that of ${step.loss.group}: it grows on its way back`
  return `${grown}; lower the initial weights behind it${isOpen ? `, or ${clip}` : ''}`
}

function onGrazing({ layer: { grazingFraction }, step: { clipNorm }, words }: LayerAdvice): string | null {
  if (grazingFraction === null || grazingFraction < SHARES.grazing) return null
  const often = `${percent(grazingFraction)} of spikes graze the threshold, and their gradients are unreliable`
  const norm = words.clipNorm(clipNorm === Number.POSITIVE_INFINITY ? PROPOSED.clipNorm : clipNorm / 2)
  return `${often}; take slower synapses (tauSyn), or clip the gradient (${norm})`
}

/** Advice on groups on the reference kernel; none where that was chosen by an option. */
function onKernel(name: string, { kernels = [] }: AdviceContext): string | null {
  const { reasons = [], engine } = kernels.find(({ group }) => group === name) ?? {}
  if (engine !== 'reference' || reasons.includes(ASKED_FOR)) return null
  return `runs on the reference kernel, which takes long, because ${reasons.join('; ')}`
}

function heavier({ untilSpiking }: OptionWords): string {
  return `raise the initial weights (${untilSpiking} finds some)`
}

function orMore(strength: number): string {
  return strength > 0 ? 'strengthen' : 'switch on'
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`
}

/** Why no gradient arrives in a layer, and what helps; null if one does, or if that has been said. */
function onNoGradient(asked: LayerAdvice): string | null {
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
