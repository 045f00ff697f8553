import { median } from '../measure/median.js'
import { ownSeconds } from '../measure/processor-time.js'
import { createSparseRuns, sparseRecurrent } from '../measure/sparse-runs.js'
import type { Finding, Settings } from '../suite.js'

const UNIT = 'M synaptic events/s'
const UNTIL = 100

/** Training of a sparse recurrent network: synaptic events per second of processor time, forward and backward. */
export function* sparseTraining(settings: Settings): Generator<Finding> {
  const [neurons, few] = settings.quick ? [500, 200] : [10_000, 1000]
  const reference = speedOf(few, false, 'reference')
  for (const hasDelaysPerSynapse of [false, true]) {
    const { trained, forward } = speedOf(neurons, hasDelaysPerSynapse, 'window')
    yield {
      name: `training, ${neurons} neurons of in-degree 100 from inputs and as many from each other${hasDelaysPerSynapse ? ', own delays' : ''}`,
      value: trained,
      unit: UNIT,
      against: [
        { name: 'forward alone', value: forward },
        { name: `the reference kernel, ${few} neurons`, value: reference.trained },
      ],
    }
  }
}

/** The median of three runs after a warm-up. */
function speedOf(neurons: number, hasDelaysPerSynapse: boolean, engine: 'window' | 'reference') {
  const runs = createSparseRuns(sparseRecurrent(neurons, hasDelaysPerSynapse), engine, UNTIL)
  const timed = (work: () => number) => {
    const started = ownSeconds()
    const events = work()
    return events / (ownSeconds() - started) / 1e6
  }
  const train = () => {
    const events = runs.forward(true)
    runs.backward()
    return events
  }
  train()
  const trained = [0, 1, 2].map(() => timed(train))
  const forward = [0, 1, 2].map(() => timed(() => runs.forward(false)))
  return { trained: median(trained), forward: median(forward) }
}
