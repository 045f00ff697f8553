import { InternalError } from '../../../../events/errors.js'
import type { LifValues } from '../../../../network/instance/instance.js'
import { philoxKeys } from '../../../../numerics/philox.js'
import { deriveConstants } from '../../../equations/derive-constants.js'
import { RUNAWAY } from '../../../models/neuron-faults.js'
import { writeFields } from '../../wasm/fields.js'
import { writeHeader } from '../../wasm/header.js'
import { compileKernel, instantiateKernel, type KernelExports } from '../../wasm/instantiate.js'
import { KernelMemory } from '../../wasm/kernel-memory.js'
import { ADJOINT_HEADER } from '../../wasm/schema/adjoint-header.js'
import { HEADER_END } from '../../wasm/schema/header.js'
import { WINDOW_HEADER } from '../../wasm/schema/window-header.js'
import { EMITTED, OWN_WEIGHTS, PROJECTION } from '../../wasm/schema/window-records.js'
import { commonTaus, constantFields } from '../../wasm/tau-fields.js'
import { BinWorkspace } from '../arrivals/bin-workspace.js'
import { gridFields } from '../bins/bin-grid.js'
import { Stillness, UnscaledStillness } from '../bins/stillness.js'
import { UNSCALED, UnscaledTrajectories } from '../bins/unscaled-trajectories.js'
import type { PoissonInput } from '../poisson/poisson-input-places.js'
import { PoissonInputRing } from '../poisson/poisson-input-ring.js'
import type { SourceRows, WindowProjection } from '../rows/source-rows.js'
import { type AdjointHeader, createAdjointHeader, createWindowHeader, type WindowHeader } from '../window-header.js'
import type { StateForm } from './neuron-columns.js'
import { NeuronNumbers, type ReducedLevels } from './neuron-numbers.js'
import { isLaidOutAlike, type WindowNeuronsOptions } from './neurons-options.js'
import { layOutTrial, type WindowTrial } from './window-trial.js'

/** Spikes that the kernel has room for until they are taken. */
const EMITTED_ROOM = 4096

/** Callbacks of the compiled code. */
export interface WindowCallbacks {
  /** Takes the spikes that have been emitted. */
  drain(): void
  /** A counting interval of a Poisson input was drawn; `arrivals` is the number of its arrivals. */
  drew(arrivals: number): void
}

/** The compiled code of a window kernel, and what it finds in its memory whatever the run: neurons, projections, Poisson inputs. */
export class WindowEngine {
  readonly memory: KernelMemory
  readonly code: KernelExports
  readonly header: WindowHeader
  readonly adjointHeader: AdjointHeader
  readonly poissonInputs: PoissonInputRing
  readonly room: BinWorkspace
  readonly stillness: Stillness
  readonly state: StateForm
  private readonly numbers: NeuronNumbers
  /** Null where the state is scaled. */
  private readonly courses: UnscaledTrajectories | null
  private options: WindowNeuronsOptions
  private projections: readonly (WindowProjection | null)[] = []

  constructor(options: WindowNeuronsOptions, callbacks: WindowCallbacks) {
    const memory = new KernelMemory(HEADER_END, 'plain', options.values.name)
    this.memory = memory
    const { values, bin, poissonInputs, weights, seed, isUnscaled } = options
    const taus = commonTaus(values)
    const grid = gridFields(taus, bin)
    this.options = options
    this.state = stateForm(isUnscaled)
    writeHeader(memory, constantFields(taus))
    this.code = instantiateKernel(compileKernel('plain'), memory.memory, { drainSpikes: () => callbacks.drain() })
    const address = memory.takeZeros(WINDOW_HEADER.size)
    this.header = createWindowHeader(memory, address)
    this.code.attachWindow(address)
    const back = memory.takeZeros(ADJOINT_HEADER.size)
    this.adjointHeader = createAdjointHeader(memory, back)
    this.code.attachAdjoint(back)
    const places = values.size + (values.size % 2)
    this.numbers = new NeuronNumbers(memory, values)
    this.poissonInputs = new PoissonInputRing(memory, { poissonInputs, weights, grid }, (poissonInput, binPlace) => {
      this.header.write({ binPlace })
      callbacks.drew(this.code.fillPoissonInput(poissonInput))
    })
    this.room = new BinWorkspace(memory, this.header, this.poissonInputs.room)
    const { courses, stillness } = trajectoriesOf(memory, options, this.poissonInputs, this.numbers.levels)
    this.courses = courses
    this.stillness = stillness
    this.header.write({
      ...grid,
      ...courses?.fields(values),
      ...{ neurons: values.size, firstNeuron: values.start, ringBins: this.poissonInputs.bins, mostSpikes: RUNAWAY },
      roundKeys: memory.copy(roundKeys(seed)),
      walkFlags: memory.takeZeros(places),
      candidates: memory.takeZeros(4 * places),
      logHeads: memory.takeZeros(4 * places),
      emittedAt: memory.take(EMITTED.size * EMITTED_ROOM),
      levels: memory.take(8 * places),
      emittedRoom: EMITTED_ROOM,
      poissonInputsAt: this.poissonInputs.address,
      poissonInputCount: poissonInputs.length,
    })
    this.follow(values, weights)
  }

