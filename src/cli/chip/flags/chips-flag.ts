import type { Command } from 'commander'
import { InputError } from '../../../events/errors.js'
import type { ChipsOptions } from '../../../hardware/profile/packaged-profiles.js'

export interface ChipsFlag {
  /** How many chips stand beside each other. */
  readonly chips?: ChipsOptions
}

const SIZE = /^([1-9]\d{0,3})x([1-9]\d{0,3})$/

export function addChipsFlag(command: Command): Command {
  return command.option(
    '--chips <columns>x<rows>',
    'columns and rows of chips beside each other, such as 2x2 (default: as the profile says)',
    chipsOf,
  )
}

function chipsOf(text: string): ChipsOptions {
  const [, columns, rows] = SIZE.exec(text) ?? []
  if (columns !== undefined && rows !== undefined) return { columns: Number(columns), rows: Number(rows) }
  throw new InputError({
    code: 'FLAG_VALUE',
    field: '--chips',
    found: JSON.stringify(text),
    expected: 'COLUMNSxROWS, each from 1 to 9999, such as 2x2',
  })
}
