import { RunError } from '../../events/errors.js'
import type { Launcher } from './launcher.js'

/** Ends the links to all cores, also those that open later, so that no process waits for orders that will not come. */
export function endControls({ controls }: Pick<Launcher, 'controls'>, reason: Error = clusterClosed()): void {
  for (const opening of controls)
    opening.then(
      (control) => control.fail(reason),
      () => undefined,
    )
}

export function clusterClosed(): RunError {
  return new RunError({ code: 'CLUSTER_CLOSED', message: 'The cluster is closed.' })
}
