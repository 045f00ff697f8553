import { byName, entryOf } from '../../events/by-name.js'
import { InputError } from '../../events/errors.js'
import { signsOf } from '../../network/description/sign.js'
import { TAU_FIELDS } from '../../network/description/time-constants.js'
import { cyclicKeys } from '../../network/graph/cyclic-keys.js'
import type { NetworkInstance, ProjectionValues } from '../../network/instance/instance.js'
import { isSpiking } from '../../network/models/models.js'
import type { LearnedField } from '../../network/models/neuron-model.js'
import { keepAboveReset, stepSizeOf, wakenedWeight } from '../array-bounds.js'
import { measureGradient } from '../clip.js'
import type { FiringTally } from '../diagnosis/firing-tally.js'
import type { MeasuredStep } from '../diagnosis/merge-diagnosis.js'
import { type GradientTerm, largestMagnitude, squaresOf, TERM_ORDER } from '../gradient-squares.js'
import { ArrayOptimizers, isOf } from '../optimizers/array-optimizers.js'
import { createOptimizer } from '../optimizers/create-optimizer.js'
import type { ParameterKind, Parameters, SessionState, StepOptions } from '../session.js'
import { arrayIn, type HeldArray, heldArrays } from '../state/held-arrays.js'
import { parametersOf } from '../state/parameters-of.js'
import { readParameters } from '../state/read-parameters.js'
import { readState } from '../state/read-state.js'

/** The learnable numbers of a network, and the memory of what optimises them. */
export class ParameterStore {
  readonly parameters: Parameters
  /** What is learned here, in file order: time constants are not. */
  private readonly arrays: readonly HeldArray[]
  private readonly optimizers = new ArrayOptimizers<HeldArray>(({ length }, kind) => createOptimizer(kind, length))
  private readonly limits
  private readonly instance: NetworkInstance

  constructor(instance: NetworkInstance) {
    this.instance = instance
    this.parameters = parametersOf(instance)
    const hasDelays = (key: string) => this.projectionOf(key).delayShape !== 'none'
    this.arrays = heldArrays(instance).filter(({ kind, of }) => kind !== 'taus' && (kind !== 'delays' || hasDelays(of)))
    this.limits = { cyclic: cyclicKeys(instance), signs: signsOf(instance.projections) }
  }

  /** Measures the learned kinds of a gradient. Raises `RunError` GRADIENT_NOT_FINITE. */
  async measure(
    gradients: Parameters,
    learned: readonly ParameterKind[],
  ): Promise<Pick<MeasuredStep, 'terms' | 'normOf'>> {
    const terms = this.arrays.filter(({ kind }) => learned.includes(kind)).map((array) => this.termOf(array, gradients))
    const squares = (scale: number) => terms.map((term) => squaresOf(term, scale))
    const largest = largestMagnitude(terms.map(({ values }) => values))
    const normOf = await measureGradient(squares(1), largest, async (scale) => squares(scale))
    return { terms: terms.map(({ term }) => term), normOf }
  }

  /** How the gradient by an array counts towards the norm of all. */
  private termOf(array: HeldArray, gradients: Parameters): GradientTerm {
    const { kind, of, length } = array
    const { groups, projections } = this.instance
    const values = arrayIn(gradients, array)
    const whole = (size: number) => ({ start: 0, size, total: size })
    if (kind !== 'weights' && kind !== 'delays') {
      const place = groups.findIndex(({ name }) => name === of)
      const term = TERM_ORDER.ofGroup(projections.length, place, array.name as LearnedField)
      return { term, values, targets: null, ...whole(length) }
    }
    const { order, layout, targets, targetSize, delayShape } = this.projectionOf(of)
    const isShared = kind === 'delays' && delayShape !== 'perSynapse'
    return {
      ...{ term: TERM_ORDER[kind](order), values, targets: isShared || layout === 'dense' ? null : targets },
      ...whole(isShared ? length : targetSize),
    }
  }

  private projectionOf(key: string): ProjectionValues {
    return this.instance.projections.find((projection) => projection.key === key) as ProjectionValues
  }

  /** One step along a gradient, a sum over trials that `scale` multiplies first. */
  step(gradients: Parameters, options: StepOptions, scale: number): void {
    for (const array of this.arrays) {
      const size = stepSizeOf(
        array.kind,
        array.in === 'projections' ? array.of : undefined,
        options,
        this.limits,
        scale,
      )
      if (size === null) continue
      const values = arrayIn(this.parameters, array)
      this.optimizers.of(array, options.optimizer).step(values, arrayIn(gradients, array), size)
      if (array.kind === 'thresholds') this.raiseThresholds(array.of, values)
    }
  }

  /** Wakens the neurons that were silent in all trials, see `wakenedWeight`. */
  wake(firing: readonly FiringTally[], { silentWeightStep, bounds }: StepOptions): void {
    for (const { key, target, targets, absent } of this.instance.projections) {
      const step = entryOf(silentWeightStep, target) ?? 0
      const spikes = firing.find(({ group }) => group === target)?.firing().spikes
      if (step === 0 || spikes === undefined) continue
      const wakened = wakenedWeight(key, step, bounds, this.limits)
      const weights = entryOf(this.parameters.projections, key)?.weights as Float64Array
      for (let s = 0; s < weights.length; s++)
        if (spikes[targets[s] as number] === 0 && absent?.[s] !== 1) weights[s] = wakened(weights[s] as number)
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
    this.optimizers.restore(learned, (memory) => this.arrays.find((array) => isOf(array, memory)) as HeldArray)
  }

  /** Other parameters; the memory of the optimiser stays. Raises `InputError` as `restore` does. */
  set(given: Parameters): void {
    this.put(readParameters(this.instance, given, 'parameters'))
  }

  private put(parameters: Parameters): void {
    this.requireTaus(parameters)
    for (const array of this.arrays) arrayIn(this.parameters, array).set(arrayIn(parameters, array))
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
