import { exp } from '../numerics/exp'
import {
  adaptations,
  adaptStepSums,
  adaptSteps,
  biases,
  biasSums,
  grazings,
  ignoresUndefined,
  ownEnd,
  ownFirst,
  pairs,
  rateGradients,
  restarts,
  setGrazings,
  setUndefinedNeuron,
  setUndefinedSlope,
  setUndefinedTime,
  tauAdaptSums,
  tauMemSums,
  tauStates,
  thresholdSums,
  thresholds,
  undefinedNeuron,
} from '../schema/adjoint-header'
import {
  ADAPTATION,
  ADAPTATION_ADJOINT,
  ADAPTATION_BY_TAU,
  ADAPTATION_TIME,
  ADJOINT_TAUS_OF_VOLTAGE,
  ADJOINT_VOLTAGE,
  OWN_ADAPTATION,
  OWN_CURRENT,
  OWN_DELTA,
  OWN_EVENT,
  OWN_KIND,
  OWN_NEURON,
  OWN_PEAK,
  OWN_RELEASE,
  OWN_TIME,
} from '../schema/adjoint-records'
import { GRAZING } from '../schema/constants'
import { perTauMem, tauAdapt } from '../schema/header'
import { binStart, neurons, refractoriesOf, resetsOf, share, thresholdsOf } from '../schema/window-header'
import { beginSpikeIntervals, leaveTaus, meetTaus, openSpikeInterval, startTaus } from './adjoint-spike-intervals'
import { isScaled } from './forms'
import { adjointFrom, adjointSheared, decays, growths } from './growth'
import { adjointOf, adjointTausOf, carryTo } from './unscaled/adjoint'
import { putDownCourse, takeUpCourse } from './unscaled/propagator'

/** Undoes the own events of the bin, the last one of each neuron first; what they leave are inter-spike intervals. */
export function undoOwnEvents<F>(): void {
  beginSpikeIntervals()
  let last = -1
  for (let event = ownEnd(); event > ownFirst(); ) {
    event -= OWN_EVENT
    const n = load<i32>(event, OWN_NEURON)
    const x = load<f64>(event, OWN_TIME) - binStart()
    if (n != last) openSpikeInterval<F>(n, Infinity)
    last = n
    if (!isScaled<F>()) takeUpCourse(n)
    if (load<u32>(event, OWN_KIND) == OWN_PEAK) inject<F>(event, n, x)
    else undo<F>(event, n, x)
    openSpikeInterval<F>(n, x)
  }
  if (!isScaled<F>()) putDownCourse()
}

/**
 * Ends of refractory periods: cRef = -pV (I + bias - vReset) / tauMem;   pV := 0.
 * Spikes: pV := -r, see `fire`. pI continues.
 */
function undo<F>(event: usize, n: i32, x: f64): void {
  const time = load<f64>(event, OWN_TIME)
  const reset = load<f64>(resetsOf() + 8 * <usize>n)
  let now = f64x2.splat(0)
  if (isScaled<F>()) now = f64x2.mul(adjointSheared(v128.load(pairs() + 16 * <usize>n), x), growths(x))
  else carryTo(n, x)
  const pV = isScaled<F>() ? f64x2.extract_lane(now, 1) : load<f64>(adjointOf(n), ADJOINT_VOLTAGE)
  const restart = -pV * (load<f64>(event, OWN_CURRENT) - reset) * perTauMem()
  const isRelease = load<u32>(event, OWN_KIND) == OWN_RELEASE
  const isHeld = load<f64>(refractoriesOf() + 8 * <usize>n) > 0
  if (!isScaled<F>()) startUnscaledTaus(n, reset)
  else if (tauStates() != 0) {
    meetTaus(n, x, time, now)
    if (isRelease || !isHeld) startTaus(n, reset)
  }
  let left: f64 = 0
  if (isRelease) store<f64>(restarts() + 8 * <usize>n, restart)
  else left = -fire(event, n, time, isHeld ? load<f64>(restarts() + 8 * <usize>n) : restart)
  addTo(biasSums(), n, left - pV)
  const pI = f64x2.extract_lane(now, 0) + share() * pV
  leave<F>(n, x, time, pI - share() * left, left)
}

/** The loss looks at the maximum of a silent neuron: pV := q. Nothing acts on it later. */
function inject<F>(event: usize, n: i32, x: f64): void {
  const q = load<f64>(event, OWN_DELTA)
  const time = load<f64>(event, OWN_TIME)
  if (!isScaled<F>()) carryTo(n, x)
  else if (tauStates() != 0) meetTaus(n, x, time, f64x2.splat(0))
  addTo(biasSums(), n, q)
  leave<F>(n, x, time, -share() * q, q)
}

