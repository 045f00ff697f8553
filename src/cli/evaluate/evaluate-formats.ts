import type { AppliedFormat, ChipFormatKind } from '../../hardware/formats/chip-formats.js'
import { evaluateSplit } from '../../learning/evaluate-split.js'
import type { DeviceNoise } from '../../learning/noise/device-noise.js'
import { type NoiseRanges, withRanges } from '../../learning/noise/with-ranges.js'
import type { Session } from '../../learning/session.js'
import type { Task } from '../../learning/task.js'

type PerFormat = Readonly<Partial<Record<ChipFormatKind, number>>>

/** What the formats of a chip do to a network; shares from 0 to 1. */
export interface FormatAccuracies {
  readonly accuracy: {
    /** Without any of them. */
    readonly exact: number
    /** With one alone. */
    readonly alone: PerFormat
    /** With all, without other noise. */
    readonly together: number
  }
  /** What they take from the exact accuracy. */
  readonly lost: { readonly alone: PerFormat; readonly together: number }
}

/**
 * Measures a network without formats, with each one alone, and with all together.
 *
 * @param ranges of what is quantised, where the network was trained with others than those of its description
 */
export async function evaluateFormats(
  session: Session,
  task: Pick<Task, 'validation' | 'test' | 'until' | 'loss'>,
  { split, batch }: { readonly split: 'validation' | 'test'; readonly batch: number },
  formats: readonly AppliedFormat[],
  ranges: NoiseRanges,
): Promise<FormatAccuracies> {
  const measure = async (parts: readonly AppliedFormat[]) => {
    const device: DeviceNoise = Object.assign({ seed: 0 }, ...parts.map(({ noise }) => noise))
    const noise = parts.length === 0 ? {} : { noise: withRanges(session.network, device, ranges) }
    return (await evaluateSplit(session, task[split], { ...task, batch, ...noise })).accuracy
  }
  const exact = await measure([])
  const alone: [ChipFormatKind, number][] = []
  for (const part of formats) alone.push([part.format, await measure([part])])
  const [only] = alone
  const together = formats.length > 1 ? await measure(formats) : (only?.[1] ?? exact)
  return {
    accuracy: { exact, alone: Object.fromEntries(alone), together },
    lost: {
      alone: Object.fromEntries(alone.map(([format, accuracy]) => [format, exact - accuracy])),
      together: exact - together,
    },
  }
}
