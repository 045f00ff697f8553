import { biases, biasSums, ownEnd, ownFirst, restarts, tauMemSums, tauStates } from '../../schema/adjoint-header'
import {
  ADJOINT_TAUS_OF_VOLTAGE,
  ADJOINT_VOLTAGE,
  OWN_CURRENT,
  OWN_DELTA,
  OWN_EVENT,
  OWN_KIND,
  OWN_NEURON,
  OWN_PEAK,
  OWN_RELEASE,
  OWN_TIME,
} from '../../schema/adjoint-records'
import { perTauMem } from '../../schema/header'
import { binStart, neurons, refractoriesOf, resetsOf } from '../../schema/window-header'
import { addTo, fire } from '../adjoint-events'
import { beginSpikeIntervals } from '../adjoint-spike-intervals'
import { adjointOf, adjointTausOf, carryTo } from './adjoint'
import { putDownCourse, takeUpCourse } from './propagator'
import { openUnscaledSpikeInterval } from './spike-intervals'

/** As `undoOwnEvents` does it. */
export function undoUnscaledEvents(): void {
  beginSpikeIntervals()
  let last = -1
  for (let event = ownEnd(); event > ownFirst(); ) {
    event -= OWN_EVENT
    const n = load<i32>(event, OWN_NEURON)
    const x = load<f64>(event, OWN_TIME) - binStart()
    if (n != last) openUnscaledSpikeInterval(n, Infinity)
    last = n
    takeUpCourse(n)
    if (load<u32>(event, OWN_KIND) == OWN_PEAK) inject(event, n, x)
    else undo(event, n, x)
    openUnscaledSpikeInterval(n, x)
  }
  putDownCourse()
}

function undo(event: usize, n: i32, x: f64): void {
  const own: usize = 8 * <usize>n
  carryTo(n, x)
  const adjoint = adjointOf(n)
  const pV = load<f64>(adjoint, ADJOINT_VOLTAGE)
  const reset = load<f64>(resetsOf() + own)
  const restart = -pV * (load<f64>(event, OWN_CURRENT) - reset) * perTauMem()
  const isRelease = load<u32>(event, OWN_KIND) == OWN_RELEASE
  const isHeld = load<f64>(refractoriesOf() + own) > 0
  startCourse(n, reset)
  let left: f64 = 0
  if (isRelease) store<f64>(restarts() + own, restart)
  else left = -fire(event, n, load<f64>(event, OWN_TIME), isHeld ? load<f64>(restarts() + own) : restart)
  addTo(biasSums(), n, left - pV)
  store<f64>(adjoint, left, ADJOINT_VOLTAGE)
}

/** The loss looks at the maximum of a silent neuron: pV := q. Nothing acts on it later. */
function inject(event: usize, n: i32, x: f64): void {
  const q = load<f64>(event, OWN_DELTA)
  carryTo(n, x)
  addTo(biasSums(), n, q)
  store<f64>(adjointOf(n), q, ADJOINT_VOLTAGE)
}

/** V begins a free course at u above the bias, whatever it was before: dL/dtauMem += u qU, and qU := 0. */
function startCourse(n: i32, u: f64): void {
  if (tauStates() == 0) return
  const taus = adjointTausOf(n)
  addTo(tauMemSums(), n, u * load<f64>(taus, ADJOINT_TAUS_OF_VOLTAGE))
  store<f64>(taus, 0, ADJOINT_TAUS_OF_VOLTAGE)
}

/** As `closeTrial` does it. */
export function closeUnscaledTrial(): void {
  for (let n = 0; n < neurons(); n++) {
    carryTo(n, 0)
    addTo(biasSums(), n, -load<f64>(adjointOf(n), ADJOINT_VOLTAGE))
    startCourse(n, -load<f64>(biases() + 8 * <usize>n))
  }
}
