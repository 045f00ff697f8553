import { entryOf } from '../../events/by-name.js'
import { InputError } from '../../events/errors.js'
import type { Loss } from '../../learning/loss.js'
import { requireSamples } from '../../learning/mini-batch.js'
import { readDataset, readOrigin } from '../../learning/read-arguments.js'
import { inPlaceOf, readLoss } from '../../learning/read-loss.js'
import { requireFit } from '../../learning/require-fit.js'
import type { DataSettings, Dataset, SplitName, Task, TaskOrigin } from '../../learning/task.js'
import { type RateRange, readRateRange } from '../../learning/until-spiking/rate-range.js'
import { SPIKING_RATE } from '../../learning/until-spiking/until-spiking.js'
import type { Network } from '../../network/description/network.js'
import { hasNeurons } from '../../network/models/models.js'
import { type Readers, readRequired } from '../../network/reading/read-fields.js'
import { readNetwork } from '../../network/reading/read-network.js'
import { integerFrom, readPositive } from '../../network/reading/read-number.js'
import { type Reader, readString } from '../../network/reading/read-value.js'
import type { LayeredOptions } from '../layered/layered-options.js'
import { LAYERED_READERS } from '../layered/layered-readers.js'
import type { SpikeDataset } from './create-dataset.js'
import { measuredTask, ownLoss } from './measured-task.js'
import { type SplitShares, splitDataset } from './split-dataset.js'
import { OWN_TASK_DEFAULTS, userNetwork } from './user-network.js'

/** A user-defined task; the `LayeredOptions` describe the network that it gets where none is given. */
export interface TaskDescription extends LayeredOptions {
  readonly name: string
  /** Is split by chance, see `splitDataset`. */
  readonly dataset?: Dataset
  /** Shares of the splits of `dataset`. */
  readonly shares?: SplitShares
  /** Instead of `dataset`: splits as they are. */
  readonly train?: Dataset
  readonly validation?: Dataset
  readonly test?: Dataset
  /** Length of a trial in ms. */
  readonly until: number
  /** Splits the data set, and draws what is measured for `rate`; default 0. */
  readonly seed?: number
  /** Default: layers of lif neurons, see `LayeredOptions`, between `input` and `output`. */
  readonly network?: Network
  /**
   * Default: the output that spikes first, or whose voltage is largest on the whole, is right. The latter is
   * `liIntegral('output', { tau: until, scale })`, scaled by the data until the first loss is about ln(classes).
   */
  readonly loss?: Loss
  /**
   * Spikes per neuron and trial that initial weights are scaled to, see `untilSpiking`. Default: [0.2, 2]; where a network is
   * given, it stays as it is.
   */
  readonly rate?: RateRange
  /** How partitions elsewhere make the task for themselves; never changes a result. */
  readonly origin?: TaskOrigin
}

/** Samples that the first weights are measured with. */
const MEASURED = 64

const readSamples: Reader<Dataset> = (value, field) => {
  const dataset = readDataset(value, field)
  requireSamples(dataset, field)
  return dataset
}

const TASK_READERS: Readers<Omit<TaskDescription, keyof LayeredOptions>> = {
  name: readString,
  dataset: readSamples,
  shares: (value) => value as SplitShares,
  train: readSamples,
  validation: readSamples,
  test: readSamples,
  until: readPositive,
  seed: integerFrom(0),
  network: readNetwork,
  loss: (value) => readLoss(value as Loss),
  rate: readRateRange,
  origin: readOrigin,
}

const READERS: Readers<TaskDescription> = Object.freeze({ ...TASK_READERS, ...LAYERED_READERS })

/**
 * Creates a task of user-defined data, with a network that does not start silent.
 *
 * Raises `InputError` FIELD_*, OPTION_*, SPLIT_EMPTY, LOSS_MISSING, LOSS_LABEL_RANGE for a loss group with fewer units than
 * there are classes, SAMPLE_NOT_ENCODED, naming split and sample, INPUT_* for a data set that does not fit the network;
 * RATE_UNREACHABLE when the network is first asked for, which is when it is measured.
 *
 * @example
 * const task = createTask({ name: 'clicks', dataset: createDataset({ trains, labels }), until: 100, learnDelays: true })
 */
