import type { GroupTerms, Kernel, KernelProtocol } from '../../src/dynamics/kernels/kernel.js'
import type { KernelOptions } from '../../src/dynamics/kernels/kernel-options.js'
import type { KernelGradient } from '../../src/dynamics/kernels/kernel-parameters.js'
import { EXPLICIT, sumReturned } from '../../src/dynamics/kernels/returned-events.js'
import { joinTrains } from '../../src/events/join-trains.js'
import type { SpikeBatch } from '../../src/events/spike-batch.js'
import type { SpikeTrains } from '../../src/events/spike-trains.js'
import { nextUp } from '../../src/numerics/neighbours.js'
import { cutTrains } from './cut-trains.js'

/** What a run of a group asks of whoever computes it. */
export type DrivenKernel = Omit<KernelProtocol<GroupTerms>, 'advance'> &
  Pick<
    Kernel,
    | 'values'
    | 'layout'
    | 'inputs'
    | 'parameters'
    | 'parametersChanged'
    | 'advance'
    | 'finishGradient'
    | 'sumTrials'
    | 'closeGradient'
    | 'maxima'
    | 'integrals'
    | 'isSilent'
    | 'grazing'
  >

/** How a run of one kernel is cut up: nothing of it may show in the results. */
export interface Cutting {
  /** Where `advance` stops on its way to the end, ascending. */
  readonly horizons: readonly number[]
  /** Per input: where it is cut into batches, ascending. */
  readonly batches: readonly (readonly number[])[]
  /** 'early': every batch is there at once; 'late': a batch comes when it is needed. */
  readonly arrival: 'early' | 'late'
  /** In which order batches of different inputs come; default 'by input'. */
  readonly receipt?: 'by input' | 'backwards' | 'in turn'
  /** The spikes of the very instants where `advance` stops come in a step of their own, as where they travel at once. */
  readonly hasInstants?: boolean
}

export const AT_ONCE: Cutting = { horizons: [], batches: [], arrival: 'early' }

export interface KernelInput {
  /** One train per input. */
  readonly trains: readonly SpikeTrains[]
  readonly options: KernelOptions
  /** dL/d(max V) per (trial, neuron), or null. */
  readonly peakGradients: Float64Array | null
  /** dL/d(time) of a spike; default `deltaOf` its place among all. */
  readonly delta?: (spikes: SpikeTrains, k: number) => number
  /** What the group emits comes back through the inputs from itself, in place of their trains. Only in windows. */
  readonly closesLoops?: boolean
  /** Asks before each window what is next; told its spikes and where it ends. */
  readonly onWindow?: (next: number, spikes: SpikeTrains, end: number) => void
  /** Called with the sums over trials, which it may replace; what it returns is called with the gradient. */
  readonly onSums?: (sums: readonly Float64Array[]) => (gradient: KernelGradient) => void
  /** The backward pass is given up after so many steps. */
  readonly breaksOffAfter?: number
}

export interface KernelResult {
  readonly spikes: SpikeTrains
  /** Row-major [trial][neuron], as the next two; of readouts, and of silent neurons if they are tracked. */
  readonly maxima: { readonly values: Float64Array; readonly times: Float64Array }
  readonly integrals: Float64Array
  readonly silent: readonly boolean[]
  /** dL/d(time) that each spike was told, what returns from loops included. */
  readonly deltas: Float64Array
  /** Per input, node after node, one gradient event per spike. */
  readonly returned: readonly Float64Array[]
  readonly gradient: Float64Array
  /** By the time constants: neuron by neuron, whoever shares them, in the order of the layout. */
  readonly taus: Float64Array
  readonly grazing: number
}

/** dL/d(spike time) of the k-th spike a kernel emits: any numbers, a few of them 0. */
export function deltaOf(k: number): number {
  return ((k * 37) % 11) / 4 - 1
}