/** The adjoint right before an own event: pV, and of scaled ones what B has then; unscaled pI and pJ go on as they are. */
function leave<F>(n: i32, x: f64, time: f64, b: f64, pV: f64): void {
  if (!isScaled<F>()) {
    store<f64>(adjointOf(n), pV, ADJOINT_VOLTAGE)
    return
  }
  const back = decays(x)
  const scaled = f64x2.replace_lane(f64x2.splat(b), 1, pV)
  v128.store(pairs() + 16 * <usize>n, adjointFrom(f64x2.mul(scaled, back), x))
  if (tauStates() != 0) leaveTaus(n, time, pV, f64x2.extract_lane(back, 0))
}

/** V begins a free course at u above the bias, whatever it was before: dL/dtauMem += u qU, and qU := 0. */
function startUnscaledTaus(n: i32, u: f64): void {
  if (tauStates() == 0) return
  const taus = adjointTausOf(n)
  addTo(tauMemSums(), n, u * load<f64>(taus, ADJOINT_TAUS_OF_VOLTAGE))
  store<f64>(taus, 0, ADJOINT_TAUS_OF_VOLTAGE)
}

/**
 * c = delta + cRef + pA adaptStep / tauAdapt;   r = c / gdot;   dL/dthreshold += r;   dL/dadaptStep += pA;   pA := pA + r.
 * Returns r.
 */
function fire(event: usize, n: i32, time: f64, cRef: f64): f64 {
  const own: usize = 8 * <usize>n
  const adaptStep = load<f64>(adaptSteps() + own)
  const pA = flowAdaptation(n, time, adaptStep)
  const total = load<f64>(event, OWN_DELTA) + cRef + (pA * adaptStep) / tauAdapt()
  store<f64>(restarts() + own, 0)
  let r = total == 0 ? 0 : shift(event, n, time, total)
  if (rateGradients() != 0) r -= load<f64>(rateGradients() + own)
  store<f64>(adaptations() + ADAPTATION * <usize>n, pA + r, ADAPTATION_ADJOINT)
  addTo(adaptStepSums(), n, pA)
  addTo(thresholdSums(), n, r)
  return r
}

/** pA at a spike, where the adaptation is raised: dL/dtauAdapt += adaptStep a, see src/dynamics/models/tau-adjoint.ts. */
function flowAdaptation(n: i32, time: f64, adaptStep: f64): f64 {
  const state = adaptations() + ADAPTATION * <usize>n
  const d = load<f64>(state, ADAPTATION_TIME) - time
  const before = load<f64>(state, ADAPTATION_ADJOINT)
  let byTau = load<f64>(state, ADAPTATION_BY_TAU)
  store<f64>(state, time, ADAPTATION_TIME)
  if (before == 0 && byTau == 0) return 0
  const decay = exp(-d / tauAdapt())
  byTau = decay * (byTau + (before * (d / tauAdapt())) / tauAdapt())
  store<f64>(state, byTau, ADAPTATION_BY_TAU)
  addTo(tauAdaptSums(), n, adaptStep * byTau)
  return decay * before
}

/** r = c / gdot with gdot = (I + bias - theta) / tauMem + A / tauAdapt, the slope of V - theta at the crossing. */
function shift(event: usize, n: i32, time: f64, total: f64): f64 {
  // A spike at the very start of a trial (threshold <= 0) is no crossing: nothing moves it.
  if (time == 0) return 0
  const adaptation = load<f64>(event, OWN_ADAPTATION)
  const theta = load<f64>(thresholds() + 8 * <usize>n) + adaptation
  const rise = load<f64>(event, OWN_CURRENT) - load<f64>(thresholdsOf() + 8 * <usize>n) - adaptation
  const slope = rise * perTauMem() + adaptation / tauAdapt()
  const grazes = slope < GRAZING * abs(theta) * perTauMem()
  if (grazes) setGrazings(grazings() + 1)
  const r = total / slope
  if (slope > 0 && abs(r) < Infinity) return r
  // What is left out has been counted.
  const isLeftOut = ignoresUndefined() && (grazes || slope <= 0)
  if (!isLeftOut && undefinedNeuron() < 0) {
    setUndefinedNeuron(n)
    setUndefinedTime(time)
    setUndefinedSlope(slope)
  }
  return 0
}

/** The first inter-spike interval of the trial, before any event, where only the bias acts. */
export function closeFirstSpikeIntervals<F>(): void {
  for (let n = 0; n < neurons(); n++) {
    const u = -load<f64>(biases() + 8 * <usize>n)
    if (!isScaled<F>()) {
      carryTo(n, 0)
      addTo(biasSums(), n, -load<f64>(adjointOf(n), ADJOINT_VOLTAGE))
      startUnscaledTaus(n, u)
      continue
    }
    const now = v128.load(pairs() + 16 * <usize>n)
    addTo(biasSums(), n, -f64x2.extract_lane(now, 1))
    if (tauStates() == 0) continue
    meetTaus(n, 0, 0, now)
    startTaus(n, u)
  }
}

/** Adds to a sum of the n-th neuron. */
export function addTo(sums: usize, n: i32, value: f64): void {
  const at = sums + 8 * <usize>n
  store<f64>(at, load<f64>(at) + value)
}
