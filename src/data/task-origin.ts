import type { TaskOrigin } from '../learning/task.js'

/** How a function of `antidrome/data` makes a task; the arguments, which are plain data, may be changed afterwards. */
export function dataOrigin(name: string, ...given: readonly unknown[]): TaskOrigin {
  return { module: 'antidrome/data', name, arguments: structuredClone(given) }
}
