import { RunError } from '../../../events/errors.js'
import type { ActorPartition } from '../actor-partition.js'

/**
 * Breaks off what the partitions of a process run, with a `RunError` RUN_STALLED that names the actors, if some of these
 * still wait: without a message on its way, and without other processes, they would wait for ever.
 */
export function refuseToStall(partitions: readonly ActorPartition[]): void {
  const stalled = partitions.flatMap((partition) => {
    const waiting = partition.waiting()
    return waiting === null || waiting.actors.length === 0 ? [] : [{ partition, ...waiting }]
  })
  const [first] = stalled
  if (first === undefined) return
  const error = standstill(
    first.run,
    stalled.flatMap(({ partition: { core }, actors }) => actors.map((each) => ({ core, ...each }))),
  )
  for (const { partition, run } of stalled) partition.abort(run, error)
}

function standstill(
  run: number,
  actors: readonly { readonly core: number; readonly actor: string; readonly state: string }[],
): RunError {
  const waiting = actors.map(({ core, actor, state }) => `on core ${core} "${actor}" (${state})`).join(', ')
  const [first] = actors
  return new RunError({
    code: 'RUN_STALLED',
    message: `Run ${run} stands still: no message is left, yet these actors wait: ${waiting}.`,
    details: { run, core: first?.core ?? 0, actor: first?.actor ?? '' },
    remedy: 'This is a bug in antidrome; report it, with the network.',
  })
}
