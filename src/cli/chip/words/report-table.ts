import type { ChipCongestion } from '../../../hardware/congestion/chip-congestion.js'
import type { PerLevel, StreamCounts } from '../../../hardware/counts/chip-counts.js'
import { many } from '../../../hardware/fit/percent.js'
import type { ChipReport, FigureSum } from '../../../hardware/report/chip-report.js'
import type { Level } from '../../../hardware/routing/layout.js'
import type { ChipTiming } from '../../../hardware/timing/chip-timing.js'
import { ownLines, type Shown } from '../../shown.js'
import { formatTable } from '../../table.js'
import { amountOf, energyOf, timeOf, withUnit } from './figure-words.js'
import { componentsOf, LEVELS, PHASES } from './report-words.js'

/** Of the links, the busiest. */
const MOST_LINKS = 5

/** A report, and what spike times tell beside it. */
export interface TimedReport {
  readonly report: ChipReport
  readonly congestion: ChipCongestion | null
  readonly timing: ChipTiming | null
}

/** A report as text: what travels, what it costs, what limits it, and what is not known. */
export function reportTable({ report, congestion, timing }: TimedReport): Shown {
  const { profile, placement, trials, steps, tickMs } = report
  const ticks = tickMs === null ? '' : `, ${many(steps, 'step')} of ${tickMs} ms in all`
  return ownLines(
    [
      `${profile}: ${many(placement.coresUsed, 'core')} on ${many(placement.chipsUsed, 'chip')}; ${many(trials, 'trial')}${ticks}\n\n`,
      packetTable(report),
      `\n${energyTable(report)}`,
      ...unknownLines(report),
      ...denseLines(report),
      ...timeLines(report),
      ...(timing === null ? [] : timingLines(timing)),
      ...benchmarkLines(report),
      ...(congestion === null ? [] : congestionLines(congestion)),
      ...report.notes.map((note) => `${note}\n`),
    ].join(''),
  )
}

function packetTable({ forward, backward, loss }: ChipReport): string {
  const rows = [
    row('forward', forward),
    row('backward', backward),
    row('to the loss', loss.spikes, loss.maxima),
    row('from the loss', loss.gradients),
  ]
  return formatTable(['packets', ...Object.values(LEVELS), 'links', 'bytes between tiles and chips'], rows)
}

function row(name: string, ...streams: readonly StreamCounts[]): readonly string[] {
  const levels = (Object.keys(LEVELS) as Level[]).map((level) =>
    amountOf(sumOf(streams, ({ packets }) => packets[level])),
  )
  const links = sumOf(streams, ({ linkCrossings }) =>
    Object.values(linkCrossings).reduce((sum, count) => sum + count, 0),
  )
  const bytes = streams.map(({ bytes }) => outsideOf(bytes))
  const known = bytes.every((count) => count !== null)
    ? amountOf(bytes.reduce<number>((sum, b) => sum + (b ?? 0), 0))
    : 'unknown'
  return [name, ...levels, amountOf(links), known]
}

function outsideOf({ betweenTiles, betweenChips }: PerLevel<number | null>): number | null {
  return betweenTiles === null || betweenChips === null ? null : betweenTiles + betweenChips
}

function sumOf(streams: readonly StreamCounts[], count: (stream: StreamCounts) => number): number {
  return streams.reduce((sum, stream) => sum + count(stream), 0)
}

function energyTable({ energy }: ChipReport): string {
  const rows = componentsOf(energy).map((component) => [
    component,
    ...PHASES.map((phase) => cell(energy.byPhase[phase].byComponent[component])),
    cell(energy.trainingStep.byComponent[component]),
  ])
  const sums = (['dynamic', 'static'] as const).map((kind) => [
    `all ${kind}`,
    ...PHASES.map((phase) => cell(energy.byPhase[phase][kind])),
    cell(energy.trainingStep[kind]),
  ])
  return formatTable(['energy', ...PHASES, 'training step'], [...rows, ...sums])
}

function cell(sum: FigureSum | undefined): string {
  return sum === undefined || (sum.atLeast === 0 && sum.atMost === 0) ? '-' : energyOf(sum)
}

function unknownLines({ profile, energy }: ChipReport): readonly string[] {
  const { dynamic, static: staticEnergy } = energy.trainingStep
  const unknown = [...new Set([...dynamic.unknown, ...staticEnergy.unknown])]
  return unknown.length === 0 ? [] : [`\nNot known of ${profile}: ${unknown.join(', ')}.\n`]
}

