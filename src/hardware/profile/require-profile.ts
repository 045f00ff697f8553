import { type ChipFormats, type ChipProfile, type ChipTime, chipCount, coresPerChip } from './chip-profile.js'
import { contradiction } from './contradiction.js'
import type { EnergyFigure } from './figure.js'
import { figureValue } from './figure.js'

/** Raises `InputError` CHIP_CONTRADICTION if not all that a profile says can be true. */
export function requireSoundProfile(profile: ChipProfile): void {
  requireLayout(profile)
  requireCoreProfile(profile)
  requireDelayFormat(profile.formats)
  requireWeightFormat(profile.formats)
  requireChipTime(profile.time)
  requireIncluded(Object.entries(profile.energy) as [string, EnergyFigure][])
  requireDead(profile)
}

function requireLayout({ chip, chips, routing }: ChipProfile): void {
  if (chip.topology === 'crossbar' && chip.columns * chip.rows !== 1)
    throw contradiction('chip', `a crossbar of ${chip.columns}x${chip.rows} tiles`, '1x1 tiles with all cores in them')
  const isHexagonal = chip.topology === 'hexagonalTorus' || chips.topology === 'hexagonalTorus'
  const order = isHexagonal ? 'longestFirst' : 'xy'
  if (routing.order !== order)
    throw contradiction('routing.order', `"${routing.order}"`, `"${order}", as the topology has it`)
  for (const [field, { columns, rows, cores }] of [
    ['chip', { ...chip, cores: chip.coresPerTile }],
    ['chips', { ...chips, cores: chip.columns * chip.rows * chip.coresPerTile }],
  ] as const) {
    const count = columns * rows * cores
    if (!Number.isSafeInteger(count))
      throw contradiction(field, `${count} cores`, 'a number of cores that can be counted')
  }
}

function requireCoreProfile({ core }: ChipProfile): void {
  atMost(
    'core.axonsOutPerUnit',
    figureValue(core.axonsOutPerUnit),
    figureValue(core.axonsOut),
    'axons, those of the core',
  )
  if (core.synapses?.kind !== 'crossbar') return
  const { rows, columns } = core.synapses
  atMost('core.axonsIn', figureValue(core.axonsIn), figureValue(rows), 'axons, the rows of its crossbar')
  atMost('core.neurons', figureValue(core.neurons), figureValue(columns), 'neurons, the columns of its crossbar')
}

function requireDelayFormat({ delayBits, delayMinTicks, delayMaxTicks }: ChipFormats): void {
  const [bits, least, most] = [figureValue(delayBits), figureValue(delayMinTicks), figureValue(delayMaxTicks)]
  atMost('formats.delayMinTicks', least, most, 'ticks, the longest delay')
  if (bits === null) return
  // Bits count delays from the shortest one: 4 bits tell 1 to 16 ticks apart as well as 0 to 15.
  atMost('formats.delayMaxTicks', most, (least ?? 1) + 2 ** bits - 1, `ticks, which ${bits} bits can tell`)
}

function requireWeightFormat({ weightBits, weightLevels }: ChipFormats): void {
  const bits = weightBits?.range?.[1] ?? figureValue(weightBits)
  const most = bits === null || bits === undefined ? null : 2 ** bits
  atMost('formats.weightLevels', figureValue(weightLevels), most, `levels, which ${bits} bits can tell`)
}

function atMost(field: string, value: number | null, most: number | null, what: string): void {
  if (value !== null && most !== null && value > most) throw contradiction(field, `${value}`, `at most ${most} ${what}`)
}

function requireChipTime({ mode, tick, step, barrier, tileBarrier }: ChipTime): void {
  if (mode === 'stepped' && tick === null)
    throw contradiction('time.tick', 'null', 'the model time of a tick, for the mode is "stepped"')
  const orNull = (points: readonly unknown[]) => (points.length === 0 ? null : points)
  const stepwise = { tick, step, barrier: orNull(barrier), tileBarrier: orNull(tileBarrier) }
  const stranger = Object.entries(stepwise).find(([, value]) => value !== null)
  if (mode === 'continuous' && stranger !== undefined)
    throw contradiction(`time.${stranger[0]}`, 'a value', 'nothing, for the mode is "continuous"')
  for (const [field, what, counts] of [
    ['barrier', 'chips', barrier.map(({ chips }) => chips)],
    ['tileBarrier', 'tiles', tileBarrier.map(({ tiles }) => tiles)],
  ] as const)
    counts.forEach((count, k) => {
      const before = counts[k - 1] ?? 0
      if (count > before) return
      throw contradiction(
        `time.${field}[${k}].${what}`,
        `${count} after ${before}`,
        `numbers of ${what} in ascending order`,
      )
    })
}

function requireIncluded(energies: readonly (readonly [string, EnergyFigure])[]): void {
  const known = energies.filter(([, figure]) => figureValue(figure) !== null).map(([name]) => name)
  for (const [name, figure] of energies) {
    if (figure === null || 'value' in figure || known.includes(figure.includedIn)) continue
    const expected = known.length === 0 ? 'nothing, for no energy has a value' : `one of ${known.join(', ')}`
    throw contradiction(
      `energy.${name}.includedIn`,
      JSON.stringify(figure.includedIn),
      `${expected}: a field of energy with a value`,
    )
  }
}

function requireDead(profile: ChipProfile): void {
  const { chip, chips, deadCores, deadLinks } = profile
  const [cores, count] = [coresPerChip(profile), chipCount(profile)]
  requireDistinct('deadCores', deadCores)
  requireDistinct('deadLinks', deadLinks)
  deadCores.forEach((dead, k) => {
    atMost(`deadCores[${k}].chip`, dead.chip, count - 1, 'as chips are numbered')
    atMost(`deadCores[${k}].core`, dead.core, cores - 1, 'as the cores of a chip are numbered')
  })
  const isHexagonal = chip.topology === 'hexagonalTorus' || chips.topology === 'hexagonalTorus'
  deadLinks.forEach(({ x, y, towards }, k) => {
    atMost(`deadLinks[${k}].x`, x, chip.columns * chips.columns - 1, 'as columns are numbered')
    atMost(`deadLinks[${k}].y`, y, chip.rows * chips.rows - 1, 'as rows are numbered')
    if (towards === 'northeast' && !isHexagonal)
      throw contradiction(`deadLinks[${k}].towards`, '"northeast"', '"east" or "north", the links there are')
  })
}

function requireDistinct(field: string, entries: readonly object[]): void {
  const texts = entries.map((entry) => JSON.stringify(entry))
  const again = texts.findIndex((text, k) => texts.indexOf(text) < k)
  if (again >= 0) throw contradiction(`${field}[${again}]`, `${texts[again]} twice`, 'each once')
}
