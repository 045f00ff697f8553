import { entryOf } from '../events/by-name.js'
import type { DataSettings } from '../learning/task.js'
import type { Readers } from '../network/reading/read-fields.js'

type Fields<Options> = { readonly [Name in keyof Options]-?: DataSettings[string] }

/** Of the settings of a task those that its samples depend on, the ones with a reader of data. */
export function dataSettings<Options extends object>(
  settings: NoInfer<Fields<Options>>,
  readers: Readers<Options>,
): DataSettings {
  const names = Object.keys(readers)
  return Object.fromEntries(
    names.map((name) => [name, entryOf<DataSettings[string]>(settings, name) as DataSettings[string]]),
  )
}
