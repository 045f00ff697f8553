import type { SpikeTrains } from '../events/spike-trains.js'
import { expectList, expectObject, expectRecord, expectString, wrongType } from '../network/reading/expect.js'
import { expectArray, expectMethods, expectNetwork, expectTrains } from '../network/reading/expect-arguments.js'
import type { Recording, Session } from './session.js'
import type { Dataset, Task, TaskOrigin } from './task.js'

/** A session, as far as one can tell; raises `InputError` FIELD_MISSING or FIELD_TYPE. */
export function expectSession(value: Session, field = 'session'): Session {
  const methods = ['simulate', 'evaluate', 'gradient', 'train', 'parameters', 'save', 'restore'] as const
  const session = expectMethods(value, methods, field, 'a session, as open and openCluster give it')
  expectNetwork(session.network, `${field}.network`)
  if (session.kernels !== undefined) expectKernels(session.kernels, `${field}.kernels`)
  return session
}

function expectKernels(value: unknown, field: string): void {
  expectList(value, field).forEach((choice, k) => {
    const { reasons } = expectObject(choice, `${field}[${k}]`)
    expectList(reasons, `${field}[${k}].reasons`)
  })
}

/** A data set, as far as one can tell; raises `InputError` FIELD_MISSING or FIELD_TYPE. */
export function expectDataset(value: Dataset, field = 'dataset'): Dataset {
  const dataset = expectMethods(value, ['encode'], field, 'a data set')
  for (const name of ['size', 'classes'] as const)
    if (!Number.isSafeInteger(dataset[name])) throw wrongType(dataset[name], `${field}.${name}`, 'a whole number')
  return dataset
}

/** A task, as far as one can tell; raises `InputError` FIELD_MISSING or FIELD_TYPE. */
export function expectTask(value: Task, field = 'task'): Task {
  const task: Readonly<Record<string, unknown>> = expectObject(value, field)
  for (const split of ['train', 'validation', 'test'] as const)
    expectDataset(task[split] as Dataset, `${field}.${split}`)
  if (typeof task.until !== 'number') throw wrongType(task.until, `${field}.until`, 'a time in ms')
  if (task.origin !== undefined) expectOrigin(task.origin as TaskOrigin, `${field}.origin`)
  return value
}

/** How a task is made, as far as one can tell; raises `InputError` FIELD_MISSING or FIELD_TYPE. */
export function expectOrigin(value: TaskOrigin, field: string): TaskOrigin {
  const { module, name, arguments: given } = expectObject(value, field)
  expectString(module, `${field}.module`)
  expectString(name, `${field}.name`)
  expectList(given, `${field}.arguments`)
  return value
}

/** What a simulation shows, as far as one can tell; raises `InputError` FIELD_MISSING or FIELD_TYPE. */
export function expectRecording(value: Recording, field = 'recording'): Recording {
  const { spikes, maxima } = expectObject(value, field)
  for (const [group, trains] of Object.entries(expectRecord(spikes, `${field}.spikes`)))
    expectTrains(trains as SpikeTrains, `${field}.spikes.${group}`)
  for (const [group, peaks] of Object.entries(expectRecord(maxima, `${field}.maxima`))) {
    const { values, times } = expectObject(peaks, `${field}.maxima.${group}`)
    expectArray(values, Float64Array, `${field}.maxima.${group}.values`)
    expectArray(times, Float64Array, `${field}.maxima.${group}.times`)
  }
  return value
}
