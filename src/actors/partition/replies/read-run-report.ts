import { byName } from '../../../events/by-name.js'
import type { SliceFiring, SliceVoltageMaxima } from '../../../learning/diagnosis/merge-diagnosis.js'
import { HARMLESS, type SquaresPart } from '../../../learning/gradient-squares.js'
import { MOST_CLASSES } from '../../../learning/labels.js'
import type { Outcome } from '../../../learning/losses/outcome.js'
import type { Maxima, ParameterKind } from '../../../learning/session.js'
import { isGiven } from '../../../network/description/given-source.js'
import { isReadout, isSpiking } from '../../../network/models/models.js'
import { ANY_NUMBER, arrayThat, doublesThat } from '../../../network/reading/read-array.js'
import { oneOfEach, tupleOf } from '../../../network/reading/read-list.js'
import { anyNumberThat, type NumberRule, readCount, readNumber } from '../../../network/reading/read-number.js'
import { nullOr, type Reader, wordOf } from '../../../network/reading/read-value.js'
import { formOf } from '../../../network/reading/read-variant.js'
import { wrongShape } from '../../../network/reading/wrong-value.js'
import { returnsGradients } from '../../group/group-ends.js'
import type { RunOrder, RunReport } from '../partition.js'
import type { HeldCore } from './held-core.js'
import type { HeldSlice } from './held-slices.js'
import { givenSpikes, returnedReader } from './read-returned.js'
import { bySlice, sameAs, sliceKey, slicesReader, trainsReader } from './read-slices.js'
import { watchReader } from './read-watch-report.js'

/** What a core reports of a run that it was ordered. */
export function runReportReader(held: HeldCore, order: RunOrder): Reader<RunReport> {
  const { run, record, report, then, learned } = order
  const { slices } = held
  const { count: trials } = run.trials
  const showsGradients = report === 'gradients'
  const hasSquares = report === 'squares'
  const readouts = slices.filter(({ described }) => isReadout(described))
  const spiking = slices.filter(({ described }) => isSpiking(described))
  const hidden = run.loss === null ? [] : spiking.filter(({ group }) => group !== run.loss?.loss.group)
  const pairs = hidden.reduce((sum, { size }) => sum + trials * size, 0)
  const read = formOf<RunReport>({
    spikes: formOf(byName(recordedTrains(held, order))) as Reader<RunReport['spikes']>,
    maxima: formOf(
      byName(readouts.filter(({ group }) => record.includes(group)).map((slice) => maximaOf(slice, trials))),
    ) as Reader<RunReport['maxima']>,
    emitted: readCount,
    outcome: outcomeReader(held, order),
    inputReturned: formOf(byName(showsGradients ? inputReturned(held, order) : [])) as Reader<
      RunReport['inputReturned']
    >,
    gradients: slicesReader(showsGradients && run.gradients ? slices : [], 'gradients'),
    squares: squaresReader(hasSquares && run.gradients ? slices : [], learned),
    step: stepReader(order),
    largest: anyNumberThat({ expected: 'a magnitude, or NaN', holds: (value) => !(value < 0) }),
    grazing: readCount,
    pairs: sameAs(pairs),
    silent: countTo(pairs),
    hiddenSpikes: readCount,
    firing: oneOfEach(
      bySlice(hasSquares ? spiking : [], (slice) => firingReader(slice, trials)),
      sliceKey,
    ),
    readouts: oneOfEach(
      bySlice(hasSquares ? readouts : [], (slice) => voltagesReader(slice, trials)),
      sliceKey,
    ),
    watched: watchReader(held, order),
  })
  return (value, field) => {
    const result = read(value, field)
    requireStep(result, then !== undefined, field)
    return result
  }
}

function countTo(most: number): Reader<number> {
  return (value, field) => {
    const count = readCount(value, field)
    if (count <= most) return count
    throw wrongShape(field, String(count), `at most ${most}`)
  }
}

/** Groups that spike, as far as they are here and recorded. */
function recordedTrains({ slices, sources }: HeldCore, { record, run }: RunOrder) {
  const { count } = run.trials
  const units = new Map([
    ...sources.map(({ name, start, end }) => [name, { start, end }] as const),
    ...slices.flatMap(({ group, start, end, described }) =>
      isReadout(described) ? [] : [[group, { start, end }] as const],
    ),
  ])
  return record.flatMap((name) => {
    const own = units.get(name)
    return own === undefined ? [] : [[name, trainsReader(count, own)] as const]
  })
}

