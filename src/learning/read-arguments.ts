import { mapOf } from '../network/reading/read-fields.js'
import { listOf, readList } from '../network/reading/read-list.js'
import { readNetwork } from '../network/reading/read-network.js'
import { readTrains } from '../network/reading/read-trains.js'
import { instanceOf, objectWith, type Reader, readObject, readString } from '../network/reading/read-value.js'
import { wrongType } from '../network/reading/wrong-value.js'
import type { Recording, Session } from './session.js'
import type { Dataset, Task, TaskOrigin } from './task.js'

const readMethods = objectWith<Session>(
  ['simulate', 'evaluate', 'gradient', 'train', 'parameters', 'save', 'restore'],
  'a session, as open and openCluster give it',
)

/** A session, as far as one can tell. */
export function readSession(value: unknown, field = 'session'): Session {
  const session = readMethods(value, field)
  readNetwork(session.network, `${field}.network`)
  if (session.kernels !== undefined) readKernels(session.kernels, `${field}.kernels`)
  return session
}

const readKernels = listOf((choice, field) => readList(readObject(choice, field).reasons, `${field}.reasons`))

const readEncoder = objectWith<Dataset>(['encode'], 'a data set')

/** A data set, as far as one can tell. */
export function readDataset(value: unknown, field = 'dataset'): Dataset {
  const dataset = readEncoder(value, field)
  for (const name of ['size', 'classes'] as const)
    if (!Number.isSafeInteger(dataset[name])) throw wrongType(dataset[name], `${field}.${name}`, 'a whole number')
  return dataset
}

/** A task, as far as one can tell. */
export function readTask(value: unknown, field = 'task'): Task {
  const task = readObject(value, field)
  for (const split of ['train', 'validation', 'test'] as const) readDataset(task[split], `${field}.${split}`)
  if (typeof task.until !== 'number') throw wrongType(task.until, `${field}.until`, 'a time in ms')
  if (task.origin !== undefined) readOrigin(task.origin, `${field}.origin`)
  return value as Task
}

/** How a task is made, as far as one can tell. */
export const readOrigin: Reader<TaskOrigin> = (value, field) => {
  const { module, name, arguments: given } = readObject(value, field)
  readString(module, `${field}.module`)
  readString(name, `${field}.name`)
  readList(given, `${field}.arguments`)
  return value as TaskOrigin
}

/** What a simulation shows, as far as one can tell. */
export function readRecording(value: unknown, field = 'recording'): Recording {
  const { spikes, maxima } = readObject(value, field)
  mapOf(readTrains)(spikes, `${field}.spikes`)
  mapOf(readPeaks)(maxima, `${field}.maxima`)
  return value as Recording
}

const readPeaks: Reader<unknown> = (value, field) => {
  const { values, times } = readObject(value, field)
  instanceOf(Float64Array)(values, `${field}.values`)
  instanceOf(Float64Array)(times, `${field}.times`)
}
