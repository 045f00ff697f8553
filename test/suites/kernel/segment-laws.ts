import fc from 'fast-check'
import { mergeStates, sliceStates } from '../../../src/actors/streaming/simulation-state.js'
import type { Kernel } from '../../../src/dynamics/kernels/kernel.js'
import type { KernelState } from '../../../src/dynamics/kernels/kernel-state.js'
import { joinTrains } from '../../../src/events/join-trains.js'
import type { SpikeTrains } from '../../../src/events/spike-trains.js'
import type { Slice } from '../../../src/network/slices/blocks.js'
import { between } from '../../support/arbitraries.js'
import { cutsOf, cuttingWay, instantsOf, slicesOf } from '../../support/arbitrary-cutting.js'
import { having } from '../../support/case-ranges.js'
import { cutTrains, unitsOf } from '../../support/cut-trains.js'
import { driveSegments } from '../../support/drive-segments.js'
import { type DrawnKernelCase, optionsOf } from '../../support/kernel-case.js'
import { trialAlone } from '../../support/network-case.js'
import { expectSameBits } from '../../support/same-bits.js'
import type { KernelLaw } from './kernel-law.js'
import { checkCases, expectSeen, type KernelSubject, kernelFor, runCase } from './kernel-subject.js'

const SEGMENTED = { gradients: false, whole: false, segmented: true } as const

export const segmentLaws: readonly KernelLaw[] = [
  {
    name: 'goes on from the state of another with the same bits and the same next event, wherever it stopped',
    kind: 'lif',
    needs: ['segments'],
    check(subject) {
      const also = fc.record({
        way: cuttingWay.filter(({ horizons }) => horizons.length > 0),
        stays: fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }),
        stopAfterFirst: fc.constantFrom(false, false, true),
      })
      const tally = checkCases(subject, { kind: 'lif', also, short: 10, long: 28, seed: 11 }, (sample, drawn) => {
        const { way, stays, stopAfterFirst } = drawn
        const whole = runCase(subject, sample, { options: { gradients: false, stopAfterFirst } })
        const times = cutsOf(way.horizons, instantsOf(sample, whole), sample)
        const stops = times.map((time, k) => ({ time, moves: stays[k] !== true }))
        let held = 0
        const result = driveSegments({
          create: () => subject.kernelOf(sample),
          trains: kernelFor(subject, sample).inputs.map(({ order }) => sample.trains[order]!),
          options: optionsOf(sample, { ...SEGMENTED, stopAfterFirst }),
          stops,
          onState: (state) => {
            held += heldBy(state)
          },
        })
        expectSameBits(result, { spikes: whole.spikes, silent: whole.silent })
        return { spikes: whole.spikes.times.length, stops: stops.length, held }
      })
      expectSeen(tally, { spikes: 6, stops: 3, held: 1 })
    },
  },
  {
    name: 'goes on from the state of other slices with the same bits',
    kind: 'lif',
    needs: ['segments', 'slices'],
    check(subject) {
      const also = fc.record({ place: between(0, 1), atSpike: fc.boolean(), others: OTHERS })
      const tally = checkCases(
        subject,
        { kind: 'lif', also, range: having('several blocks', subject.cases.lif!), short: 5, long: 14, seed: 47 },
        (cases, drawn) => {
          const sample = lastTrial(cases)
          const whole = runCase(subject, sample, { options: { gradients: false } })
          const { times } = whole.spikes
          const spike = drawn.atSpike ? times[Math.floor(drawn.place * times.length)] : undefined
          const stop = spike || sample.from + drawn.place * (sample.until - sample.from) || 1
          const others = within(drawn.others, sample.instance.groups.find(({ name }) => name === 'x')!.size)
          const { spikes, held } = inOtherSlices(subject, sample, stop, others)
          expectSameBits(spikes, whole.spikes)
          return { spikes: times.length, held, cut: others.length - 1 }
        },
      )
      expectSeen(tally, { spikes: 2, held: 0.5, cut: 0.2 })
    },
  },
]

/** Of up to 100 neurons; many groups have no other place to be cut than behind the first block. */
const OTHERS = fc.oneof(slicesOf(100), fc.constant([32, 100].map((end, k) => ({ start: 32 * k, end }))))

function heldBy({ inFlight }: Pick<KernelState, 'inFlight'>): number {
  return Object.values(inFlight).reduce((sum, { times }) => sum + times.length, 0)
}

/** A state is saved of one trial. */
function lastTrial(sample: DrawnKernelCase): DrawnKernelCase {
  const trains = sample.trains.map((train) => trialAlone(train, sample.trials - 1))
  return { ...sample, trains, trials: 1 }
}

/** The slices of a larger group, as far as a smaller one has them. */
function within(slices: readonly Slice[], size: number): readonly Slice[] {
  return slices.filter(({ start }) => start < size).map(({ start, end }) => ({ start, end: Math.min(end, size) }))
}

/** Runs up to a stop in the slices of the case, and on in others, from one state put together. */
function inOtherSlices(subject: KernelSubject, sample: DrawnKernelCase, stop: number, others: readonly Slice[]) {
  const { network, targetSlices } = sample
  const options = optionsOf(sample, SEGMENTED)
  const advance = (slices: readonly Slice[], begin: (kernel: Kernel) => void, segment: 0 | 1) => {
    return slices.map((slice) => {
      const sourceSlices = (source: string) => (source === 'x' ? slices : sample.sourceSlices)
      const kernel = subject.sliceOf!(sample, slice, sourceSlices)
      begin(kernel)
      kernel.inputs.forEach(({ order, source, slice: part }, input) => {
        const { trains } = unitsOf(sample.trains[order]!, sourceSlices(source)[part])
        kernel.receive(input, cutTrains(trains, [stop], sample.until)[segment]!)
      })
      const end = segment === 0 ? stop : sample.until
      return { kernel, spikes: kernel.advance(end, end) }
    })
  }
  const first = advance(targetSlices, (kernel) => kernel.begin(options), 0)
  const saved = first.map(({ kernel }) => ({ group: 'x', start: kernel.values.start, ...kernel.saveState() }))
  const state = mergeStates(network, saved)
  const rest = advance(others, (kernel) => kernel.resume(options, stop, sliceOf(sample, state, kernel)), 1)
  const parts: SpikeTrains[] = [...first, ...rest].map(({ spikes }) => spikes)
  return { spikes: joinTrains(parts).trains, held: heldBy(state) }
}

function sliceOf({ network }: DrawnKernelCase, state: ReturnType<typeof mergeStates>, { values }: Kernel): KernelState {
  const slice = { group: 'x', start: values.start, end: values.start + values.size }
  const core = { core: 0, column: 0, row: 0, slices: [slice], neurons: 0, synapses: 0 }
  return sliceStates(network, { cores: [core], cuts: [], cycles: [] }, 0, state)[0]!
}
