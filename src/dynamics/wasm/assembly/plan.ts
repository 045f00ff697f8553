import { thread } from './thread'

/**
 * The plan of a kernel: the numbers and addresses (in bytes) that every function here works from.
 *
 * It is written from outside, field by field in the order of `PLAN_NUMBERS` and `PLAN_INTEGERS` in ../plan.ts. Nothing
 * below 64 KiB is used by kernels.
 */
const PLAN: usize = 65536
/** Integers follow the doubles. */
const INTEGERS: usize = PLAN + 128
/** Bytes of `bins` per thread. */
const BINS_BYTES: usize = 9728

export function tauMem(): f64 {
  return load<f64>(PLAN, 0)
}
export function tauSyn(): f64 {
  return load<f64>(PLAN, 8)
}
/** 1/tauMem and 1/tauSyn. */
export function perTauMem(): f64 {
  return load<f64>(PLAN, 80)
}
export function perTauSyn(): f64 {
  return load<f64>(PLAN, 88)
}
/** 1/tau of the weight e^{-t/tau} with which readouts are integrated. */
export function fading(): f64 {
  return load<f64>(PLAN, 96)
}
/** |1/tauMem - 1/tauSyn| in 1/ms. */
export function rate(): f64 {
  return load<f64>(PLAN, 16)
}
/** tauSyn / |tauSyn - tauMem|; 0 when both are equal. */
export function scale(): f64 {
  return load<f64>(PLAN, 24)
}
export function tauAdapt(): f64 {
  return load<f64>(PLAN, 32)
}
/** Where kappa is largest, and its value there. */
export function peakTime(): f64 {
  return load<f64>(PLAN, 40)
}
export function peakKappa(): f64 {
  return load<f64>(PLAN, 48)
}
/** 1/tauSyn - 1/tauMem, negated: tauMem, tauSyn -> (tauSyn - tauMem) / (tauMem tauSyn). */
export function rateGap(): f64 {
  return load<f64>(PLAN, 56)
}
/** Crossings later than this after a neuron's last event do not happen. */
export function searchHorizon(): f64 {
  return load<f64>(PLAN, 64)
}
/** End of the trials in ms, maybe Infinity. */
export function until(): f64 {
  return load<f64>(PLAN, 72)
}
/** End of the window at work: nothing that arrives there or later is known. */
export function horizon(): f64 {
  return load<f64>(PLAN, 104)
}
/** The latest time that a spike of the window may have. */
export function lastSpike(): f64 {
  return load<f64>(PLAN, 112)
}
/** In ms: a neuron may have `runaway` spikes again in each such stretch; Infinity: it may not. */
export function runawayStretch(): f64 {
  return load<f64>(PLAN, 120)
}