/** Runs a kernel forward and backward over an input cut in one way. */
export function driveKernel(kernel: DrivenKernel, input: KernelInput, cutting: Cutting): KernelResult {
  const { options, peakGradients } = input
  kernel.begin(options)
  const { windows, batches, loops } = driveForward(kernel, input, cutting)
  const { trains: spikes, places } = joinTrains(windows)
  const seen = kept({ spikes, ...observed(kernel, options) })
  const [empty, told] = [new Float64Array(0), new Float64Array(spikes.times.length)]
  const none = { deltas: empty, returned: [], gradient: empty, taus: empty, grazing: 0 }
  if (!options.gradients) return { ...seen, ...none }
  const delta = input.delta ?? ((_: SpikeTrains, k: number) => deltaOf(k))
  const explicit = spikes.times.map((_, k) => delta(spikes, k))
  const returned = places.map((place) => Float64Array.from(place, (k) => explicit[k]!))
  const back = new Backward(kernel, batches, loops)
  kernel.beginBackward(peakGradients)
  back.collect()
  for (let step = returned.length - 1; step >= 0; step--) {
    if (returned.length - 1 - step === input.breaksOffAfter) return { ...seen, ...none }
    const deltas = back.deltasOf(step, returned[step]!)
    for (const [k, place] of places[step]!.entries()) told[place] = deltas[k]!
    kernel.backward(deltas)
    back.collect()
  }
  if (input.breaksOffAfter !== undefined) return { ...seen, ...none }
  return {
    ...seen,
    deltas: told,
    returned: back.returned(),
    ...gradientOf(kernel, input.onSums),
    grazing: kernel.grazing,
  }
}

/** What a later run of the kernel leaves as it is. */
function kept<Seen extends Pick<KernelResult, 'spikes' | 'maxima' | 'integrals' | 'silent'>>(seen: Seen): Seen {
  const { spikes, maxima, integrals } = seen
  return {
    ...seen,
    spikes: { offsets: spikes.offsets.slice(), times: spikes.times.slice(), units: spikes.units.slice() },
    maxima: { values: maxima.values.slice(), times: maxima.times.slice() },
    integrals: integrals.slice(),
  }
}

function driveForward(kernel: DrivenKernel, input: KernelInput, cutting: Cutting) {
  const { trains, options, closesLoops, onWindow } = input
  const loops = kernel.inputs.map(({ source }) => closesLoops === true && source === kernel.values.name)
  const batches = trains.map((train, p) => {
    return loops[p] ? [] : [...cutTrains(train, cutting.batches[p] ?? [], options.until)]
  })
  const delays = kernel.smallestDelays()
  const sent = batches.map((list, p) => (loops[p] ? [] : list))
  const receiveUpTo = receiver(kernel, sent, delays, cutting.receipt ?? 'by input')
  if (cutting.arrival === 'early') receiveUpTo(Number.POSITIVE_INFINITY)
  const windows: SpikeTrains[] = []
  let reached = 0
  const advance = (arrivalsBefore: number, spikesBefore: number) => {
    receiveUpTo(arrivalsBefore)
    const next = onWindow === undefined ? 0 : kernel.nextEvent()
    const spikes = kernel.advance(arrivalsBefore, spikesBefore)
    onWindow?.(next, spikes, arrivalsBefore)
    expectWithin(spikes, { start: reached, end: Math.min(spikesBefore, options.until) })
    const batch = { stream: 'x', sequence: windows.length, window: { start: reached, end: spikesBefore }, ...spikes }
    windows.push(spikes)
    reached = spikesBefore
    loops.forEach((isLoop, loop) => {
      if (!isLoop) return
      batches[loop]!.push(batch)
      kernel.receive(loop, batch)
    })
  }
  const lookahead = Math.min(...delays.filter((_, p) => loops[p]))
  for (const horizon of [...cutting.horizons, options.until]) {
    const end = kernel.reach(horizon)
    while (reached < end) {
      const to = Math.min(end, kernel.reach(reached + lookahead))
      const isSplit = cutting.hasInstants === true && to < options.until
      if (isSplit) advance(to, nextUp(to))
      advance(isSplit ? nextUp(to) : to, isSplit ? nextUp(to) : to)
    }
  }
  receiveUpTo(Number.POSITIVE_INFINITY)
  return { windows, batches, loops }
}

/** A window has its own spikes alone: a late one would reach its targets too late. */
export function expectWithin({ times }: SpikeTrains, { start, end }: SpikeBatch['window']): void {
  const other = times.find((time) => !(time >= start && time < end))
  if (other !== undefined) throw new RangeError(`A spike at ${other} ms in a window from ${start} to ${end} ms.`)
}

