import { i32, layout, usize } from './layout.js'

/** The rows of one projection that are worked on, where weights are learned in rows. */
export const ROWS_AT_WORK = layout(
  {
    projection: i32,
    /** Byte offset of the first one in the rows of a lane group, and how many bytes. */
    firstRow: usize,
    rowBytes: usize,
    /** Those that anything arrived at: u32 offsets, ascending, behind which something else stands. */
    touched: usize,
    /** The gradient of the first one of the first lane group, and how far that of the next lane group is behind. */
    gradient: usize,
    gradientStride: usize,
    /** 64 bytes of zeros: the gradient of all others. */
    zeros: usize,
  },
  { prefix: 'atWork' },
)
