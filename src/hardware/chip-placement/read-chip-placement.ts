import { recordOf } from '../../network/reading/read-fields.js'
import { listOf } from '../../network/reading/read-list.js'
import { readAnyNumber } from '../../network/reading/read-number.js'
import { type Reader, readString } from '../../network/reading/read-value.js'
import type { GroupSlice } from '../../network/slices/group-slice.js'
import type { ChipPlacement, PlacedCore } from '../placement.js'

/** Numbers are checked where it is known what they can be. */
const readSlice = recordOf<GroupSlice>({ group: readString, start: readAnyNumber, end: readAnyNumber })
const readCore = recordOf<PlacedCore>({ chip: readAnyNumber, core: readAnyNumber, slices: listOf(readSlice) })

export const readChipCores: Reader<readonly PlacedCore[]> = listOf(readCore)
export const readChips = recordOf<ChipPlacement['chips']>({ columns: readAnyNumber, rows: readAnyNumber })

/** A placement, as far as TypeScript would know it; raises `FIELD_MISSING`, `FIELD_TYPE`, `FIELD_UNKNOWN`. */
export function readChipPlacement(placement: ChipPlacement): ChipPlacement {
  return recordOf<ChipPlacement>({ profile: readString, chips: readChips, cores: readChipCores })(placement, '$')
}