/** Hands a kernel the batches that may matter before a horizon, and have not been received. */
function receiver(
  kernel: DrivenKernel,
  batches: readonly (readonly SpikeBatch[])[],
  delays: readonly number[],
  order: NonNullable<Cutting['receipt']>,
): (horizon: number) => void {
  const next = batches.map(() => 0)
  const inputs = batches.map((_, input) => input)
  if (order === 'backwards') inputs.reverse()
  return (horizon) => {
    for (let isIdle = false; !isIdle; ) {
      isIdle = true
      for (const input of inputs) {
        for (let batch = batches[input]![next[input]!]; batch !== undefined; batch = batches[input]![next[input]!]) {
          if (batch.window.start + delays[input]! >= horizon) break
          kernel.receive(input, batch)
          next[input]!++
          isIdle = false
          if (order === 'in turn') break
        }
      }
    }
  }
}

/** What a kernel tells of a run that has gone forward. */
export function observed(kernel: DrivenKernel, { trials, trackSilent, integral }: KernelOptions) {
  const { kind, size } = kernel.values
  const none = new Float64Array(0)
  return {
    maxima: kind === 'li' || trackSilent ? kernel.maxima() : { values: none, times: none },
    integrals: integral === undefined ? none : kernel.integrals(),
    silent: Array.from({ length: kind === 'li' ? 0 : trials * size }, (_, at) => {
      return kernel.isSilent(Math.floor(at / size), at % size)
    }),
  }
}

/** After the last gradients were taken. */
export function gradientOf(
  kernel: DrivenKernel,
  onSums: KernelInput['onSums'] = () => () => undefined,
): Pick<KernelResult, 'gradient' | 'taus'> {
  const onGradient = onSums(kernel.sumTrials())
  const closed = kernel.closeGradient()
  onGradient(closed)
  const gradient = closed.whole()
  const { taus, gradientLength } = kernel.layout
  const whole = new Float64Array(gradient.buffer, gradient.byteOffset, gradientLength)
  return { gradient: gradient.slice(), taus: whole.slice(taus[0]?.perNeuron ?? gradientLength) }
}

/** What comes back while a kernel is driven backward. */
class Backward {
  private readonly kernel: DrivenKernel
  private readonly batches: readonly (readonly SpikeBatch[])[]
  private readonly loops: readonly boolean[]
  private readonly values: Float64Array[][]

  constructor(kernel: DrivenKernel, batches: readonly (readonly SpikeBatch[])[], loops: readonly boolean[]) {
    const nodes = kernel.layout.returnedNodes.length
    this.kernel = kernel
    this.batches = batches
    this.loops = loops
    this.values = batches.map((list) => list.map((batch) => new Float64Array(nodes * batch.times.length)))
  }

  collect(): void {
    for (const { input, batch, values } of this.kernel.takeReturned())
      this.values[input]![batch.sequence] = values.slice()
  }

  /** What a step is told: the explicit terms, and gradients of its spikes where these came back into the group. */
  deltasOf(step: number, explicit: Float64Array): Float64Array {
    const { kernel, loops } = this
    if (!loops.includes(true)) return explicit
    const returned = kernel.inputs.flatMap(({ order }, input) => {
      if (!loops[input]) return []
      const { groupBlocks: blocks } = kernel.layout
      return [{ order, blocks, nodes: kernel.layout.returnedNodes, values: this.values[input]![step]! }]
    })
    return sumReturned(explicit.length, [...returned, { ...EXPLICIT, values: explicit }])
  }

  returned(): readonly Float64Array[] {
    const nodes = this.kernel.layout.returnedNodes.length
    return this.batches.map((list, p) => {
      const joined = joinTrains(list)
      const spikes = joined.trains.times.length
      const all = new Float64Array(nodes * spikes)
      for (const [w, place] of joined.places.entries())
        for (let j = 0; j < nodes; j++)
          for (const [k, to] of place.entries()) all[j * spikes + to] = this.values[p]![w]![j * place.length + k]!
      return all
    })
  }
}