export function size(): i32 {
  return load<i32>(INTEGERS, 0)
}
/** Octets of neurons. */
export function octets(): i32 {
  return load<i32>(INTEGERS, 4)
}
/** Source units of all projections: rows of weights. */
export function rows(): i32 {
  return load<i32>(INTEGERS, 8)
}
export function trials(): i32 {
  return load<i32>(INTEGERS, 12)
}
/** tauMem / tauSyn where it is exactly 1, 2 or 4; else 0. */
export function ratio(): i32 {
  return load<i32>(INTEGERS, 16)
}
/** tauMem >= tauSyn. */
export function membraneIsSlower(): bool {
  return load<i32>(INTEGERS, 20) != 0
}
/** Neurons stay silent after their first spike. */
export function stopsAfterFirst(): bool {
  return load<i32>(INTEGERS, 24) != 0
}
/** More spikes of a neuron in a trial than this end the run. */
export function runaway(): i32 {
  return load<i32>(INTEGERS, 28)
}
/** Spike batches, see `inputs.ts`. */
export function inputCount(): i32 {
  return load<i32>(INTEGERS, 32)
}
export function inputs(): usize {
  return <usize>load<u32>(INTEGERS, 36)
}
/** Bytes that each thread has to put events in order in: two fifths for events, as many spare, the rest for counts. */
export function eventRoom(): usize {
  return <usize>load<u32>(INTEGERS, 40)
}
/** This thread's room for the events of a trial, and for as many again. */
export function events(): usize {
  return <usize>load<u32>(INTEGERS, 44) + thread * eventRoom()
}
export function spareEvents(): usize {
  return events() + (eventRoom() / 5) * 2
}
/** And for a count of each. */
export function eventCounts(): usize {
  return events() + (eventRoom() / 5) * 4
}
export function instants(): usize {
  return <usize>load<u32>(INTEGERS, 48)
}
/** First instant of each trial, and the end: pairs of u32 addresses. */
export function instantRanges(): usize {
  return <usize>load<u32>(INTEGERS, 52)
}
export function arrivals(): usize {
  return <usize>load<u32>(INTEGERS, 56)
}
/** [octet][row][lane]. */
export function weights(): usize {
  return <usize>load<u32>(INTEGERS, 60)
}
/** One value per lane: threshold - bias, what rules crossings out (see `testOf`), -bias, vReset - bias, adaptStep, bias. */
export function thresholds(): usize {
  return <usize>load<u32>(INTEGERS, 64)
}
export function tests(): usize {
  return <usize>load<u32>(INTEGERS, 68)
}
export function starts(): usize {
  return <usize>load<u32>(INTEGERS, 72)
}
export function resets(): usize {
  return <usize>load<u32>(INTEGERS, 76)
}
export function adaptSteps(): usize {
  return <usize>load<u32>(INTEGERS, 80)
}
export function biases(): usize {
  return <usize>load<u32>(INTEGERS, 84)
}
/** One value per neuron. */
export function vResets(): usize {
  return <usize>load<u32>(INTEGERS, 88)
}
/** Room for the tape of each octet: pairs of u32 addresses. */
export function tapes(): usize {
  return <usize>load<u32>(INTEGERS, 92)
}
/** [octet][trials + 1]: u32 addresses of the first record of each trial, and the end. */
export function tapeStarts(): usize {
  return <usize>load<u32>(INTEGERS, 96)
}
/** [trial][octet][lane]: i32 numbers of spikes. */
export function spikeCounts(): usize {
  return <usize>load<u32>(INTEGERS, 100)
}
/** [trial][octet][lane] of peak records; 0 when maxima are not wanted. */
export function peaks(): usize {
  return <usize>load<u32>(INTEGERS, 104)
}
/** Spikes of the whole step in event order: f64 times, u32 units, and u32 offsets per trial. */
export function spikeTimes(): usize {
  return <usize>load<u32>(INTEGERS, 108)
}
export function spikeUnits(): usize {
  return <usize>load<u32>(INTEGERS, 112)
}
export function spikeOffsets(): usize {
  return <usize>load<u32>(INTEGERS, 116)
}
/** Number of the first neuron in its whole group. */
export function firstUnit(): i32 {
  return load<i32>(INTEGERS, 120)
}
/** What came back per spike, in the order of `spikeTimes`. */
export function deltas(): usize {
  return <usize>load<u32>(INTEGERS, 124)
}
/** dL/d(max V) per [trial][neuron]; 0: none. */
export function peakGradients(): usize {
  return <usize>load<u32>(INTEGERS, 128)
}
/** A spike without a slope is an error. */
export function refusesUndefinedSlope(): bool {
  return load<i32>(INTEGERS, 132) != 0
}
/** dL/dbias is asked for. */
export function wantsBias(): bool {
  return load<i32>(INTEGERS, 136) != 0
}
/** [octet][slot] of two lane sums; 0 when no gradient events are wanted. */
export function eventSums(): usize {
  return <usize>load<u32>(INTEGERS, 140)
}
/** [block][slot] of gradient events summed over the neurons of a block. */
export function blockSums(): usize {
  return <usize>load<u32>(INTEGERS, 144)
}
/** Spikes of all batches. */
export function slots(): i32 {
  return load<i32>(INTEGERS, 148)
}
/** Bytes of the gradient of one octet: a row of weights is 64 of them, then bias, threshold and adaptStep; time constants come last. */
export function gradientBytes(): usize {
  return <usize>load<u32>(INTEGERS, 152)
}
/** Room for `levels` gradients of an octet: this thread's, or the octet's own if its tree goes on over micro-batches. */
export function vectorsOf(octet: i32): usize {
  const isWhole = firstLeaf() == 0 && finishesTree()
  return <usize>load<u32>(INTEGERS, 156) + (isWhole ? thread : <usize>octet) * levels() * gradientBytes()
}
export function levels(): usize {
  return <usize>load<u32>(INTEGERS, 160)
}
/** Neurons that fire. */
export function fires(): bool {
  return load<i32>(INTEGERS, 164) != 0
}
/** 1 where some projection has its delays per synapse: [octet][row][lane] of them. */
export function delays(): usize {
  return <usize>load<u32>(INTEGERS, 168)
}
/** [octet][row][lane] of the pair w e^{d/tauSyn}, w e^{d/tauMem}. */
export function drives(): usize {
  return <usize>load<u32>(INTEGERS, 172)
}
/** [octet][row][lane] of e^{d/tauSyn} and e^{d/tauMem}. */
export function synGrowths(): usize {
  return <usize>load<u32>(INTEGERS, 176)
}
export function memGrowths(): usize {
  return <usize>load<u32>(INTEGERS, 216)
}
/** [octet][lane] of the longest delay. */
export function longestDelays(): usize {
  return <usize>load<u32>(INTEGERS, 220)
}
/** This thread's room for the stretches between own events of an octet in one trial, see `delayed/backward.ts`. */
export function stretches(): usize {
  return <usize>load<u32>(INTEGERS, 180) + thread * stretchRoom()
}
/** Bytes of stretches that each thread has. */
export function stretchRoom(): usize {
  return <usize>load<u32>(INTEGERS, 184)
}
export function projectionCount(): i32 {
  return load<i32>(INTEGERS, 188)
}
/** See `projections.ts`. */
export function projections(): usize {
  return <usize>load<u32>(INTEGERS, 192)
}
/** The parameters, and the gradient in the same places. */
export function parameters(): usize {
  return <usize>load<u32>(INTEGERS, 196)
}
export function gradient(): usize {
  return <usize>load<u32>(INTEGERS, 200)
}
/** Parameters of the neurons, and their gradients: bias, threshold and adaptStep, `size` each. */
export function neuronParameters(): usize {
  return <usize>load<u32>(INTEGERS, 204)
}
export function neuronGradient(): usize {
  return <usize>load<u32>(INTEGERS, 208)
}
/** How the last pass over each octet ended, see `outcome.ts`. */
export function outcomes(): usize {
  return <usize>load<u32>(INTEGERS, 212)
}
/** The fields of a step of the optimiser, see `adam.ts`. */
export function adamFields(): usize {
  return <usize>load<u32>(INTEGERS, 228)
}
/** The gradient by the time constants is asked for. */
export function wantsTaus(): bool {
  return load<i32>(INTEGERS, 232) != 0
}
/** The gradient by tauMem, tauSyn and tauAdapt, `size` each. */
export function tauGradient(): usize {
  return <usize>load<u32>(INTEGERS, 236)
}
/** See `tau-instants.ts`; one entry per instant. */
export function tauFactors(): usize {
  return <usize>load<u32>(INTEGERS, 240)
}
/** This thread's room for what stretches know of time constants, see `delayed/taus.ts`: as much as for stretches. */
export function tauStretches(): usize {
  return <usize>load<u32>(INTEGERS, 244) + thread * stretchRoom()
}
/** This thread's room for the bins of a grid, see `delayed/bins.ts`. */
export function bins(): usize {
  return <usize>load<u32>(INTEGERS, 224) + thread * BINS_BYTES
}
/** [trial][octet][lane] of integrals over voltages; 0 when they are not wanted. */
export function integrals(): usize {
  return <usize>load<u32>(INTEGERS, 248)
}
/** Per instant what its arrivals do to an integral, see `integral.ts`. */
export function responses(): usize {
  return <usize>load<u32>(INTEGERS, 252)
}
/** [trial][octet][lane]: what the rate band takes from r at every spike; 0: there is none. */
export function pushes(): usize {
  return <usize>load<u32>(INTEGERS, 256)
}
/** Per octet what the last pass over it has read and written, see `traffic.ts`. */
export function traffic(): usize {
  return <usize>load<u32>(INTEGERS, 260)
}
/** Chunks of trials in the micro-batches that were undone before. */
export function firstLeaf(): i32 {
  return load<i32>(INTEGERS, 264)
}
/** The last micro-batch of the mini-batch. */
export function finishesTree(): bool {
  return load<i32>(INTEGERS, 268) != 0
}
/** [trial][octet]: where the neurons stood before the window, and stand after it, see `lane-states.ts`; 0: at rest, not kept. */
export function statesBefore(): usize {
  return <usize>load<u32>(INTEGERS, 272)
}
export function statesAfter(): usize {
  return <usize>load<u32>(INTEGERS, 276)
}
/** Per trial the last arrival before the window, see `instants.ts`; 0: there is but one window. */
export function lastArrivals(): usize {
  return <usize>load<u32>(INTEGERS, 280)
}
/** [octet][trial]: how far the way back has come between two windows, see `progress.ts`; 0: there is but one window. */
export function adjoints(): usize {
  return <usize>load<u32>(INTEGERS, 284)
}
/** [octet][trial]: gradient vectors, one per trial, where there are several windows. */
export function trialVectors(): usize {
  return <usize>load<u32>(INTEGERS, 288)
}
/** The window is the first one, which begins at rest or where a state has been saved; the last one. */
export function isFirstWindow(): bool {
  return load<i32>(INTEGERS, 292) != 0
}
export function isLastWindow(): bool {
  return load<i32>(INTEGERS, 296) != 0
}
/** The spikes whose gradient events are summed over blocks. */
export function firstSlot(): i32 {
  return load<i32>(INTEGERS, 300)
}
export function endOfSlots(): i32 {
  return load<i32>(INTEGERS, 304)
}
