import { entryOf } from '../../events/by-name.js'
import { classNameOf } from '../../learning/class-name.js'
import { miniBatch } from '../../learning/mini-batch.js'
import { canSpike, isReadout } from '../../network/models/models.js'
import { rasterPicture, type VoltageGroup } from '../../storage/pictures/raster-picture.js'
import type { Split } from '../evaluate/evaluate-draws.js'
import type { PreparedTask } from '../tasks.js'
import type { TrainedSession } from './method-flags.js'

/** Number of samples of a voltage that matches the resolution of a picture. */
const SAMPLES = 600

type ShownSession = Pick<TrainedSession, 'network' | 'simulate' | 'voltages'>

/** One sample as SVG: the spikes of all groups that spike from top to bottom, and the voltages of the readouts. */
export async function rasterOfTrial(
  session: ShownSession,
  { task, classes }: PreparedTask,
  { split, sample }: { readonly split: Split; readonly sample: number },
): Promise<string> {
  const trial = miniBatch(task[split], Uint32Array.of(sample), task.until)
  const spiking = session.network.groups.filter(canSpike)
  const readouts = watchReadouts(session, task.until)
  const { spikes } = await session.simulate(trial, { record: spiking.map(({ name }) => name) })
  const voltages = readouts.taken()
  const groups = spiking.map(({ name, size }) => {
    const { times = [], units = [] } = entryOf(spikes, name) ?? {}
    return { name, size, times, units }
  })
  const label = trial.labels[0] as number
  const name = classNameOf(classes, label)
  return rasterPicture({
    title: `${voltages.length === 0 ? 'Spikes' : 'Spikes and voltages'} of one ${task.name} trial`,
    subtitle: `${split} sample ${sample}, class ${label}${name === `class ${label}` ? '' : ` (${name})`}`,
    until: voltages.length === 0 ? endOf(groups, task.until) : task.until,
    groups,
    voltages,
  })
}

/** Watches the readouts in the next run; there are none where their voltages cannot be seen, or trials have no end. */
function watchReadouts(session: ShownSession, until: number): { taken(): readonly VoltageGroup[] } {
  const found: VoltageGroup[] = []
  const readouts = until === Number.POSITIVE_INFINITY ? [] : session.network.groups.filter(isReadout)
  const watches = readouts.flatMap(({ name, size }) => {
    const watch = session.voltages?.(name, { every: until / SAMPLES })
    const next = ({ times, values }: Pick<VoltageGroup, 'times' | 'values'>) => {
      found.push({ name, size, times, values })
    }
    return watch === undefined ? [] : [watch.subscribe({ next, error: () => undefined })]
  })
  return {
    taken() {
      for (const watch of watches) watch.unsubscribe()
      return found
    },
  }
}

/** Where the picture ends: a little after the last spike, so that a long silent rest does not squeeze the spikes. */
function endOf(groups: readonly { readonly times: ArrayLike<number> }[], until: number): number {
  let last = 1
  for (const { times } of groups) if (times.length > 0) last = Math.max(last, times[times.length - 1] as number)
  return Math.min(until, Math.ceil(last * 1.02))
}
