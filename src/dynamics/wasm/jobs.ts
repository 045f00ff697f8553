/**
 * Work that threads share, by the numbers of assembly/jobs.ts; an item is
 *
 *     pack       an octet: its parameters are brought into rows of lanes
 *     prepare    a trial: its arrivals are brought into order
 *     forward    an octet: all its trials
 *     emit       a trial: its spikes are brought into order
 *     backward   an octet: all its trials, and its gradient
 *     sumBlock   a block of 32 neurons: gradient events are summed over its neurons
 *     adam       a chunk of 8192 parameters: a step of the optimiser
 *     fold       an octet: the gradients of all its trials are summed, where they run in windows
 */
export const JOBS = { pack: 0, prepare: 1, forward: 2, emit: 3, backward: 4, sumBlock: 5, adam: 6, fold: 7 } as const

export type JobName = keyof typeof JOBS
