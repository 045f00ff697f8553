import { IMAGE_ROWS } from './images.js'
import { PATTERN_ROWS } from './patterns.js'
import { RECORDING_ROWS } from './recordings.js'
import type { ResultRow } from './row.js'
import { YIN_YANG_ROWS } from './yin-yang.js'

/** Every training of the table of results, in its order. */
export const ROWS: readonly ResultRow[] = [...YIN_YANG_ROWS, ...IMAGE_ROWS, ...PATTERN_ROWS, ...RECORDING_ROWS]
