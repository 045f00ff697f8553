import { decimal, wrongValue } from '../../network/reading/flag-values.js'

/** A field, and behind a point the name of a group or projection, or the part of a mismatch. */
const SETTING = /^([A-Za-z]+)(?:\.([^=]+))?=(.*)$/

/** The one field that takes a word. */
const WORD = 'mismatch'

/** Whether a text is a list of settings, not the path of a file. */
export function areNoiseSettings(text: string): boolean {
  return SETTING.test(text.split(',')[0] as string)
}

/** The word that stands for the noise of a chip; settings may follow it. A file of that name is ./profile. */
const PROFILE = 'profile'

/** Settings behind the word for the noise of a chip, perhaps none; null where the text begins otherwise. */
export function settingsOnProfile(text: string): string | null {
  const [first, ...settings] = text.split(',')
  return first?.trim() === PROFILE ? settings.join(',') : null
}

/**
 * Settings of a device's noise such as `jitter=0.5,spikeLoss.hidden=0.01,weightMismatch.absolute=0.1,mismatch=redrawn`, as
 * the record that a noise file would hold.
 *
 * Raises `InputError` FLAG_VALUE for what is no setting, or for a field that is given twice.
 */
export function parseNoiseSettings(text: string, flag: string): Readonly<Record<string, unknown>> {
  const fields = new Map<string, number | string | Readonly<Record<string, unknown>>>()
  for (const setting of text.split(',')) {
    const [, field, name, value] = SETTING.exec(setting.trim()) ?? []
    if (field === undefined || value === undefined)
      throw wrongValue(flag, setting, 'FIELD=VALUE or FIELD.NAME=VALUE, with commas between them')
    const entry = field === WORD ? value : decimal(value)
    if (Number.isNaN(entry)) throw wrongValue(flag, setting, `a number behind ${field}`)
    const known = fields.get(field)
    if (name === undefined) {
      if (known !== undefined) throw wrongValue(flag, setting, `${field} once`)
      fields.set(field, entry)
      continue
    }
    if (known !== undefined && (typeof known !== 'object' || Object.hasOwn(known, name)))
      throw wrongValue(flag, setting, `${field} once, or once for each name`)
    fields.set(field, { ...known, [name]: entry })
  }
  return Object.fromEntries(fields)
}