  /** The neurons as they are now. */
  get values(): LifValues {
    return this.options.values
  }

  /** Length of a bin in ms. */
  get bin(): number {
    return this.options.bin
  }

  get isUnscaled(): boolean {
    return this.options.isUnscaled
  }

  /** Of the neurons held, less their bias. */
  get thresholds(): Float64Array {
    return this.numbers.levels.thresholds
  }

  /** Whether nothing but numbers per neuron differs from what memory was laid out for, with bins as long. */
  isLaidOutFor(values: LifValues, poissonInputs: readonly PoissonInput[]): boolean {
    return isLaidOutAlike(this.options, values, poissonInputs)
  }

  /**
   * Takes over the numbers of the neurons; the time constants of a scaled state are the same.
   *
   * @param weights of the Poisson inputs, those of the neurons held
   */
  follow(values: LifValues, weights: readonly Float64Array[]): void {
    this.options = { ...this.options, values }
    this.courses?.follow(values)
    this.header.write(this.numbers.follow(values, weights))
    this.poissonInputs.follow(weights)
  }

  /** Says where the rows of the projections lie, in the order of their numbers; null where nothing arrives. */
  setProjections(projections: readonly (WindowProjection | null)[]): void {
    this.projections = projections
    this.header.write({ projectionsAt: writeProjections(this.memory, projections) })
  }

  rowsOf(projection: number): SourceRows {
    const { rows } = this.projections[projection] ?? {}
    if (rows === undefined) throw new InternalError(`Nothing arrives through projection ${projection}.`, { projection })
    return rows
  }

  /** Takes the memory of a trial. */
  layOut(): WindowTrial {
    const { memory, poissonInputs, values, bin, state } = this
    return layOutTrial(
      memory,
      { size: values.size, bins: poissonInputs.bins, perBin: 1 / bin, state: 8 * state.doubles },
      poissonInputs.place(values),
    )
  }

  /** Bytes of the sums of a bin in one trial. */
  get bytesOfSums(): number {
    const { size } = this.values
    return 8 * this.state.doubles * (size + (size % 2))
  }
}

/** The keys of all rounds of Philox for a seed, as assembly/window/poisson-input.ts wants them: each word four times. */
function roundKeys(seed: number): Uint32Array {
  const keys = philoxKeys(seed >>> 0, (seed / 2 ** 32) >>> 0)
  return Uint32Array.from({ length: 4 * keys.length }, (_, k) => keys[k >> 2] as number)
}

/** Writes where the rows of projections lie, in the order of their numbers, null where nothing arrives; returns the address. */
function writeProjections(memory: KernelMemory, projections: readonly (WindowProjection | null)[]): number {
  const at = memory.takeZeros(PROJECTION.size * Math.max(1, projections.length))
  projections.forEach((projection, p) => {
    if (projection === null) return
    const { rows, weight } = projection
    writeFields(memory, PROJECTION, at + PROJECTION.size * p, {
      common: weight ?? 1,
      ...{ rows: rows.rows, records: rows.records, stride: rows.stride, weight: rows.weightAt, delay: rows.delayAt },
      isDouble: Number(rows.isDouble),
      excites: weight === null ? OWN_WEIGHTS : Number(weight >= 0),
    })
  })
  return at
}

/** State of neurons whose voltage is scaled, see assembly/window/walk.ts. */
const SCALED: StateForm = { names: ['current', 'scaledVoltage'], doubles: 2 }

function stateForm(isUnscaled: boolean): StateForm {
  return isUnscaled ? UNSCALED : SCALED
}

/** What the kernel knows of the courses of its neurons, null where their state is scaled; and when nothing can happen. */
interface TrajectoriesOfNeurons {
  readonly courses: UnscaledTrajectories | null
  readonly stillness: Stillness
}

interface TrajectoriesOptions {
  readonly values: LifValues
  readonly bin: number
  readonly isUnscaled: boolean
}

function trajectoriesOf(
  memory: KernelMemory,
  { values, bin, isUnscaled }: TrajectoriesOptions,
  poissonInputs: PoissonInputRing,
  levels: ReducedLevels,
): TrajectoriesOfNeurons {
  if (isUnscaled) {
    const courses = new UnscaledTrajectories(memory, values, bin)
    return { courses, stillness: new UnscaledStillness(memory, courses, poissonInputs, levels) }
  }
  const { tauMem, tauSyn } = commonTaus(values)
  const { peakKappa } = deriveConstants(tauMem, tauSyn, tauSyn, tauMem)
  return { courses: null, stillness: new Stillness(memory, poissonInputs, levels, peakKappa) }
}