function denseLines({ energy: { denseForward } }: ChipReport): readonly string[] {
  return denseForward === null ? [] : [`\ndense time steps, forward, packets apart: ${energyOf(denseForward)}\n`]
}

function timeLines({ stepTime, seconds, trials }: ChipReport): readonly string[] {
  const each =
    seconds === null
      ? []
      : [`a trial takes ${withUnit((1e9 * seconds) / trials, ['ns', 'µs', 'ms', 's'])} of the chip's time, forward\n`]
  if (stepTime === null) return ['\n', ...each]
  const { tick, mean, busiest, keepsTick } = stepTime
  const where = busiest === null ? '' : `; core ${busiest.core} of chip ${busiest.chip} is busiest`
  const verdict = wordOf(keepsTick)
  const limit = tick === null ? 'a tick is unknown' : `a tick ${withUnit(tick, ['ns', 'µs', 'ms', 's'])}`
  return [`\nreal time: ${verdict}; a step takes ${timeOf(mean)}, ${limit}${where}\n`, ...each]
}

function timingLines({ total, mean, barrier, chips, tiles, longest }: ChipTiming): readonly string[] {
  const parts = chips === 1 ? many(tiles, 'tile') : many(chips, 'chip')
  const last =
    longest === null
      ? ''
      : `; the longest is step ${longest.step} of trial ${longest.trial}, for core ${longest.core.core} of chip ${longest.core.chip}`
  return [
    `SANA-FE's simple timing: ${timeOf(total)} for all steps, ${timeOf(mean)} each, ` +
      `${timeOf(barrier)} of them to close it on ${parts}${last}\n`,
  ]
}

function benchmarkLines({ neurobench }: ChipReport): readonly string[] {
  const { SynapticOperations: operations, Footprint, ...rest } = neurobench
  const shares = (value: number) => (Number.isInteger(value) ? amountOf(value) : value.toPrecision(4))
  return [
    `NeuroBench: ${Object.entries(rest)
      .map(([name, value]) => `${name} ${shares(value)}`)
      .join(', ')}, Footprint ${Footprint === null ? 'unknown' : `${amountOf(Footprint)} bytes`}\n`,
    `            SynapticOperations ${Object.entries(operations)
      .map(([name, value]) => `${name} ${shares(value)}`)
      .join(', ')}\n`,
  ]
}

function congestionLines({ links, window, overCapacity, unknown }: ChipCongestion): readonly string[] {
  if (links.length === 0) return []
  const shown = links.slice(0, MOST_LINKS).map(({ from, to, most, capacity, start }) => {
    const share = capacity === null ? '' : ` of ${amountOf(capacity)}`
    return `${from.x},${from.y} -> ${to.x},${to.y} ${amountOf(most)}${share} from ${start} ms`
  })
  const over =
    unknown.length > 0
      ? `what links carry is not known (${unknown.join(', ')})`
      : `${many(overCapacity, 'window')} over capacity`
  return [`busiest links, packets in ${window} ms: ${shown.join('; ')}; ${over}\n`]
}

/** Several chips beside each other. */
export function reportsSideBySide(timed: readonly Pick<TimedReport, 'report' | 'timing'>[]): Shown {
  const reports = timed.map(({ report }) => report)
  const rows = [
    ['cores', ...reports.map(({ placement }) => amountOf(placement.coresUsed))],
    ['chips', ...reports.map(({ placement }) => amountOf(placement.chipsUsed))],
    ...(Object.keys(LEVELS) as Level[]).map((level) => [
      `packets ${LEVELS[level]}, forward`,
      ...reports.map(({ forward }) => amountOf(forward.packets[level])),
    ]),
    ['values backward', ...reports.map(({ backward }) => amountOf(backward.values))],
    ...PHASES.map((phase) => [
      `dynamic, ${phase}`,
      ...reports.map(({ energy }) => cell(energy.byPhase[phase].dynamic)),
    ]),
    ['dense steps, forward', ...reports.map(({ energy }) => cell(energy.denseForward ?? undefined))],
    ['static, forward', ...reports.map(({ energy }) => cell(energy.byPhase.forward.static))],
    ['keeps its tick', ...reports.map(({ stepTime }) => wordOf(stepTime?.keepsTick ?? null))],
    ['a step, SANA-FE', ...timed.map(({ timing }) => (timing === null ? '-' : timeOf(timing.mean)))],
    ['gradients travel', ...reports.map(({ gradientsTravel }) => wordOf(gradientsTravel))],
  ]
  return formatTable(['', ...reports.map(({ profile }) => profile)], rows)
}

function wordOf(known: boolean | null): string {
  return known === null ? 'unknown' : known ? 'yes' : 'no'
}
