import { entryOf } from '../../events/by-name.js'
import { isReadout } from '../../network/models/models.js'
import type { LabelledLoss } from '../check-trials.js'
import { wantedUnits } from '../loss-view.js'
import type { GridLif, Injection } from './grid-lif.js'
import type { GridNetwork } from './grid-network.js'
import type { GridTally } from './grid-tally.js'

/** How strongly silence is punished: of the label unit, and of every neuron of some groups. */
export interface SilenceStrengths {
  readonly silentLabelHinge: number
  readonly silentHinge: Readonly<Record<string, number>>
}

/**
 * The hinge strength · max(0, threshold - vMax) of the neurons that were silent in the present trial, with vMax over the
 * points of the grid: dL/dV = -strength where V is largest, and dL/dthreshold += strength.
 *
 * Returns whether it was active anywhere.
 */
export function applySilenceHinge(
  network: GridNetwork,
  tally: GridTally,
  { silentLabelHinge, silentHinge }: SilenceStrengths,
  { loss, labels }: LabelledLoss,
  trial: number,
): boolean {
  let isActive = false
  for (const group of network.neurons) {
    if (isReadout(group)) continue
    const all = entryOf(silentHinge, group.values.name) ?? 0
    const isObserved = loss.group === group.values.name && labels !== null && silentLabelHinge !== 0
    const wanted = isObserved ? wantedUnits(loss, labels[trial] ?? null) : []
    const strengthOf = (unit: number) => all + (wanted.includes(unit) ? silentLabelHinge : 0)
    const injections = injectionsOf(group, tally, strengthOf)
    group.injections = injections
    isActive ||= injections.length > 0
  }
  return isActive
}

function injectionsOf(group: GridLif, tally: GridTally, strengthOf: (unit: number) => number): readonly Injection[] {
  const injections: Injection[] = []
  for (let unit = 0; unit < group.size; unit++) {
    const strength = strengthOf(unit)
    if (strength === 0 || !tally.isSilent(group.values.name, unit)) continue
    const { step, x } = group.closest(unit)
    if (x >= 0) continue
    group.addToThreshold(unit, strength)
    injections.push({ step, unit, value: -strength })
  }
  return injections.sort((a, b) => b.step - a.step || a.unit - b.unit)
}
