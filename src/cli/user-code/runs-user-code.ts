import { moduleReferences } from '../../network/modules/module-references.js'
import type { PreparedTask } from '../tasks.js'

/** Whether this process runs code of the user's own when it works on a task. */
export function runsUserCode({
  task,
  module,
  lossModule,
}: Omit<PreparedTask, 'classes' | 'draw' | 'training'>): boolean {
  return module !== undefined || lossModule !== undefined || moduleReferences(task.network).length > 0
}
