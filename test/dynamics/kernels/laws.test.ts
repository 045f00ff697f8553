import { expect, test } from 'vitest'
import { lawsOf } from '../../suites/kernel-suite.js'
import { fused, fusedSimd, own, reference, shared, window } from './subjects.js'

const FUSED = [fused, fusedSimd]
const KNOW_CHANCE = [reference, ...FUSED, shared, own]
const EVERY = [...KNOW_CHANCE, window]
const OTHERS = EVERY.filter((kernel) => kernel !== reference)
const SIMD = [shared, own]
const READOUTS = [reference, shared, own]
const WINDOWS = [reference, ...FUSED, ...SIMD, window]

const ABSENCE = 'where there is no synapse nothing depends on what stands in the parameters, and every gradient is 0'

const PARTS =
  'sums of parts of a mini-batch, joined in the tree over chunks, have the gradient of the whole and its squares'

/** Which kernels are held to which law: none is left out because of an ability that somebody forgot to name. */
const HELD = [
  ['lif: fires as the reference does, no spike more or less, and has its gradients', OTHERS],
  ['lif: fires as the reference does until nothing can happen any more', OTHERS],
  ['lif: takes up other time constants as the reference that has had them from the start', OTHERS],
  ['lif: lifts silent neurons as the reference does', OTHERS],
  ['lif: holds neurons to a rate as the reference does', OTHERS],
  ['li: finds the maxima of the reference, and their gradients', SIMD],
  ['li: integrates as the reference does, and has its gradients', SIMD],
  ...[
    'lif: what arrives at an instant or later, if anything, changes no bit of what came before, nor does the end',
    'lif: a spike comes before what arrives at its rounded time, and before an end one ulp later, and not at one',
    'lif: where V just meets its threshold, from rest or back from 10^6 thresholds below, no next arrival and no window changes a bit',
  ].map((law) => [law, EVERY] as const),
  ...[
    'lif: fires as the reference does where thresholds lie at or below rest, or below 0, whatever the current',
    'lif: fires as the reference does where an adapted threshold falls onto V, whatever the current',
    'lif: silence of up to 10^5 tauMem before, between or after arrivals leaves nothing behind, and nothing that is not finite',
    'lif: a maximum before long silence is found, whatever comes after that',
    'lif: fires as the reference does where time constants are equal but for 1e-2 to 1e-14, and has its gradients',
  ].map((law) => [law, OTHERS] as const),
  ['lif: fires as the reference does where weights of 10^6 thresholds inhibit and excite, also after 10^6 ms', OTHERS],
  ['lif: no bit depends on the unit of voltages, if that is a power of two', EVERY],
  [
    'lif: no bit depends on the unit of voltages, if that is a power of two, where neurons only just fire, or fire just before what arrives',
    EVERY,
  ],
  ['li: no bit depends on the unit of voltages, if that is a power of two', READOUTS],
  ['lif: no batching and no order of receipt changes a bit', EVERY],
  ['li: no batching and no order of receipt changes a bit', READOUTS],
  ['lif: neurons that stop after their first spike have fired as the others first did', EVERY],
  ['lif: who is silent has no spike, and spikes are in event order', EVERY],
  ['lif: what nobody wants to know changes no other bit', EVERY],
  ['lif: what arrives as a refractory period ends comes after its end', EVERY],
  ['lif: no cutting at or right beside ends of refractory periods changes a bit, whatever arrives there', WINDOWS],
  [
    'lif: the end of a refractory period is the next event of a neuron that waits for it, and none of one that has stopped',
    [reference, ...SIMD],
  ],
  ['lif: no cutting into windows and batches changes a bit', WINDOWS],
  ['lif: nor does any cutting where arrivals, and the end, come at the very instants of spikes', WINDOWS],
  ['lif: a run without an end has the same bits in any windows', WINDOWS],
  ['lif: zeros keep their sign in any windows', WINDOWS],
  ['lif: silent neurons have the same maxima under a hinge in any windows', WINDOWS],
  ['li: maxima are the same in any windows', READOUTS],
  ['li: integrals are the same in any windows', [reference]],
  ['lif: nothing happens before the next event, and asking for it changes no bit', WINDOWS],
  [
    'lif: the next event that is told right after an arrival is the very one, in whatever window it comes',
    [reference, ...SIMD],
  ],
  ['lif: spikes that graze their threshold are neither lost nor doubled where a run is cut', WINDOWS],
  ['lif: spikes that come back do what they would do from outside, in any windows', WINDOWS],
  ['lif: no cutting changes a bit where chance loses spikes and has others arrive late or early', KNOW_CHANCE],
  ['lif: goes on from the state of another with the same bits and the same next event, wherever it stopped', WINDOWS],
  ['lif: goes on from the state of other slices with the same bits', [reference, ...SIMD, window]],
  ['lif: no slicing changes a bit', [reference, ...SIMD, window]],
  ['lif: no slicing changes a bit of silent neurons under a hinge', [reference, ...SIMD, window]],
  ['li: no slicing changes a bit of maxima and integrals', READOUTS],
  ['lif: a trial of a mini-batch is what it is alone', EVERY],
  ['li: a trial of a mini-batch is what it is alone', READOUTS],
  ['lif: leaves nothing behind for the next run, even where it is broken off', EVERY],
  ['li: leaves nothing behind for the next run, even where it is broken off', READOUTS],
  ['lif: spikes that arrive after the end are told nothing, whatever others were told before', EVERY],
  ['lif: the gradient of two chunks of trials is the sum of theirs, in whole trials and in windows', EVERY],
  ['lif: runs with other parameters as one that never had any but these', EVERY],
  [`lif: ${PARTS}`, EVERY],
  [`li: ${PARTS}`, READOUTS],
  [`lif: ${ABSENCE}`, KNOW_CHANCE],
  [`li: ${ABSENCE}`, READOUTS],
  ['lif: names a neuron that never rests', [reference, ...SIMD, window]],
] as const

test.each(EVERY)('$name is held to every law that it ought to be, and to no other', (subject) => {
  const laws = HELD.flatMap(([law, kernels]) => (kernels.some((kernel) => kernel === subject) ? [law] : []))
  expect(lawsOf(subject)).toEqual(laws)
})
