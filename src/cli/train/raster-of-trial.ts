import { entryOf } from '../../events/by-name.js'
import { classNameOf } from '../../learning/class-name.js'
import { miniBatch } from '../../learning/mini-batch.js'
import type { Session } from '../../learning/session.js'
import { rasterPicture } from '../../storage/pictures/raster-picture.js'
import type { PreparedTask } from '../tasks.js'

/** The spike raster of one test sample, all groups that spike from top to bottom, as SVG. */
export async function rasterOfTrial(
  session: Session,
  { task, classes }: PreparedTask,
  sample: number,
): Promise<string> {
  const trial = miniBatch(task.test, Uint32Array.of(sample), task.until)
  const spiking = session.network.groups.filter(({ kind }) => kind !== 'li')
  const { spikes } = await session.simulate(trial, { record: spiking.map(({ name }) => name) })
  const groups = spiking.map(({ name, size }) => {
    const { times = [], units = [] } = entryOf(spikes, name) ?? {}
    return { name, size, times, units }
  })
  const label = trial.labels[0] as number
  const name = classNameOf(classes, label)
  return rasterPicture({
    title: `Spikes of one ${task.name} trial`,
    subtitle: `test sample ${sample}, class ${label}${name === `class ${label}` ? '' : ` (${name})`}`,
    until: endOf(groups, task.until),
    groups,
  })
}

/** Where the picture ends: a little after the last spike, so that a long silent rest does not squeeze the spikes. */
function endOf(groups: readonly { readonly times: ArrayLike<number> }[], until: number): number {
  let last = 1
  for (const { times } of groups) if (times.length > 0) last = Math.max(last, times[times.length - 1] as number)
  return Math.min(until, Math.ceil(last * 1.02))
}
