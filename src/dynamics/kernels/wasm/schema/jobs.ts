/**
 * Work that threads share, by its number; an item is
 *
 *     pack       a lane group: its parameters are brought into rows of lanes
 *     prepare    a trial: its arrivals are brought into order
 *     forward    a lane group: all its trials
 *     emit       a trial: its spikes are brought into order
 *     backward   a lane group: all its trials, and its gradient
 *     sumBlock   a block of 32 neurons: gradient events are summed over its neurons
 *     adam       a chunk of parameters: a step of the optimiser
 *     fold       a lane group: the gradients of its trials are summed, where they run in windows
 *     settle     a lane group: what follows from its parameters, whose weights are in rows already
 *     adamRows   a lane group: a step of the optimiser over the weights of a projection, in rows
 *     weigh      a lane group: its heaviest weights are noted
 */
export const JOBS = [
  'pack',
  'prepare',
  'forward',
  'emit',
  'backward',
  'sumBlock',
  'adam',
  'fold',
  'settle',
  'adamRows',
  'weigh',
] as const

export type JobName = (typeof JOBS)[number]