export function createTask(description: TaskDescription): Task {
  const given = readRequired<TaskDescription, 'name' | 'until'>(description, READERS, ['name', 'until'], '$')
  const { name, until, seed = 0, origin, rate } = given
  const { settings, ...splits } = splitsOf(given)
  const described =
    given.network ?? userNetwork(given.dataset === undefined ? Object.values(splits) : [given.dataset], given)
  refuseLayers(given)
  const loss = lossFor(given, described)
  requireFit(described, loss, splits)
  const range = rate ?? (given.network === undefined ? SPIKING_RATE : null)
  const task = {
    name,
    ...(origin === undefined ? {} : { origin }),
    settings,
    ...splits,
    until,
    loss,
    network: described,
  }
  return measuredTask(task, { rate: range, seed, samples: MEASURED, scaled: given.loss === undefined })
}

type Splits = Pick<Task, SplitName> & { readonly settings: DataSettings }

function splitsOf(given: Partial<TaskDescription>): Splits {
  const { dataset, train, validation, test, shares, seed = 0 } = given
  if (dataset !== undefined) {
    const other = (
      [
        ['train', train],
        ['validation', validation],
        ['test', test],
      ] as const
    ).find(([, value]) => value !== undefined)
    if (other !== undefined) throw conflict(other[0], 'a split beside a data set that is split')
    const split = shares === undefined ? {} : { shares }
    return {
      ...splitDataset(dataset, { ...split, seed }),
      settings: {
        ...digestOf('data', dataset),
        split: seed,
        ...(shares === undefined ? {} : { shares: { ...shares } }),
      },
    }
  }
  if (shares !== undefined) throw conflict('shares', 'shares of a data set, of which there is none')
  if (train === undefined || validation === undefined || test === undefined)
    throw new InputError({
      code: 'FIELD_MISSING',
      field: 'dataset',
      found: 'nothing',
      expected: 'a data set that is split, or all of train, validation and test',
    })
  const settings = { ...digestOf('train', train), ...digestOf('validation', validation), ...digestOf('test', test) }
  return { train, validation, test, settings }
}

/** What tells the samples from others, where the data set says it. */
function digestOf(name: string, dataset: Dataset): DataSettings {
  const { digest } = dataset as Partial<SpikeDataset>
  return typeof digest === 'string' ? { [name]: digest } : {}
}

function refuseLayers(given: Partial<TaskDescription>): void {
  if (given.network === undefined) return
  const layered = Object.keys(LAYERED_READERS).find(
    (option) => entryOf<unknown>(given as Record<string, unknown>, option) !== undefined,
  )
  if (layered !== undefined) throw conflict(layered, 'an option of a layered network, beside a network that is given')
}

function conflict(field: string, found: string): InputError {
  return new InputError({ code: 'OPTION_CONFLICT', field, found, expected: 'one of both' })
}

function lossFor(given: Partial<TaskDescription>, described: Network): Loss {
  const { until = Infinity } = given
  if (given.network !== undefined) return given.loss ?? lossOf(described, until)
  const own = ownLoss({ ...OWN_TASK_DEFAULTS, ...given }, until)
  return given.loss === undefined ? own : inPlaceOf(given.loss, own)
}

function lossOf(network: Network, until: number): Loss {
  const output = network.groups.find(({ name }) => name === 'output')
  if (output !== undefined && hasNeurons(output)) return ownLoss({ readout: output.kind }, until)
  throw new InputError({
    code: 'LOSS_MISSING',
    field: 'loss',
    found: 'no loss, and no lif or li group "output" that would tell it',
    expected: 'a loss, such as firstSpike(group) or vMax(group)',
  })
}
