import type { SpikeTrains } from '../../../events/spike-trains.js'
import { QUIET_INTERVAL } from './bins/stillness.js'
import type { Arrive } from './poisson/emitted-poisson-inputs.js'
import type { WindowForm } from './window-form.js'

/**
 * Runs everything before `end`, see `WindowNeurons.advance`, in steps that hold back what Poisson inputs emit; returns the
 * spikes of each.
 *
 * @param arrive lets the spikes that are emitted arrive
 */
export function advanceInSteps(
  { neurons, emitted, bin }: WindowForm,
  end: number,
  arrive: Arrive,
): readonly SpikeTrains[] {
  if (emitted.isEmpty) return [neurons.advance(end)]
  const steps: SpikeTrains[] = []
  for (;;) {
    // What is due next comes in some bins, of which the first is under way.
    const from = Math.max(neurons.binStart, Math.floor(emitted.due() / bin) * bin)
    const to = Math.min(end, from + QUIET_INTERVAL * bin)
    emitted.emit(to, arrive)
    steps.push(neurons.advance(to))
    if (to === end) return steps
  }
}
