import { entryOf } from '../../events/by-name.js'
import { SURROGATE_DEFAULTS } from '../../learning/surrogate/surrogate-options.js'
import type { NoisePlace } from '../../learning/train-options.js'
import type { RunRecord } from '../../storage/run/run-record.js'
import type { ChipDeviceFlag } from '../chip/flags/chip-device.js'
import type { NoiseFlag } from '../noise/noise-flags.js'
import { FIELDS_OF_FORMATS } from '../noise/noise-on-chip.js'
import type { PlacementFlag } from '../run-flags.js'
import type { MethodFlags } from '../train/method-flags.js'
import { type Listener, type Warning, warn } from '../warn.js'

type Kept = Pick<RunRecord, 'flags' | 'noise' | 'formats' | 'identity'>
type Given = NoiseFlag & ChipDeviceFlag & Pick<PlacementFlag, 'chipLatency'> & Partial<MethodFlags>

/** A part of a device, and the flag that brings it about. */
interface Part {
  readonly what: string
  readonly flag: string
}

/** Tells of a device that a run was measured on, if it is measured without it or a part of it. */
export function warnOfRunDevice(terminal: Listener, json: boolean, question: RunDeviceQuestion): void {
  const found = runDeviceWarning(question)
  if (found !== null) warn(terminal, json, found)
}

interface RunDeviceQuestion {
  readonly path: string
  /** Null: it is unknown how the network was trained. */
  readonly record: Kept | null
  /** Where the noise was, as far as the preset says. */
  readonly noiseIn: NoisePlace | undefined
  readonly flags: Given
}

/** What of the device of a run no flag asks for; null: nothing. */
export function runDeviceWarning({ path, record, noiseIn, flags }: RunDeviceQuestion): Warning | null {
  if (record === null) return null
  const parts = [
    ...(flags.chip === undefined ? formatsPart(record) : []),
    ...(flags.noise === undefined ? noisePart(record, noiseIn) : []),
    ...(flags.chipLatency === true ? [] : latencyPart(record)),
    ...methodPart(record, flags),
  ]
  if (parts.length === 0) return null
  const help = `give ${parts.map(({ flag }) => flag).join(' ')} to have it the same`
  const what = parts.map((part) => part.what).join(' and ')
  return { code: 'RUN_DEVICE', message: `${path} was measured with ${what}, and is measured here without: ${help}.` }
}

function formatsPart({ formats, flags }: Kept): readonly Part[] {
  if (formats === undefined) return []
  return [{ what: `the formats of ${formats.chip}`, flag: `--chip ${flags.chip ?? formats.chip}` }]
}

/** What no chip says of the noise. */
const NO_CHANCES: ReadonlySet<string> = new Set(['seed', 'mismatch', 'weightRange', 'thresholdRange'])

function noisePart({ noise = {}, formats, flags }: Kept, presetNoiseIn: NoisePlace | undefined): readonly Part[] {
  const fields = Object.keys(noise).filter((name) => !NO_CHANCES.has(name))
  const own = formats === undefined ? fields : fields.filter((name) => !FIELDS_OF_FORMATS.has(name))
  const isMeasuredExactly = (entryOf(flags, 'noise-in') ?? presetNoiseIn) === 'train'
  if (isMeasuredExactly || (own.length === 0 && flags.noise === undefined)) return []
  const text = flags.noise === undefined ? 'FILE (the noise that its run.json keeps)' : String(flags.noise)
  return [{ what: own.length === 0 ? 'noise' : `noise (${own.join(', ')})`, flag: `--noise ${text}` }]
}

function latencyPart({ identity, flags }: Kept): readonly Part[] {
  if (identity.chipPlacement === undefined) return []
  const file = flags.placement === undefined ? 'FILE' : String(flags.placement)
  return [{ what: 'the latencies of its placement on a chip', flag: `--placement ${file} --chip-latency` }]
}

function methodPart({ flags }: Kept, { method, dt = SURROGATE_DEFAULTS.dt }: Given): readonly Part[] {
  if (flags.method !== 'surrogate') return []
  if (method === 'surrogate' && dt === (flags.dt ?? SURROGATE_DEFAULTS.dt)) return []
  const steps = flags.dt === undefined ? '' : ` --dt ${flags.dt}`
  return [{ what: 'the time steps of the surrogate method', flag: `--method surrogate${steps}` }]
}
