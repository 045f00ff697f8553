import { byName, entryOf } from '../../events/by-name.js'
import { InputError } from '../../events/errors.js'
import { signsOf } from '../../network/description/sign.js'
import { TAU_FIELDS } from '../../network/description/time-constants.js'
import { cyclicKeys } from '../../network/graph/cyclic-keys.js'
import type { NetworkInstance } from '../../network/instance/instance.js'
import { isSpiking } from '../../network/models/models.js'
import { arrayBounds, keepAboveReset } from '../array-bounds.js'
import { type GradientNorm, measureGradient } from '../clip.js'
import { largestMagnitude, squaresOf } from '../gradient-squares.js'
import { ArrayOptimizers, isOf } from '../optimizers/array-optimizers.js'
import { createOptimizer } from '../optimizers/create-optimizer.js'
import type { ParameterKind, Parameters, SessionState, StepOptions } from '../session.js'
import { parametersOf } from '../state/parameters-of.js'
import { readParameters } from '../state/read-parameters.js'
import { readState } from '../state/read-state.js'
import { type ParameterArray, parameterArrays } from './parameter-arrays.js'

/** The learnable numbers of a network, and the memory of what optimises them. */
export class ParameterStore {
  readonly parameters: Parameters
  private readonly arrays: readonly ParameterArray[]
  private readonly optimizers = new ArrayOptimizers<ParameterArray>((array, kind) => {
    return createOptimizer(kind, array.in(this.parameters).length)
  })
  private readonly limits
  private readonly instance: NetworkInstance

  constructor(instance: NetworkInstance) {
    this.instance = instance
    this.parameters = parametersOf(instance)
    this.arrays = parameterArrays(instance)
    this.limits = { cyclic: cyclicKeys(instance), signs: signsOf(instance.projections) }
  }

  /** Measures the learned kinds of a gradient. Raises `RunError` GRADIENT_NOT_FINITE. */
  measure(gradients: Parameters, learned: readonly ParameterKind[]): Promise<GradientNorm> {
    const terms = this.arrays.filter(({ kind }) => learned.includes(kind)).map((array) => array.term(gradients))
    const squares = (scale: number) => terms.map((term) => squaresOf(term, scale))
    const largest = largestMagnitude(terms.map(({ values }) => values))
    return measureGradient(squares(1), largest, async (scale) => squares(scale))
  }

  /** The groups in which something of some kinds is learned, or in the synapses into them. */
  groupsLearning(learned: readonly ParameterKind[]): ReadonlySet<string> {
    return new Set(this.arrays.filter(({ kind }) => learned.includes(kind)).map(({ group }) => group))
  }

  /** One step along a gradient, a sum over trials that `scale` multiplies first. */
  step(gradients: Parameters, { optimizer, rates, bounds, decay = {} }: StepOptions, scale: number): void {
    const strengths: Readonly<Partial<Record<ParameterKind, number>>> = decay
    for (const array of this.arrays) {
      const rate = rates[array.kind]
      if (rate === undefined) continue
      const [min, max] = arrayBounds(array.kind, array.projection, bounds, this.limits)
      const values = array.in(this.parameters)
      this.optimizers.of(array, optimizer).step(values, array.in(gradients), {
        rate,
        scale,
        keep: 1 - rate * (strengths[array.kind] ?? 0),
        min,
        max,
      })
      if (array.kind === 'thresholds') this.raiseThresholds(array.of, values)
    }
  }

  /**
   * Adds `step` to every weight into some neurons of a group, as far as its bounds and its sign allow: a heuristic, no gradient.
   *
   * @param isSilent per neuron, 1: add
   */
  wake(group: string, isSilent: Uint8Array, step: number, bounds: StepOptions['bounds']): void {
    for (const { key, target, targets, absent } of this.instance.projections) {
      if (target !== group) continue
      const [least, most] = arrayBounds('weights', key, bounds, this.limits)
      const weights = entryOf(this.parameters.projections, key)?.weights as Float64Array
      for (let s = 0; s < weights.length; s++) {
        if (isSilent[targets[s] as number] !== 1 || absent?.[s] === 1) continue
        weights[s] = Math.min(most, Math.max(least, (weights[s] as number) + step))
      }
    }
  }

  /** A copy of everything that learning has changed. */
  save(): SessionState {
    const known = this.optimizers.memories()
    const memories = this.arrays.flatMap((array) => known.filter((memory) => isOf(array, memory)))
    return { parameters: this.copy(), memories }
  }

  /** A copy of the parameters. */
  copy(): Parameters {
    const { projections, groups } = this.parameters
    return { projections: copyOf(projections), groups: copyOf(groups) }
  }

  /** Continues from a state. Raises `InputError` as `readState` does, and for other time constants; then nothing is changed. */
  restore(given: SessionState): void {
    const { parameters, memories } = readState(this.instance, given)
    this.put(parameters)
    const learned = memories.filter((memory) => this.arrays.some((array) => isOf(array, memory)))
    this.optimizers.restore(learned, (memory) => this.arrays.find((array) => isOf(array, memory)) as ParameterArray)
  }

  /** Other parameters; the memory of the optimiser stays. Raises `InputError` as `restore` does. */
  set(given: Parameters): void {
    this.put(readParameters(this.instance, given, 'parameters'))
  }

  private put(parameters: Parameters): void {
    this.requireTaus(parameters)
    for (const array of this.arrays) array.in(this.parameters).set(array.in(parameters))
  }

  /** Time constants stay what they are. */
  private requireTaus({ groups }: Parameters): void {
    for (const [name, own] of Object.entries(this.parameters.groups))
      for (const field of TAU_FIELDS)
        own[field]?.forEach((tau, n) => {
          const found = entryOf(groups, name)?.[field]?.[n]
          if (found === undefined || found === tau) return
          throw new InputError({
            code: 'STATE_MISMATCH',
            field: `${field} of "${name}"`,
            found: `${found} ms`,
            expected: `${tau} ms`,
            remedy: 'Go on with the exact method, which learns time constants.',
          })
        })
  }

  private raiseThresholds(name: string, thresholds: Float64Array): void {
    const group = this.instance.groups.find((values) => values.name === name)
    if (group !== undefined && isSpiking(group)) keepAboveReset(group.vReset, thresholds)
  }
}

function copyOf<Numbers>(record: Readonly<Record<string, Numbers>>): Readonly<Record<string, Numbers>> {
  return byName(Object.entries(record).map(([name, numbers]) => [name, structuredClone(numbers)]))
}