function maximaOf({ group, size }: HeldSlice, trials: number) {
  const reader = formOf<Maxima>({ values: doublesThat(trials * size), times: doublesThat(trials * size) })
  return [group, reader] as const
}

/** The loss lives with the first neurons of its group. */
function outcomeReader({ slices, classesOf }: HeldCore, { run: { loss, trials } }: RunOrder): Reader<Outcome | null> {
  const home = loss === null ? undefined : slices.find(({ group, start }) => group === loss.loss.group && start === 0)
  if (loss === null || home === undefined) return sameAs(null)
  const classes = Math.min(MOST_CLASSES, classesOf(loss.loss, home.described.size))
  const label: NumberRule = {
    expected: `a label from 0 to ${classes - 1}, or -1`,
    holds: (value) => value >= -1 && value < classes,
  }
  return formOf<Outcome>({
    losses: tupleOf(Array.from({ length: trials.count }, () => nullOr(readNumber))),
    predictions: arrayThat(Int32Array, label, trials.count),
  })
}

/** Per source that is here: what comes back for its spikes, if they were given to it and something does. */
function inputReturned({ sources, pathways }: HeldCore, order: RunOrder) {
  return sources.map(({ name, described }) => {
    const back = order.run.gradients && isGiven(described) && returnsGradients(described, order.run)
    const ways = back ? pathways().filter(({ source }) => source.group === name) : []
    return [name, returnedReader(ways, givenSpikes(order, name) ?? 0)] as const
  })
}

/** The squares of the gradient's terms that a core holds; those of a huge gradient may be no numbers. */
export function squaresReader(
  held: readonly HeldSlice[],
  learned: readonly ParameterKind[],
): Reader<readonly SquaresPart[]> {
  const terms = held.flatMap((slice) => slice.terms).filter(({ kind }) => learned.includes(kind))
  const squares: NumberRule = { expected: 'a sum of squares, or NaN', holds: (value) => !(value < 0) }
  const readers = terms.map(({ term, blocks, nodes }) => {
    const reader = formOf<SquaresPart>({
      term: sameAs(term),
      blocks: sameAs(blocks),
      nodes: sameAs(nodes),
      sums: doublesThat(nodes.length, squares),
    })
    return [`term ${term}`, reader] as const
  })
  return oneOfEach(new Map(readers), ({ term }) => `term ${String(term)}`)
}

function stepReader({ then }: RunOrder): Reader<RunReport['step']> {
  const words = then === undefined ? (['none'] as const) : (['taken', 'declined'] as const)
  return wordOf<RunReport['step']>(words)
}

/** A step is taken where no square can overflow, and declined elsewhere. */
function requireStep({ step, largest, squares }: RunReport, isOrdered: boolean, field: string): void {
  const isHarmless = largest === 0
  if (isOrdered && (step === 'taken') !== isHarmless)
    throw wrongShape(
      `${field}.step`,
      `"${step}"`,
      `"${isHarmless ? 'taken' : 'declined'}", as the largest gradient says`,
    )
  const huge = isHarmless ? squares.findIndex(({ sums }) => sums.some((sum) => !(sum < HARMLESS))) : -1
  if (huge >= 0)
    throw wrongShape(`${field}.squares[${huge}].sums`, 'sums that could overflow', 'less, as no gradient is large')
}

function firingReader({ group, start, size }: HeldSlice, trials: number): Reader<SliceFiring> {
  const pairs = trials * size
  return formOf<SliceFiring>({
    group: sameAs(group),
    start: sameAs(start),
    spikes: doublesThat(size, COUNTS),
    pairs: sameAs(pairs),
    silent: countTo(pairs),
    saturated: countTo(pairs),
    grazing: readCount,
  })
}

const COUNTS: NumberRule = {
  expected: 'a number of spikes',
  holds: (value) => Number.isSafeInteger(value) && value >= 0,
}

function voltagesReader({ group, start, size }: HeldSlice, trials: number): Reader<SliceVoltageMaxima> {
  return formOf<SliceVoltageMaxima>({
    group: sameAs(group),
    start: sameAs(start),
    trials: sameAs(trials),
    maxima: doublesThat(size, ANY_NUMBER),
    unrisen: doublesThat(size, {
      expected: `0 to ${trials} trials`,
      holds: (value) => Number.isInteger(value) && value >= 0 && value <= trials,
    }),
  })
}
