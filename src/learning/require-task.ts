import { InputError } from '../events/errors.js'
import { formatNetwork } from '../network/file/format-network.js'
import { parseNetwork } from '../network/file/parse-network.js'
import { describeValue } from '../network/reading/describe-value.js'
import { readNetwork } from '../network/reading/read-network.js'
import { integerFrom, numberThat } from '../network/reading/read-number.js'
import { readFunction, readObject, readRecord, readString } from '../network/reading/read-value.js'
import { wrongShape } from '../network/reading/wrong-value.js'
import { readClassNames } from './class-name.js'
import { requireLabelArray } from './labels.js'
import { requireSamples } from './mini-batch.js'
import { readOrigin } from './read-arguments.js'
import { readLoss } from './read-loss.js'
import { requireFit } from './require-fit.js'
import type { Dataset, Task } from './task.js'
import { SPLITS } from './task-fingerprint.js'

const readUntil = numberThat({ expected: 'a time in ms above 0', holds: (value) => value > 0 })

/**
 * A task that the user's code has made, checked field by field.
 *
 * Raises `InputError` that names the field: FIELD_MISSING, FIELD_TYPE, OPTION_OUT_OF_RANGE, DATASET_EMPTY, SHAPE_MISMATCH,
 * LABEL_OUT_OF_RANGE, LOSS_*, INPUT_*, and whatever its data sets and network raise.
 */
export function requireTask(value: unknown): Task {
  const task = readObject(value, 'task')
  readString(task.name, 'name')
  for (const split of SPLITS) requireDataset(task[split], split)
  if (task.until !== Infinity) readUntil(task.until, 'until')
  const loss = readLoss(task.loss as Task['loss'], 'loss')
  if (task.settings !== undefined) readRecord(task.settings, 'settings')
  if (task.origin !== undefined) readOrigin(task.origin as NonNullable<Task['origin']>, 'origin')
  const network = readNetwork(task.network as Task['network'], 'network')
  requireDescribed(network)
  requireFit(network, loss, value as Task)
  return value as Task
}

/** What `defineNetwork` has made is frozen; of anything else the file that it would be is read. */
function requireDescribed(network: Task['network']): void {
  const isNamed = network.projections.some(({ through }) => through !== undefined)
  if (!Object.isFrozen(network.groups) && !isNamed) parseNetwork(formatNetwork(network))
}

function requireDataset(value: unknown, field: string): void {
  const { size, classes, classNames, labels, encode } = readObject(value, field)
  integerFrom(0)(size, `${field}.size`)
  integerFrom(1)(classes, `${field}.classes`)
  requireLabelArray(labels, classes as number, `${field}.labels`)
  if (classNames !== undefined) readClassNames(classNames, classes as number, `${field}.classNames`)
  readFunction(encode, `${field}.encode`)
  requireSamples(value as Dataset, field)
  if (labels.length !== size) throw wrongShape(`${field}.labels`, `${labels.length} labels`, `${size}, one per sample`)
  const stranger = labels.findIndex((label) => label >= (classes as number))
  if (stranger < 0) return
  throw new InputError({
    code: 'LABEL_OUT_OF_RANGE',
    field: `${field}.labels[${stranger}]`,
    found: describeValue(labels[stranger]),
    expected: `an integer from 0 to ${(classes as number) - 1}`,
  })
}
